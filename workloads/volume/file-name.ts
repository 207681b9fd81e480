/** An ack that the reader could give only after a rescan ends with this. */
export const rescuedMark = "m";

/** The sequence number that a file name stands for; 0, which no message has, if it is another name. */
export function sequenceOf(name: string): number {
    return Math.max(0, Number.parseInt(name, 10) || 0);
}

/**
 * When the reader saw the payload's event and when it had the payload in memory, for the name of the ack: nothing else
 * is handed back, and an ack with contents would be another round trip.
 * @param eventNs by `process.hrtime`, whose clock all containers of a Pod share
 */
export function stampsOf(eventNs: bigint, readNs: bigint): string {
    return `.${eventNs}.${readNs}`;
}

/**
 * Reads {@link stampsOf} from an ack's name, as doubles: a BigInt more would be paid within the round trip.
 * @param offset what to take from each, nanoseconds
 * @param into gets both, from this index on
 * @returns whether the name has them
 */
export function readStamps(name: string, offset: number, into: Float64Array, at: number): boolean {
    const event = name.indexOf(".");
    const read = name.indexOf(".", event + 1);
    if (event < 0 || read < 0) return false;
    into[at] = Number(name.slice(event + 1, read)) - offset;
    into[at + 1] = Number.parseInt(name.slice(read + 1), 10) - offset; // the mark may follow
    return true;
}
