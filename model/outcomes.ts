/**
 * What became of a slot of a scenario's load, which carries one message; exactly one of these:
 * - `on-time`: acknowledged within the deadline
 * - `late`: acknowledged after it
 * - `failed`: ended with a definite error
 * - `unknown`: no answer, and the responder's ledger can't say whether it arrived
 * - `delivered-unacknowledged`: in the responder's ledger, but not acknowledged
 * - `lost`: acknowledged, but not in the responder's ledger
 * - `not-offered`: there was no initiator to send it
 */
export const outcomes = [
    "on-time",
    "late",
    "failed",
    "unknown",
    "delivered-unacknowledged",
    "lost",
    "not-offered",
] as const;
export type Outcome = (typeof outcomes)[number];

/** Outcomes of messages that never arrived, or are not known to have arrived. */
const undelivered = ["failed", "unknown", "lost", "not-offered"] as const;

/** Messages of one or more injections that never arrived, or are not known to have. @param counts slots by outcome */
export function undeliveredOf(counts: Readonly<Record<Outcome, number>>): number {
    return undelivered.reduce((total, outcome) => total + counts[outcome], 0);
}
