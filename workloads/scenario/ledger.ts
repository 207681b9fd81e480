import { closeSync, constants, ftruncateSync, openSync, readFileSync, readSync, writeSync } from "node:fs";

/** What a byte of the ledger holds: how often the message arrived, and in what state. */
const countMask = 0x3f;
const corruptFlag = 0x40;
const outOfOrderFlag = 0x80;

/** What the responder knows of a message. */
export interface Entry {
    /** How often it arrived; 63 stands for 63 and more. */
    received: number;
    /** Whether its content was wrong at least once. */
    corrupt: boolean;
    /** Whether a later message had arrived before. */
    outOfOrder: boolean;
}

/**
 * The responder's record of every message of a scenario: a byte for each, in a file of a volume, written before the message
 * is acknowledged. So it outlives the process and its container, but not a Pod, unless the volume does. The page cache is
 * enough for that: only the node's death would lose it, and the Pod with it.
 */
export class Ledger {
    readonly #file: number;
    readonly #bytes: Uint8Array;
    /** Sequence after the highest one that has arrived. */
    #next: number;

    /**
     * Opens the ledger, and continues it if it exists.
     * @param path of its file, in a folder that exists
     * @param messages of the scenario
     */
    constructor(path: string, messages: number) {
        this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT);
        ftruncateSync(this.#file, messages);
        this.#bytes = new Uint8Array(messages);
        readSync(this.#file, this.#bytes, 0, messages, 0);
        this.#next = this.#bytes.findLastIndex((byte) => byte !== 0) + 1;
    }

    /**
     * Records an arrival.
     * @param sequence of the message, from 0
     * @throws RangeError if there is no such message
     */
    record(sequence: number, isIntact: boolean): void {
        const byte = this.#bytes[sequence];
        if (byte === undefined)
            throw new RangeError(`message ${sequence} is not one of the ${this.#bytes.length} of the scenario`);
        const flags = (isIntact ? 0 : corruptFlag) | (sequence < this.#next && byte === 0 ? outOfOrderFlag : 0);
        this.#bytes[sequence] = Math.min(countMask, (byte & countMask) + 1) | (byte & ~countMask) | flags;
        this.#next = Math.max(this.#next, sequence + 1);
        writeSync(this.#file, this.#bytes, sequence, 1, sequence);
    }

    close(): void {
        closeSync(this.#file);
    }
}

/** Reads a ledger, also one that is still written. @throws Error if there is none */
export function readLedger(path: string): Entry[] {
    return Array.from(readFileSync(path), (byte) => ({
        received: byte & countMask,
        corrupt: (byte & corruptFlag) !== 0,
        outOfOrder: (byte & outOfOrderFlag) !== 0,
    }));
}
