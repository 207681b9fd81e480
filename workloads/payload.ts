import { createHash } from "node:crypto";
import { seededRandom } from "../statistics/random.ts";
import type { Payload, StartTrial } from "./agent/api.ts";

/** Every payload starts with its sequence number, 64 bits, little-endian; the rest is one repeated byte, or random. */
const headerBytes = 8;
const filler = 0x61;
/** Sequence numbers of lane k start at k times this, so that no two messages of a trial share one. */
const sequencesPerLane = 2 ** 46;

/** The payloads of a lane, all in one buffer, allocated once. */
export class OutgoingPayload {
    /** The current payload: {@link open} changes it, {@link next} its first bytes. */
    bytes!: Buffer;
    /** Only the sequence number: a payload that isn't timed. */
    smallest!: Buffer;
    /** Sequence number of the current message; keeps counting over all cells of the trial. */
    sequence: number;
    readonly #trial: OutgoingTrial;
    readonly #lane: number;
    #header!: Uint32Array;
    #whole!: Buffer;

    /**
     * @param lane from 0
     * @param largest initial size of the buffer in bytes; a larger payload allocates a new one
     */
    constructor(trial: OutgoingTrial, lane = 0, largest = trial.maxSize) {
        this.#trial = trial;
        this.#lane = lane;
        this.sequence = lane * sequencesPerLane;
        this.#make(largest);
    }

    /** Messages of this lane so far. */
    get messages(): number {
        return this.sequence - this.#lane * sequencesPerLane;
    }

    /** @throws RangeError if the size is above the trial's largest */
    open(size: number): void {
        const { maxSize } = this.#trial;
        if (size > maxSize) throw new RangeError(`size must be at most ${maxSize} (the trial's maxSize), got ${size}`);
        if (size > this.#whole.length) this.#make(size);
        this.bytes = this.#whole.subarray(0, size);
    }

    /** Starts the next message: writes its sequence number into the payload and returns it. */
    next(): number {
        this.sequence += 1;
        this.#header[0] = this.sequence >>> 0;
        this.#header[1] = this.sequence / 2 ** 32;
        return this.sequence;
    }

    /** Describes the current payload; only outside the timed window, since it hashes every byte. */
    describe(): Payload {
        return describe(this.bytes, this.bytes.length);
    }

    #make(largest: number): void {
        const length = Math.max(largest, headerBytes);
        const { payload, seed } = this.#trial;
        // Whole words, since random bytes are generated four at a time.
        const memory = new ArrayBuffer(Math.ceil(length / headerBytes) * headerBytes);
        if (payload === "random") fillRandomly(new Uint32Array(memory), seed + this.#lane);
        else new Uint8Array(memory).fill(filler);
        this.#whole = Buffer.from(memory, 0, length);
        this.#header = new Uint32Array(memory, 0, 2);
        this.bytes = this.#whole;
        this.smallest = this.#whole.subarray(0, headerBytes);
    }
}

/** A trial's settings of its payloads. */
type OutgoingTrial = Pick<StartTrial, "maxSize" | "payload" | "seed">;

function fillRandomly(words: Uint32Array, seed: number): void {
    const random = seededRandom(seed >>> 0);
    for (let at = 0; at < words.length; at++) words[at] = random() * 2 ** 32;
}

/** The responder's buffer of a lane, for the bytes of every message. */
export class IncomingPayload {
    /** One byte longer than the largest payload, so that a read into it detects the end of the file. */
    buffer!: Buffer;
    /** Bytes of the payload in the buffer; -1 if it holds none. */
    length = -1;
    #header!: Uint32Array;

    /** @param largest bytes of the largest payload */
    constructor(largest: number) {
        this.#make(largest);
    }

    /** Clears it, and allocates a larger buffer for payloads of this size if needed; never while a payload arrives. */
    open(size: number): void {
        this.length = -1;
        if (size >= this.buffer.length) this.#make(size);
    }

    /** Sequence number in the held payload; 0, which no message has, if it is too short for one. */
    get sequence(): number {
        if (this.length < headerBytes) return 0;
        return (this.#header[0] as number) + (this.#header[1] as number) * 2 ** 32;
    }

    /** Describes the payload it holds; undefined if it holds none. */
    describe(): Payload | undefined {
        return this.length < 0 ? undefined : describe(this.buffer, this.length);
    }

    #make(largest: number): void {
        const memory = new ArrayBuffer(Math.max(largest, headerBytes) + 1);
        this.buffer = Buffer.from(memory);
        this.#header = new Uint32Array(memory, 0, 2);
    }
}

function describe(buffer: Buffer, length: number): Payload {
    const bytes = buffer.subarray(0, length);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return { sequence: length < headerBytes ? 0 : Number(bytes.readBigUInt64LE(0)), length, sha256 };
}
