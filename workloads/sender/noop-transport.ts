import type { OutgoingPayload } from "../payload.ts";
import type { Done, Transport } from "../transport.ts";

/** Hands over nothing and is done at once: it measures the harness itself. */
export class NoopTransport implements Transport {
    readonly misses = 0;
    readonly staleAcks = 0;
    readonly #payload: OutgoingPayload;

    constructor(payload: OutgoingPayload) {
        this.#payload = payload;
    }

    async open(): Promise<void> {}

    roundTrip(done: Done): void {
        this.#payload.next();
        done();
    }

    async close(): Promise<void> {}
}
