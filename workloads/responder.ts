import type { Payload, Prepare } from "./agent/api.ts";
import type { IncomingPayload } from "./payload.ts";
import type { TrialHandlers } from "./trial-child.ts";

/** The receiving end of an arm. */
export interface Responder {
    /** Makes everything ready for a cell; not timed, and never while a payload comes. */
    prepare(cell: Prepare): Promise<void>;
    /** One for each lane of the prepared cell; those of others hold nothing. */
    payloads(): Iterable<IncomingPayload>;
    close(): Promise<void>;
}

/** What a responder's measured process does besides responding. */
export function responder(end: Responder): TrialHandlers {
    return {
        async prepare(cell: Prepare): Promise<Payload[]> {
            await end.prepare(cell);
            return [];
        },
        async received(): Promise<Payload[]> {
            const held = [...end.payloads()].flatMap((payload) => payload.describe() ?? []);
            return held.sort((one, other) => one.sequence - other.sequence); // sequence numbers grow by lane
        },
        close: () => end.close(),
    };
}

/** The responder of an arm that hands nothing over. */
export function nobody(): Responder {
    return { prepare: async () => {}, payloads: () => [], close: async () => {} };
}
