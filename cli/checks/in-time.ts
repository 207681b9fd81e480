import { reasonOf } from "../cluster/cluster.ts";
import { failure, type Outcome } from "./check.ts";

/**
 * Waits for something no longer than a signal allows. What is still under way then goes on unheard.
 * @throws the signal's reason once it is aborted; else what the work throws
 */
export async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    work.catch(() => {}); // it may fail when nobody waits any more
    signal.throwIfAborted();
    const { promise: late, reject } = Promise.withResolvers<never>();
    const giveUp = () => reject(signal.reason);
    signal.addEventListener("abort", giveUp);
    try {
        return await Promise.race([work, late]);
    } finally {
        signal.removeEventListener("abort", giveUp);
    }
}

/** What to do where the cluster didn't say something. */
export const askAgain = "check that the API server answers, and start again";

/**
 * The outcome of a check that may hang or fail: what does not answer in time, or with an error, is a failure that says so.
 * @param what is asked, e.g. `Permissions of context "kind"`
 * @param untold makes the outcome of such a detail, where it is not that of a cluster that a run needs
 * @throws the signal's reason if that is not the end of the time (Ctrl-C)
 */
export async function outcomeInTime(
    what: string,
    work: Promise<Outcome>,
    signal: AbortSignal,
    untold: (detail: string) => Outcome = (detail) => failure(detail, askAgain),
): Promise<Outcome> {
    try {
        return await inTime(work, signal);
    } catch (error) {
        const isLate = signal.aborted && error === signal.reason;
        if (isLate && !isTimeout(signal)) throw error;
        const reason = isLate ? "no answer in time" : reasonOf(error);
        return untold(`${what} can't be told (${reason})`);
    }
}

/** Whether the time is over; else a signal that is aborted is so by the user. */
export function isTimeout({ reason }: AbortSignal): boolean {
    return reason instanceof DOMException && reason.name === "TimeoutError";
}
