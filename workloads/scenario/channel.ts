import type { Courier } from "./load.ts";

/** A courier with something to open before the first message. */
export interface Channel extends Courier {
    /** @throws Error if messages can't be carried here at all */
    open(): Promise<void>;
    close(): Promise<void>;
}
