/** How long injections take, if each recovers as it usually does. */
import { sham } from "../../model/scenarios.ts";
import { batchesOf, goesBeside, isAlone, meetsAll, Waiting } from "./batches.ts";
import { apartSeconds } from "./scenario.ts";
import { type canServe, scenarioOf } from "./scenarios.ts";

/** Around the event of each injection, in seconds: starting its Pods, traffic before it, 30 s of recovery, ending its Pods. */
const aroundSeconds = 5 + 8 + 30 + 2;

/** An instance, and in how many seconds it is free. */
export interface Busy {
    instance: Parameters<typeof canServe>[0];
    seconds: number;
}

/**
 * Seconds until all injections are done.
 * @param instances in the order in which the driver begins with them
 * @param injections in the order in which they are planned
 */
export function secondsUntilDone(
    instances: readonly Busy[],
    injections: readonly { scenario: string; topology: string }[],
): number {
    const busy = instances.map((one) => ({ ...one }));
    const waiting = new Waiting(
        instances.map(({ instance }) => instance),
        injections.filter(goesBeside),
    );
    // As the driver does it: whoever is free first takes the next.
    for (const idle = new Set(busy); idle.size > 0; ) {
        const first = [...idle].reduce((one, other) => (other.seconds < one.seconds ? other : one));
        const next = waiting.take(first.instance);
        if (next === undefined) idle.delete(first);
        else first.seconds += usualSecondsOf(next.scenario);
    }
    const longest = Math.max(0, ...busy.map(({ seconds }) => seconds));
    // Then what meets all of them at once, which begin one after the other.
    const together = batchesOf(
        busy.map(({ instance }) => instance),
        injections.filter(meetsAll),
    ).map((batch) => usualSecondsOf(batch[0]?.injection.scenario ?? sham) + apartSeconds * (batch.length - 1));
    const alone = injections.filter(isAlone).map(({ scenario }) => usualSecondsOf(scenario));
    return [...together, ...alone].reduce((sum, seconds) => sum + seconds, longest);
}

/** Of one injection, from the start of its Pods until they are gone. */
export function usualSecondsOf(name: string): number {
    const { usualSeconds, phaseSeconds } = scenarioOf(name);
    return aroundSeconds + phaseSeconds / 2 + usualSeconds;
}
