import { readSync } from "node:fs";
import { isatty } from "node:tty";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { textIn } from "./text-in.ts";

let isRead = false;
/** Pause between two reads, in milliseconds. */
const pause = 20;

/**
 * All of standard input as text; waits until its other end is closed.
 *
 * `readFileSync(0)` is not enough: Node makes a pipe non-blocking as soon as any module uses `process`, and reading from a
 * slower writer (`pulumi stack output results --json |`) then fails with EAGAIN.
 * @throws CommandError (configuration) at a terminal, where it would wait until the user ends the input, and the second time
 */
export function standardInput(): string {
    if (isRead) {
        throw new CommandError(
            exitCodes.configuration,
            "standard input (-) can be read only once; name a file instead",
        );
    }
    isRead = true;
    if (isatty(0)) {
        const example = "pulumi stack output results --json | hopcost report -";
        throw new CommandError(
            exitCodes.configuration,
            `standard input is a terminal, expected results as JSON; use e.g. ${example}`,
        );
    }
    const chunks: Buffer[] = [];
    for (let chunk = nextChunk(); chunk.length > 0; chunk = nextChunk()) chunks.push(chunk);
    return textIn(Buffer.concat(chunks));
}

/** @returns an empty buffer at the end */
function nextChunk(): Buffer {
    const buffer = Buffer.alloc(65_536);
    for (;;) {
        try {
            return buffer.subarray(0, readSync(0, buffer));
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
            Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
        }
    }
}
