import { reasonOf } from "../cluster/cluster.ts";
import { failure, type Outcome } from "./check.ts";

/**
 * Waits for something until a signal is aborted. Work that is still running then continues, and its outcome is ignored.
 * @throws the signal's reason once it is aborted; else what the work throws
 */
export async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    work.catch(() => {}); // it may fail after the waiting ended
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

/** What to do if the cluster did not answer. */
export const askAgain = "check that the API server answers, then start again";

/**
 * The outcome of a check that may hang or fail: no answer in time, or an error, becomes a failure that says so.
 * @param what is asked, e.g. `Permissions of context "kind"`
 * @param unanswered makes the outcome from such a detail; by default a failure of the cluster
 * @throws the signal's reason if that is not a timeout (Ctrl-C)
 */
export async function outcomeInTime(
    what: string,
    work: Promise<Outcome>,
    signal: AbortSignal,
    unanswered: (detail: string) => Outcome = (detail) => failure(detail, askAgain),
): Promise<Outcome> {
    try {
        return await inTime(work, signal);
    } catch (error) {
        const isLate = signal.aborted && error === signal.reason;
        if (isLate && !isTimeout(signal)) throw error;
        const reason = isLate ? "no answer in time" : reasonOf(error);
        return unanswered(`${what} can't be determined (${reason})`);
    }
}

/** Whether a signal was aborted by a timeout, not by the user. */
export function isTimeout({ reason }: AbortSignal): boolean {
    return reason instanceof DOMException && reason.name === "TimeoutError";
}
