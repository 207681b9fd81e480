/** Which injection comes next where. Some can't go on beside others: those whose event is the cluster's, and meets all instances at once, and those that have the cluster to themselves. They come after the others. */
import { canServe, scenarioOf } from "./scenarios.ts";

/** Whether an injection is one of these. */
export function meetsAll({ scenario }: { scenario: string }): boolean {
    return scenarioOf(scenario).meetsAll ?? false;
}

/** Whether an injection has the cluster to itself; these come last of all. */
export function isAlone({ scenario }: { scenario: string }): boolean {
    return scenarioOf(scenario).isAlone ?? false;
}

/** Whether an injection can go on beside others. */
export function goesBeside(injection: { scenario: string }): boolean {
    return !meetsAll(injection) && !isAlone(injection);
}

/** Injections that wait for an instance that can serve them. */
export class Waiting<
    Where extends Parameters<typeof canServe>[0],
    Planned extends { scenario: string; topology: string },
> {
    /** Those of one scenario on one topology, with their places in the plan, and who can serve them. */
    readonly #alike: { of: string; able: Set<Where>; queue: { place: number; injection: Planned }[] }[];

    /** @param injections in the order in which they are planned */
    constructor(instances: readonly Where[], injections: readonly Planned[]) {
        const placed = injections.map((injection, place) => ({ place, injection }));
        const groups = Map.groupBy(placed, ({ injection }) => kindOf(injection));
        this.#alike = [...groups].map(([of, queue]) => ({
            of,
            able: new Set(instances.filter((one) => queue.some(({ injection }) => canServe(one, injection)))),
            queue,
        }));
    }

    /**
     * What an instance does next: of those that it can serve, the first that the fewest instances can, so that none of these is left
     * when only one instance can do it. Undefined if it can serve none.
     */
    take(instance: Where): Planned | undefined {
        const [next] = this.#alike
            .filter(({ able, queue }) => queue.length > 0 && able.has(instance))
            .sort(
                (one, other) =>
                    one.able.size - other.able.size || (one.queue[0]?.place ?? 0) - (other.queue[0]?.place ?? 0),
            );
        return next?.queue.shift()?.injection;
    }

    /** One that was taken is to be made again: after the others of its kind. */
    putBack(injection: Planned): void {
        const alike = this.#alike.find(({ of }) => of === kindOf(injection));
        alike?.queue.push({ place: Number.MAX_SAFE_INTEGER, injection });
    }
}

function kindOf({ scenario, topology }: { scenario: string; topology: string }): string {
    return `${scenario} ${topology}`;
}

/** An injection and its instance. */
export interface Placed<Where, Planned> {
    instance: Where;
    injection: Planned;
}

/**
 * Arranges them so that few events are needed: each batch shares one, and has at most one injection per instance. What no
 * instance can serve is left out.
 * @param injections in the order in which they are planned
 * @param most how many a batch may have
 */
export function batchesOf<
    Where extends Parameters<typeof canServe>[0],
    Planned extends { scenario: string; topology: string },
>(
    instances: readonly Where[],
    injections: readonly Planned[],
    most = Number.POSITIVE_INFINITY,
): Placed<Where, Planned>[][] {
    const batches: Placed<Where, Planned>[][] = [];
    for (const planned of Map.groupBy(injections, ({ scenario }) => scenario).values()) {
        for (const left = [...planned]; ; ) {
            const batch: Placed<Where, Planned>[] = [];
            for (const instance of instances) {
                const at = left.findIndex((injection) => canServe(instance, injection));
                if (at < 0 || batch.length === most) continue;
                batch.push(...left.splice(at, 1).map((injection) => ({ instance, injection })));
            }
            if (batch.length === 0) break;
            batches.push(batch);
        }
    }
    return batches;
}
