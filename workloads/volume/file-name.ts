/** Suffix of an ack that the reader gave only after a rescan. */
export const rescuedMark = "m";

/** The sequence number in a file name; 0, which no message has, for other names. */
export function sequenceOf(name: string): number {
    return Math.max(0, Number.parseInt(name, 10) || 0);
}

/**
 * When the reader saw the payload's event and when it had the payload in memory, for the ack's name: only the name is
 * handed back, and an ack with contents would be another round trip.
 * @param eventNs by `process.hrtime`, whose clock all containers of a Pod share
 */
export function stampsOf(eventNs: bigint, readNs: bigint): string {
    return `.${eventNs}.${readNs}`;
}

/**
 * Reads {@link stampsOf} from an ack's name, as doubles: BigInts would add to the round trip.
 * @param offset subtracted from each, nanoseconds
 * @param into receives both, starting at index `at`
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
