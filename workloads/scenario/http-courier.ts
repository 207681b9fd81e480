import type { Channel } from "./channel.ts";
import { HttpLane } from "./http-lane.ts";
import type { Load } from "./load.ts";
import { none, SequenceQueue } from "./sequence-queue.ts";

/** Connections at once if each message has its own. */
const mostConnections = 64;

/** How a flow is sent over HTTP. */
export interface HttpFlow {
    /** URL to POST to; its last segment names the flow. */
    url: URL;
    payloadBytes: number;
    /** After which a connection that isn't established has failed. */
    connectSeconds: number;
    /** Whether each message has a new connection. Otherwise all share one, in order, each after the answer to the one before. */
    isFresh: boolean;
    slots: number;
}

/**
 * POSTs messages. Those that wait for a connection are in a queue here and not in undici, so that one whose time is over is
 * never sent; a connection takes the first one when it is established. A request without an answer in time is aborted with its
 * connection.
 */
export class HttpCourier implements Channel {
    readonly #flow: HttpFlow;
    readonly #load: Load;
    readonly #waiting: SequenceQueue;
    readonly #lanes: HttpLane[] = [];
    readonly #idle: HttpLane[] = [];
    /** Lanes that have no message yet. */
    #opening = 0;

    constructor(flow: HttpFlow, load: Load) {
        this.#flow = flow;
        this.#load = load;
        this.#waiting = new SequenceQueue(flow.slots);
    }

    async open(): Promise<void> {}

    send(sequence: number): void {
        this.#waiting.push(sequence);
        this.#useLanes();
    }

    giveUp(sequence: number): void {
        if (this.#waiting.remove(sequence)) this.#load.failed(sequence, true);
        else this.#lanes.find((lane) => lane.sequence === sequence)?.abort();
    }

    async close(): Promise<void> {
        await Promise.all(this.#lanes.map((lane) => lane.close()));
    }

    /** A lane that can send takes a message. */
    take(): number {
        this.#opening -= 1;
        return this.#waiting.shift();
    }

    /** A lane has an answer. @param isGood whether it is a 200 */
    answered(lane: HttpLane, sequence: number, isGood: boolean): void {
        if (isGood) this.#load.acknowledged(sequence);
        else this.#load.failed(sequence, true);
        this.#idle.push(lane);
        this.#useLanes();
    }

    /** A lane's connection ended without an answer to its message. */
    broken(lane: HttpLane, sequence: number): void {
        if (sequence !== none) this.#load.failed(sequence, false);
        this.#again(lane);
    }

    /** A lane has no connection: its message, or all that wait for the only connection, were certainly not sent. */
    unconnected(lane: HttpLane): void {
        this.#opening -= 1;
        do {
            const sequence = this.#waiting.shift();
            if (sequence === none) break;
            this.#load.failed(sequence, true);
        } while (!this.#flow.isFresh);
        this.#again(lane);
    }

    /** Later, since undici is still busy with the end of the request. */
    #again(lane: HttpLane): void {
        setImmediate(() => {
            this.#idle.push(lane);
            this.#useLanes();
        });
    }

    #useLanes(): void {
        while (this.#opening < this.#waiting.length) {
            const lane = this.#idle.pop() ?? this.#addLane();
            if (lane === undefined) return;
            this.#opening += 1;
            lane.open();
        }
    }

    #addLane(): HttpLane | undefined {
        if (this.#lanes.length === (this.#flow.isFresh ? mostConnections : 1)) return undefined;
        const lane = new HttpLane(this.#flow, this);
        this.#lanes.push(lane);
        return lane;
    }
}
