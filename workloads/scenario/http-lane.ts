import { buildConnector, Client, type Dispatcher } from "undici";
import type { HttpCourier, HttpFlow } from "./http-courier.ts";
import { OutgoingMessage } from "./message.ts";
import { none } from "./sequence-queue.ts";

/** One request at a time, over one connection or over a new one for each. */
export class HttpLane {
    /** The message on its way, or none. */
    sequence = none;
    readonly #client: Client;
    readonly #courier: HttpCourier;
    readonly #message: OutgoingMessage;
    readonly #request: Dispatcher.DispatchOptions;
    #controller: Dispatcher.DispatchController | undefined;
    #status = 0;
    #isClosed = false;

    constructor({ url, payloadBytes, connectSeconds, isFresh }: HttpFlow, courier: HttpCourier) {
        this.#courier = courier;
        this.#message = new OutgoingMessage(payloadBytes);
        this.#request = { path: url.pathname, method: "POST", body: this.#message.bytes };
        this.#client = new Client(url.origin, {
            // 0: the request says `connection: close`.
            pipelining: isFresh ? 0 : 1,
            connect: buildConnector({ timeout: 1000 * connectSeconds }),
            // The load gives up what takes too long.
            headersTimeout: 0,
            bodyTimeout: 0,
            keepAliveTimeout: 3_600_000,
            keepAliveMaxTimeout: 3_600_000,
        });
    }

    /** Connects if it must, and sends the message that it takes then. */
    open(): void {
        this.#controller = undefined;
        this.#client.dispatch(this.#request, this.#handler);
    }

    /** Ends the request on its way, with its connection. */
    abort(): void {
        this.#controller?.abort(new Error("no answer in time"));
    }

    async close(): Promise<void> {
        this.#isClosed = true;
        await this.#client.destroy();
    }

    /** The next message waits no longer: the buffer is the request's body, which undici writes only after the start. */
    readonly #start = (controller: Dispatcher.DispatchController): void => {
        this.#controller = controller;
        this.sequence = this.#courier.take();
        if (this.sequence === none) controller.abort(new Error("nothing to send any more"));
        else this.#message.write(this.sequence);
    };

    readonly #handler: Dispatcher.DispatchHandler = {
        onRequestStart: this.#start,
        onResponseStart: (_controller, status) => {
            this.#status = status;
        },
        onResponseData: () => {},
        onResponseEnd: () => this.#courier.answered(this, this.#leave(), this.#status === 200),
        onResponseError: () => {
            if (this.#isClosed) return;
            if (this.#controller === undefined) this.#courier.unconnected(this);
            else this.#courier.broken(this, this.#leave());
        },
    };

    #leave(): number {
        const { sequence } = this;
        this.sequence = none;
        return sequence;
    }
}
