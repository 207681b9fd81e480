import type { Show } from "../terminal/steps.ts";
import { answerInTime, type Cluster, isAnswer, reasonOf } from "./cluster.ts";
import { now, Silence, timeIn } from "./silence.ts";

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
    private readonly timer: NodeJS.Timeout;

    constructor(cluster: Cluster, namespace: string, show: Show) {
        const { promise, resolve } = Promise.withResolvers<string>();
        this.lost = promise;
        const silence = new Silence(cluster.server);
        const began = now();
        let troubledAt: number | undefined;
        let isLooking = false;
        const noticeTrouble = (trouble: string) => {
            troubledAt ??= now();
            const left = troubledAt + limits.onLostNode - now();
            if (left <= 0) resolve(trouble);
            else if (now() - began > limits.long) show(`${trouble}; removing waits for it until ${timeIn(left)}`);
        };
        const look = async () => {
            try {
                const trouble = await answerInTime(cluster.nodeTrouble(namespace));
                silence.answered();
                if (trouble === undefined) troubledAt = undefined;
                else noticeTrouble(`Pods can't end: ${trouble}`);
            } catch (error) {
                if (isAnswer(error)) return silence.answered();
                const who = silence.text(reasonOf(error));
                if (who === undefined) return;
                const left = limits.silent - silence.seconds;
                if (left <= 0) resolve(who);
                else show(`${who}; removing waits for it until ${timeIn(left)}`);
            }
        };
        this.timer = setInterval(async () => {
            if (isLooking) return;
            isLooking = true;
            await look();
            isLooking = false;
        }, 1000);
    }

    stop(): void {
        clearInterval(this.timer);
    }
}
