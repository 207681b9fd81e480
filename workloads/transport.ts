/** Called once, at the end of a round trip; with an error if it failed. */
export type Done = (error?: Error) => void;

/**
 * A way to hand over a payload and to learn that it arrived: the only difference between the arms. The measuring loop
 * (`measure.ts`) is the same for all.
 *
 * `roundTrip` takes a callback, because a promise per round trip would add to the timed window, and because undici
 * sends at once only what is dispatched while the last answer ends.
 */
export interface Transport {
    /**
     * Prepares for payloads of `size` bytes; not timed.
     * @param lanes number of lanes that share resources, e.g. the space on a volume
     */
    open(size: number, lanes: number): Promise<void>;
    /** Hands over one payload; timed. Calls `done` once, never before the responder has every byte in memory. */
    roundTrip(done: Done): void;
    /** Untimed work between two round trips, e.g. deleting files; undefined if none is due. */
    tidy?(): Promise<void> | undefined;
    /** Closes connections and watchers; a pending round trip fails. */
    close(): Promise<void>;
    /** Round trips whose event was found only by a rescan; counts up over the trial. */
    readonly misses: number;
    /** Acks of another message, which were rejected; counts up over the trial. */
    readonly staleAcks: number;
    /** The parts of a round trip in order, e.g. `write`, `rename`, `event`, `read`, `ack`; absent if it has none. */
    readonly phases?: readonly string[];
    /**
     * Set only for `phases` cells, so that other cells don't pay for it. During a round trip the transport records in
     * it the end of each phase except the last (which ends with the round trip), by the loop's clock.
     */
    moments?: Float64Array | undefined;
}
