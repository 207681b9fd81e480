import type { Outcome } from "../model/outcomes.ts";

/** What the initiator knows of a slot. */
export type Sent =
    /** Acknowledged so many seconds after it was due. */
    | { kind: "acknowledged"; seconds: number }
    /** It ended with a definite error. */
    | { kind: "failed" }
    /** Sent, without any answer. */
    | { kind: "unanswered" }
    /** No initiator is known to have sent it. */
    | { kind: "not-offered" };

/** How often a message is in the responder's ledger; undefined if the ledger is gone, or doesn't reach that far. */
export type Received = number | undefined;

/**
 * What became of a slot, from what both ends know. An acknowledgement counts even if the ledger is gone with its Pod: it can
 * then only not be shown that the message was lost.
 * @param deadlineSeconds within which an acknowledgement is on time
 */
export function outcomeOf(sent: Sent, received: Received, deadlineSeconds: number): Outcome {
    // An initiator that died may have sent it without a report; then only a ledger that outlived it knows.
    if (sent.kind === "not-offered") return received ? "delivered-unacknowledged" : "not-offered";
    if (sent.kind === "acknowledged") {
        if (received === 0) return "lost";
        return sent.seconds <= deadlineSeconds ? "on-time" : "late";
    }
    if (received === undefined) return sent.kind === "failed" ? "failed" : "unknown";
    return received > 0 ? "delivered-unacknowledged" : "failed";
}
