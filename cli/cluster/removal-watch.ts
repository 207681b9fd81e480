import type { Show } from "../terminal/steps.ts";
import { answerInTime, type Cluster } from "./cluster.ts";
import { everySecond, now, Silence, timeIn } from "./silence.ts";

/** Limits in seconds. */
const limits = {
    /** Silence that ends removing: what was measured is saved, and the command to go on is named. */
    silent: 90,
    /** Time after which it is said that the remaining Pods' node can't go on. */
    long: 20,
    /** The same that ends removing: Pods of a lost node never end. */
    onLostNode: 60,
} as const;

/** Shows who keeps a stack from being removed, which Pulumi's engine does not. */
export class RemovalWatch {
    /** Resolves with the reason if there is nothing left to wait for. */
    readonly lost: Promise<string>;
    readonly stop: () => void;
    private readonly end: (reason: string) => void;
    private readonly cluster: Cluster;
    private readonly namespace: string;
    private readonly show: Show;
    private readonly silence: Silence;
    /** Times of {@link now}. */
    private readonly began = now();
    private troubledAt: number | undefined;

    constructor(cluster: Cluster, namespace: string, show: Show) {
        const { promise, resolve } = Promise.withResolvers<string>();
        this.lost = promise;
        this.end = resolve;
        this.cluster = cluster;
        this.namespace = namespace;
        this.show = show;
        this.silence = new Silence(cluster.server);
        this.stop = everySecond(() => this.look());
    }

    private async look(): Promise<void> {
        try {
            const trouble = await answerInTime(this.cluster.nodeTrouble(this.namespace));
            this.silence.answered();
            if (trouble === undefined) this.troubledAt = undefined;
            else this.noticeTrouble(`Pods can't end: ${trouble}`);
        } catch (error) {
            const who = this.silence.failed(error);
            if (who !== undefined) this.waitFor(who, limits.silent - this.silence.seconds);
        }
    }

    private noticeTrouble(trouble: string): void {
        this.troubledAt ??= now();
        const left = this.troubledAt + limits.onLostNode - now();
        if (left <= 0 || now() - this.began > limits.long) this.waitFor(trouble, left);
    }

    private waitFor(reason: string, left: number): void {
        if (left <= 0) this.end(reason);
        else this.show(`${reason}; removing waits for it until ${timeIn(left)}`);
    }
}
