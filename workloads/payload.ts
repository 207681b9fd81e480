import { createHash } from "node:crypto";
import type { Payload } from "./control-api.ts";

/** Every payload starts with its round's number, 64 bits, little-endian; the rest repeats one byte. */
const headerBytes = 8;
const filler = 0x61;

/** The payloads of a trial, all in one buffer that is made once. */
export class OutgoingPayload {
    /** What is sent: changes with {@link open}, and its first bytes with {@link next}. */
    bytes: Buffer;
    /** Number of the current round; counts on over all cells of the trial, so that no two rounds share one. */
    round = 0;
    /** Just the round's number: a payload whose time is not taken. */
    readonly smallest: Buffer;
    readonly #whole: Buffer;
    readonly #header: Uint32Array;

    constructor(maxSize: number) {
        this.#whole = Buffer.from(new ArrayBuffer(Math.max(maxSize, headerBytes)));
        this.#whole.fill(filler);
        this.#header = new Uint32Array(this.#whole.buffer, 0, 2);
        this.bytes = this.#whole;
        this.smallest = this.#whole.subarray(0, headerBytes);
    }

    /** @throws RangeError if the size is above the trial's largest */
    open(size: number): void {
        if (size > this.#whole.length) {
            throw new RangeError(`size must be at most ${this.#whole.length} (the trial's maxSize), got ${size}`);
        }
        this.bytes = this.#whole.subarray(0, size);
    }

    /** Starts the next round: writes its number into the payload and returns it. */
    next(): number {
        this.round += 1;
        this.#header[0] = this.round >>> 0;
        this.#header[1] = this.round / 2 ** 32;
        return this.round;
    }

    /** The current payload; for outside the timed window, since it hashes every byte. */
    describe(): Payload {
        return describe(this.bytes, this.bytes.length);
    }
}

/** What the responder holds: one buffer, made once, into which every round's bytes go. */
export class IncomingPayload {
    /** One byte longer than the largest payload, so that a read into it ends at the end of the file. */
    readonly buffer: Buffer;
    /** Bytes of the payload in the buffer; -1 before the first. */
    length = -1;
    readonly #header: Uint32Array;

    constructor(maxSize: number) {
        this.buffer = Buffer.from(new ArrayBuffer(Math.max(maxSize, headerBytes) + 1));
        this.#header = new Uint32Array(this.buffer.buffer, 0, 2);
    }

    /** Round number in the held payload; 0, which no round has, where it is too short for one. */
    get round(): number {
        if (this.length < headerBytes) return 0;
        return (this.#header[0] as number) + (this.#header[1] as number) * 2 ** 32;
    }

    /** @throws Error where nothing came yet */
    describe(): Payload {
        if (this.length < 0) throw new Error("nothing was received in this trial");
        return { ...describe(this.buffer, this.length), round: this.round };
    }
}

function describe(buffer: Buffer, length: number): Payload {
    const bytes = buffer.subarray(0, length);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return { round: length < headerBytes ? 0 : Number(bytes.readBigUInt64LE(0)), length, sha256 };
}
