import { Client, type Dispatcher } from "undici";
import type { OutgoingPayload } from "../payload.ts";
import type { Done, Transport } from "../transport.ts";

/** POSTs each payload over one kept connection and waits for the 200. */
export class HttpTransport implements Transport {
    readonly misses = 0;
    readonly staleAcks = 0;
    readonly #url: URL;
    readonly #client: Client;
    readonly #payload: OutgoingPayload;
    readonly #request: Dispatcher.DispatchOptions & { body: Buffer };
    readonly #handler: Dispatcher.DispatchHandler;
    #done: Done = () => {};

    constructor(uploadUrl: string, payload: OutgoingPayload, roundDeadlineSeconds: number) {
        this.#url = new URL(uploadUrl);
        this.#payload = payload;
        this.#client = new Client(this.#url.origin, {
            // No pipelining takes place: POSTs never share the connection, and one is in flight at a time. But with 1,
            // undici waits a turn of the event loop before it writes the next request, which costs about 10 us.
            pipelining: 2,
            headersTimeout: roundDeadlineSeconds * 1000,
            bodyTimeout: roundDeadlineSeconds * 1000,
            connectTimeout: roundDeadlineSeconds * 1000,
            keepAliveTimeout: 3_600_000,
            keepAliveMaxTimeout: 3_600_000,
        });
        this.#request = { path: this.#url.pathname, method: "POST", body: payload.bytes };
        this.#handler = this.#makeHandler();
    }

    async open(): Promise<void> {
        this.#request.body = this.#payload.bytes;
    }

    roundTrip(done: Done): void {
        this.#done = done;
        this.#payload.next();
        this.#client.dispatch(this.#request, this.#handler);
    }

    close(): Promise<void> {
        return this.#client.destroy();
    }

    /** One handler for all rounds. */
    #makeHandler(): Dispatcher.DispatchHandler {
        let status = 0;
        let answer = "";
        return {
            onRequestStart: () => {},
            onResponseStart: (_controller, statusCode) => {
                status = statusCode;
            },
            onResponseData: (_controller, chunk) => {
                if (status !== 200) answer += chunk;
            },
            onResponseEnd: () => {
                if (status === 200) return this.#done();
                const said = answer.slice(0, 300);
                answer = "";
                this.#done(new Error(`POST ${this.#url}: answered ${status} ${said}, expected 200`));
            },
            onResponseError: (_controller, error) => {
                this.#done(
                    new Error(`POST ${this.#url}: ${error.message || ("code" in error ? error.code : error.name)}`),
                );
            },
        };
    }
}
