import type { Socket } from "node:net";
import { buildConnector, Client, type Dispatcher } from "undici";
import { monotonicClock } from "../clock.ts";
import type { OutgoingPayload } from "../payload.ts";
import type { Done, Transport } from "../transport.ts";

/** Where to POST. */
export interface UploadTarget {
    url: string;
    /** Socket file to connect to, instead of the URL's host and port. */
    socketPath?: string;
}

/** undici's handler, plus a callback that its types lack: the request was written to the socket. */
type Handler = Dispatcher.DispatchHandler & { onRequestSent?(): void };

/** POSTs each payload over one kept connection and waits for the 200. */
export class HttpTransport implements Transport {
    readonly misses = 0;
    readonly staleAcks = 0;
    readonly phases = ["write", "wait", "read"];
    readonly #url: URL;
    readonly #client: Client;
    readonly #payload: OutgoingPayload;
    readonly #request: Dispatcher.DispatchOptions & { body: Buffer };
    /** One for all round trips; {@link #handler} except in phases cells. */
    readonly #plain = this.#makeHandler();
    #handler: Handler = this.#plain;
    #moments: Float64Array | undefined;
    #socket: Socket | null = null;
    #done: Done = () => {};

    constructor({ url, socketPath }: UploadTarget, payload: OutgoingPayload, roundDeadlineSeconds: number) {
        const timeout = roundDeadlineSeconds * 1000;
        const connect = buildConnector({ timeout, ...(socketPath !== undefined && { socketPath }) });
        this.#url = new URL(url);
        this.#payload = payload;
        this.#client = new Client(this.#url.origin, {
            // Nothing is pipelined: POSTs never share the connection, and one is in flight at a time. But with 1,
            // undici waits a turn of the event loop before it writes the next request, which costs about 10 us.
            pipelining: 2,
            headersTimeout: timeout,
            bodyTimeout: timeout,
            connect: (options, callback) =>
                connect(options, (...result) => {
                    [, this.#socket] = result;
                    callback(...result);
                }),
            keepAliveTimeout: 3_600_000,
            keepAliveMaxTimeout: 3_600_000,
        });
        this.#request = { path: this.#url.pathname, method: "POST", body: payload.bytes };
    }

    get moments(): Float64Array | undefined {
        return this.#moments;
    }

    set moments(moments: Float64Array | undefined) {
        this.#moments = moments;
        this.#handler = moments === undefined ? this.#plain : this.#makeNotingHandler(moments);
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

    #makeHandler(): Required<Pick<Handler, "onResponseStart">> & Handler {
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
                const { code = error.name } = error as NodeJS.ErrnoException;
                this.#done(Object.assign(new Error(`POST ${this.#url}: ${error.message || code}`), { code }));
            },
        };
    }

    /**
     * Records when the kernel had the whole request. undici reports it too early, when the socket has it; but the
     * socket keeps in user space what the kernel doesn't accept at once (at 1 MiB and more, most of it). The kernel has
     * everything once the socket's buffer is empty, and the callback of an empty write comes right after the data
     * before it.
     */
    #makeNotingHandler(moments: Float64Array): Handler {
        const written = () => {
            moments[0] = monotonicClock();
        };
        return {
            ...this.#plain,
            onRequestSent: () => {
                if (this.#socket === null || this.#socket.writableLength === 0) written();
                else this.#socket.write("", written);
            },
            onResponseStart: (controller, statusCode, headers, statusMessage) => {
                moments[1] = monotonicClock();
                this.#plain.onResponseStart(controller, statusCode, headers, statusMessage);
            },
        };
    }
}
