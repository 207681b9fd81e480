import type { IncomingPayload } from "./payload.ts";
import type { TrialHandlers } from "./trial-child.ts";

/** What a responder's measured process does besides responding. */
export function responder(payload: IncomingPayload, close: () => Promise<void>): TrialHandlers {
    return { received: async () => payload.describe(), close };
}
