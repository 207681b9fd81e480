import { entryOf } from "../../../model/ledger.ts";
import type { Message } from "../../../statistics/flow.ts";
import type { Sent } from "../../../statistics/outcome.ts";
import type { PodView, Stage } from "../../injections/scenario.ts";
import { type Ended, endings, type Records } from "../../scenario/api.ts";

/** What one process of the initiator has offered. */
interface Offered {
    /** Uid of its Pod. */
    pod: string;
    from: number;
    next: number;
    /** Records read so far. */
    read: number;
    isDone: boolean;
    cpuSeconds: number;
}

/** What the initiators of one flow of an injection say, read while they live. Several may live at once, during a rollout say. */
export class FlowLog {
    readonly flow: string;
    readonly #processes = new Map<string, Offered>();
    /** Messages that have ended, by the Pod's uid and their sequence. */
    readonly #ended = new Map<string, Map<number, Ended>>();
    /** The newest process of each Pod, and a request to it that is under way, by the Pod's uid. */
    readonly #newest = new Map<string, string>();
    readonly #asking = new Map<string, Promise<void>>();
    /** Pods whose end is waited for. */
    #live: string[] = [];

    constructor(flow: string) {
        this.flow = flow;
    }

    /**
     * Reads what has ended since the last call. A Pod that is ending is asked as well, but not waited for: it may be gone.
     * @throws Error if another one does not answer, or there is none
     */
    async read(stage: Stage): Promise<void> {
        const live = stage.live("initiator");
        for (const pod of stage.pods("initiator").filter(({ isEnding }) => isEnding))
            void this.#readOf(stage, pod).catch(() => {});
        this.#live = live.map(({ uid }) => uid);
        if (live.length === 0) throw new Error(`${stage.instance.name}: there is no initiator`);
        await Promise.all(live.map((pod) => this.#readOf(stage, pod)));
    }

    /** Whether the processes that live have ended all that they offered. */
    get isDone(): boolean {
        return this.#live.length > 0 && this.#live.every((uid) => this.#newestOf(uid)?.isDone ?? false);
    }

    /** The slot after the last one that was offered; 0 before any. */
    get next(): number {
        return Math.max(0, ...[...this.#processes.values()].map(({ next }) => next));
    }

    /** CPU seconds of all processes. */
    get cpuSeconds(): number {
        return [...this.#processes.values()].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
    }

    /** How late this program offered the messages from a slot on that have ended, in seconds, in no order. */
    latenessFrom(slot: number): number[] {
        const ended = [...this.#ended.values()].flatMap((ofPod) => [...ofPod.values()]);
        return ended.filter(([sequence]) => sequence >= slot).map(([, , , lateness]) => lateness / 1e6);
    }

    /** How many processes offered something. */
    get processes(): number {
        return this.#processes.size;
    }

    /**
     * The Pods that offered something: the first slot of each, the one after the last that it is known to have offered, and whether
     * it offers no more because it was stopped.
     */
    get pods(): { uid: string; from: number; next: number; isDone: boolean }[] {
        const byPod = Map.groupBy(this.#processes.values(), ({ pod }) => pod);
        return [...byPod].map(([uid, processes]) => ({
            uid,
            from: Math.min(...processes.map(({ from }) => from)),
            next: Math.max(...processes.map(({ next }) => next)),
            isDone: this.#newestOf(uid)?.isDone ?? false,
        }));
    }

    /**
     * What is known of the first `slots` messages.
     * @param ledger a byte each; undefined where the ledger can't say
     * @param pod uid of the only Pod whose messages count. @default all: a message counts as one of them has it best
     */
    messages(slots: number, ledger: (sequence: number) => number | undefined, pod?: string): Message[] {
        const processes = [...this.#processes.values()].filter((process) => pod === undefined || process.pod === pod);
        const logs = pod === undefined ? [...this.#ended.values()] : [this.#ended.get(pod) ?? new Map<number, Ended>()];
        return Array.from({ length: slots }, (_, sequence) => {
            const byte = ledger(sequence);
            const ended = logs.reduce<Ended | undefined>((best, log) => better(best, log.get(sequence)), undefined);
            const lateness = ended?.[3];
            return {
                sent: sentOf(sequence, ended, processes),
                received: byte === undefined ? undefined : entryOf(byte),
                ...(lateness !== undefined && { lateness: lateness / 1e6 }),
            };
        });
    }

    /** One request at a time. */
    #readOf(stage: Stage, pod: PodView): Promise<void> {
        const asking = this.#asking.get(pod.uid);
        if (asking !== undefined) return asking;
        const asked = this.#ask(stage, pod).finally(() => this.#asking.delete(pod.uid));
        this.#asking.set(pod.uid, asked);
        return asked;
    }

    async #ask(stage: Stage, pod: PodView): Promise<void> {
        for (;;) {
            const known = this.#newestOf(pod.uid)?.read ?? 0;
            const path = `/scenario/records?flow=${this.flow}&after=${known}`;
            const found = await stage.agent<Records>("initiator", "GET", path, undefined, pod);
            const { bootId, from, next, isDone, cpuSeconds, ended } = found;
            const isAnother = bootId !== this.#newest.get(pod.uid);
            this.#newest.set(pod.uid, bootId);
            if (isAnother && known > 0) continue; // another process: from its beginning
            for (const one of ended) this.#keep(pod.uid, one);
            this.#processes.set(bootId, { pod: pod.uid, from, next, read: known + ended.length, isDone, cpuSeconds });
            if (ended.length === 0 || isDone) return;
        }
    }

    /** Several processes of a Pod may have offered the same message. */
    #keep(uid: string, one: Ended): void {
        const ofPod = this.#ended.get(uid) ?? new Map<number, Ended>();
        const other = ofPod.get(one[0]);
        ofPod.set(one[0], better(other, one));
        this.#ended.set(uid, ofPod);
    }

    #newestOf(uid: string): Offered | undefined {
        return this.#processes.get(this.#newest.get(uid) ?? "");
    }
}

/** @param ended how it ended; undefined if that is not known @param processes that could have offered it */
function sentOf(sequence: number, ended: Ended | undefined, processes: readonly Offered[]): Sent {
    if (ended?.[1] === endings.acknowledged) return { kind: "acknowledged", seconds: ended[2] / 1e6 };
    if (ended !== undefined) return { kind: ended[1] === endings.failed ? "failed" : "unanswered" };
    const wasOffered = processes.some(({ from, next }) => from <= sequence && sequence < next);
    return { kind: wasOffered ? "unanswered" : "not-offered" };
}

/** Of two ends of a message that was offered twice: an acknowledgement, and of two the earlier one; else the later end. */
function better<One extends Ended | undefined>(before: Ended | undefined, one: One): Ended | One {
    if (before === undefined) return one;
    if (one === undefined) return before;
    const [wasAcknowledged, isAcknowledged] = [before, one].map(([, ending]) => ending === endings.acknowledged);
    return wasAcknowledged && !(isAcknowledged && one[2] < before[2]) ? before : one;
}
