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

/**
 * The injection that an instance does next: of those that it can serve, the first that the fewest instances can, so that none of these is
 * left when only one instance can do it.
 * @param left in the order in which they are planned
 * @returns its position; -1 if the instance can serve none
 */
export function nextFor(
    instance: Parameters<typeof canServe>[0],
    left: readonly { scenario: string; topology: string }[],
    instances: readonly Parameters<typeof canServe>[0][],
): number {
    const known = new Map<string, number>();
    const ableOf = (injection: { scenario: string; topology: string }) => {
        const key = `${injection.scenario} ${injection.topology}`;
        const able = known.get(key) ?? instances.filter((one) => canServe(one, injection)).length;
        known.set(key, able);
        return able;
    };
    let [found, fewest] = [-1, Number.POSITIVE_INFINITY];
    for (const [at, injection] of left.entries()) {
        if (ableOf(injection) >= fewest || !canServe(instance, injection)) continue;
        [found, fewest] = [at, ableOf(injection)];
    }
    return found;
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
 */
export function batchesOf<
    Where extends Parameters<typeof canServe>[0],
    Planned extends { scenario: string; topology: string },
>(instances: readonly Where[], injections: readonly Planned[]): Placed<Where, Planned>[][] {
    const batches: Placed<Where, Planned>[][] = [];
    for (const planned of Map.groupBy(injections, ({ scenario }) => scenario).values()) {
        for (const left = [...planned]; ; ) {
            const batch = instances.flatMap((instance) => {
                const at = left.findIndex((injection) => canServe(instance, injection));
                return at < 0 ? [] : left.splice(at, 1).map((injection) => ({ instance, injection }));
            });
            if (batch.length === 0) break;
            batches.push(batch);
        }
    }
    return batches;
}
