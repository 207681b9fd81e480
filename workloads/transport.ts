/** Called once, at the end of a round trip; with an error where it failed. */
export type Done = (error?: Error) => void;

/**
 * A way to hand a payload over and to learn that it arrived: the one thing in which the arms differ. The measuring
 * loop (`measure.ts`) is the same for all.
 *
 * `roundTrip` takes a callback and no promise: a promise per round trip would be paid by the harness inside the timed
 * window, and undici sends at once only what is dispatched while the last answer ends.
 */
export interface Transport {
    /**
     * Makes everything ready for payloads of `size` bytes; not timed.
     * @param lanes how many share what there is to share, e.g. the room on a volume
     */
    open(size: number, lanes: number): Promise<void>;
    /** Hands one payload over; timed. Calls `done` once, never before the responder has every byte in its memory. */
    roundTrip(done: Done): void;
    /** Work between two round trips that must not be timed, e.g. deleting files; undefined where none is due. */
    tidy?(): Promise<void> | undefined;
    /** Ends connections and watchers; a round trip still open fails. */
    close(): Promise<void>;
    /** Round trips whose event came only by a rescan; counts up over the trial. */
    readonly misses: number;
    /** Acks of another message, which were not accepted; counts up over the trial. */
    readonly staleAcks: number;
    /** The parts of a round trip in their order, e.g. `write`, `rename`, `event`, `read`, `ack`; absent where it has none. */
    readonly phases?: readonly string[];
    /**
     * Set for `phases` cells alone, so that all others stay unburdened: the transport notes in it, while a round trip goes
     * on, the end of each phase but the last (which ends with the round trip), by the loop's clock.
     */
    moments?: Float64Array | undefined;
}
