import { closeSync, constants, existsSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { type Entry, entryOf, ledgerBits } from "../../model/ledger.ts";

/** Messages that a ledger has room for. Its file is sparse, so room costs nothing. */
export const ledgerMessages = 65_536;

/** Records arrivals. */
export interface Recorder {
    /** Records that a message arrived; the message is acknowledged only after that. */
    record(sequence: number, isIntact: boolean): void;
}

/**
 * The responder's record of every message of a scenario: a byte for each, in a file of a volume, written before the message
 * is acknowledged. So it outlives the process and its container, but not a Pod, unless the volume does. The page cache is
 * enough for that: only the node's death would lose it, and the Pod with it.
 */
export class Ledger implements Recorder {
    readonly #file: number;
    readonly #bytes: Uint8Array;
    /** Sequence after the highest one that has arrived. */
    #next: number;

    /**
     * Opens the ledger, and continues it if it exists.
     * @param path of its file, in a folder that exists
     * @param messages that it has room for
     */
    constructor(path: string, messages: number = ledgerMessages) {
        this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT);
        ftruncateSync(this.#file, messages);
        this.#bytes = new Uint8Array(messages);
        readSync(this.#file, this.#bytes, 0, messages, 0);
        this.#next = this.#bytes.findLastIndex((byte) => byte !== 0) + 1;
    }

    /**
     * Records an arrival.
     * @param sequence of the message, from 0
     * @throws RangeError if there is no such message; what the kernel says if the file can't be written, then it isn't recorded
     */
    record(sequence: number, isIntact: boolean): void {
        const byte = this.#bytes[sequence];
        if (byte === undefined)
            throw new RangeError(`message ${sequence} is not one of the ${this.#bytes.length} of the scenario`);
        const flags =
            (isIntact ? 0 : ledgerBits.corrupt) | (sequence < this.#next && byte === 0 ? ledgerBits.outOfOrder : 0);
        const { count } = ledgerBits;
        this.#bytes[sequence] = Math.min(count, (byte & count) + 1) | (byte & ~count) | flags;
        try {
            writeSync(this.#file, this.#bytes, sequence, 1, sequence);
        } catch (error) {
            this.#bytes[sequence] = byte;
            throw error;
        }
        this.#next = Math.max(this.#next, sequence + 1);
    }

    close(): void {
        closeSync(this.#file);
    }
}

/** Reads a ledger, also one that is still written. @throws Error if there is none */
export function readLedger(path: string): Entry[] {
    return entriesOf(readFileSync(path));
}

/** The bytes of a ledger up to the last message that arrived; empty without a ledger. */
export function ledgerBytes(path: string): Buffer {
    if (!existsSync(path)) return Buffer.alloc(0);
    const bytes = readFileSync(path);
    return bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1);
}

/** What the bytes of a ledger mean, by sequence; messages beyond them have not arrived. */
export function entriesOf(bytes: Uint8Array): Entry[] {
    return Array.from(bytes, entryOf);
}
