/** A byte of the responder's ledger, one for each message: how often it arrived, and in what state. */
export const ledgerBits = { count: 0x3f, corrupt: 0x40, outOfOrder: 0x80 } as const;

/** What the responder knows of a message. */
export interface Entry {
    /** How often it arrived; 63 stands for 63 and more. */
    received: number;
    /** Whether its content was wrong at least once. */
    corrupt: boolean;
    /** Whether a later message had arrived before. */
    outOfOrder: boolean;
}

/** Reads the entry of a message. */
export function entryOf(byte: number): Entry {
    return {
        received: byte & ledgerBits.count,
        corrupt: (byte & ledgerBits.corrupt) !== 0,
        outOfOrder: (byte & ledgerBits.outOfOrder) !== 0,
    };
}

/** The ledger of two responders together: arrivals are added, and what one of them saw counts. */
export function mergedLedgers(one: Uint8Array, other: Uint8Array): Uint8Array {
    const { count } = ledgerBits;
    return Uint8Array.from({ length: Math.max(one.length, other.length) }, (_, sequence) => {
        const [mine = 0, theirs = 0] = [one[sequence], other[sequence]];
        return Math.min(count, (mine & count) + (theirs & count)) | ((mine | theirs) & ~count);
    });
}
