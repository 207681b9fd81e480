import { createHash } from "node:crypto";
import { seededRandom } from "../statistics/random.ts";
import type { Payload, StartTrial } from "./agent/api.ts";

/** Every payload starts with its sequence number, 16 decimal digits in ASCII; the rest is the letter x repeated, or random. */
const headerBytes = 16;
const filler = "x";
const zero = 0x30;
/**
 * Sequence numbers of lane k start at k times this, so that no two messages of a trial share one. Those of all 64 lanes have 16
 * digits at most.
 */
const sequencesPerLane = 2 ** 46;
/** A sequence number is handled in two halves, whose digits are small integers: nothing here allocates. */
const half = 10 ** (headerBytes / 2);

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
        const upper = Math.floor(this.sequence / half);
        writeDigits(this.#whole, 0, upper);
        writeDigits(this.#whole, headerBytes / 2, this.sequence - upper * half);
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
        const words = new Uint32Array(Math.ceil(length / 4));
        this.#whole = Buffer.from(words.buffer, 0, length);
        if (payload === "random") fillRandomly(words, seed + this.#lane);
        else this.#whole.fill(filler);
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
        return sequenceIn(this.buffer, this.length);
    }

    /** Describes the payload it holds; undefined if it holds none. */
    describe(): Payload | undefined {
        return this.length < 0 ? undefined : describe(this.buffer, this.length);
    }

    #make(largest: number): void {
        this.buffer = Buffer.alloc(Math.max(largest, headerBytes) + 1);
    }
}

function describe(buffer: Buffer, length: number): Payload {
    const bytes = buffer.subarray(0, length);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return { sequence: sequenceIn(bytes, length), length, sha256 };
}

/** @param value of half the header: at most 99,999,999 */
function writeDigits(buffer: Buffer, from: number, value: number): void {
    let rest = value | 0;
    for (let at = from + headerBytes / 2 - 1; at >= from; at--) {
        const left = (rest / 10) | 0;
        buffer[at] = zero + rest - 10 * left;
        rest = left;
    }
}

/** The sequence number at the front of a payload; 0, which no message has, if it is too short for one. */
function sequenceIn(buffer: Buffer, length: number): number {
    if (length < headerBytes) return 0;
    return digitsAt(buffer, 0) * half + digitsAt(buffer, headerBytes / 2);
}

function digitsAt(buffer: Buffer, from: number): number {
    let value = 0;
    for (let at = from; at < from + headerBytes / 2; at++) value = (10 * value + (buffer[at] as number) - zero) | 0;
    return value;
}
