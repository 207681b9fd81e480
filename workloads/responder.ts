import type { Payload, Prepare } from "./agent/api.ts";
import type { IncomingPayload } from "./payload.ts";
import type { TrialHandlers } from "./trial-child.ts";

/** The receiving end of an arm. */
export interface Responder {
    /** Prepares for a cell; not timed, and never called while a payload arrives. */
    prepare(cell: Prepare): Promise<void>;
    /** One for each lane of the prepared cell; those of other lanes hold nothing. */
    payloads(): Iterable<IncomingPayload>;
    close(): Promise<void>;
}

/** Handlers of a responder's measured process. */
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

/** The responder of an arm that hands over nothing. */
export function nobody(): Responder {
    return { prepare: async () => {}, payloads: () => [], close: async () => {} };
}
