import { closeSync, constants, openSync, readSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { IncomingPayload } from "../payload.ts";
import { type Layout, rescuedMark, roundOf } from "./layout.ts";
import { rescanner } from "./rescan.ts";
import { type Watched, type WatcherKind, watchFolder } from "./watch-folder.ts";

const createOnly = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** How a variant reads a payload and makes an ack. */
interface ReadCalls {
    watcher: WatcherKind;
    /** Reads the whole file into the payload's buffer, then calls `read`. */
    read(path: string, payload: IncomingPayload, read: (error?: Error) => void): void;
    /** Makes an empty file. */
    touch(path: string, failed: (error: Error) => void): void;
}

/** `volume/fs-watch`: calls that block. */
export const blockingReads: ReadCalls = {
    watcher: "fs-watch",
    read: (path, payload, read) => {
        try {
            const file = openSync(path, constants.O_RDONLY);
            payload.length = readAllSync(file, payload.buffer);
            closeSync(file);
        } catch (error) {
            return read(error as Error);
        }
        read();
    },
    touch: (path, failed) => {
        try {
            closeSync(openSync(path, createOnly, 0o644));
        } catch (error) {
            failed(error as Error);
        }
    },
};

/** `volume/chokidar`: fs.promises. */
export const promiseReads: ReadCalls = {
    watcher: "chokidar",
    read: (path, payload, read) => {
        readAll(path, payload).then(() => read(), read);
    },
    touch: (path, failed) => {
        open(path, createOnly, 0o644)
            .then((file) => file.close())
            .catch(failed);
    },
};

/** The buffer is longer than the file, so that a read which does not fill it has met the end. */
function readAllSync(file: number, buffer: Buffer): number {
    let at = 0;
    for (;;) {
        const asked = buffer.length - at;
        const got = readSync(file, buffer, at, asked, null);
        at += got;
        if (got < asked || at === buffer.length) return at;
    }
}

async function readAll(path: string, payload: IncomingPayload): Promise<void> {
    const { buffer } = payload;
    const file = await open(path, constants.O_RDONLY);
    let at = 0;
    for (;;) {
        const asked = buffer.length - at;
        const { bytesRead } = await file.read(buffer, at, asked, null);
        at += bytesRead;
        if (bytesRead < asked || at === buffer.length) break;
    }
    await file.close();
    payload.length = at;
}

/**
 * Reads each payload that comes into `ready` and acks the round whose number its bytes hold (not its name: an ack
 * proves what was read).
 * @returns how to end it
 */
export async function serveFiles(
    calls: ReadCalls,
    layout: Layout,
    payload: IncomingPayload,
): Promise<{ close(): Promise<void> }> {
    let newest = 0;
    let events = 0;
    const complain = (error: Error) => console.error(`reader: ${error.message}`);
    const take = (name: string, mark: string) => {
        const round = roundOf(name);
        if (round <= newest) return; // seen already, or the echo of its deletion
        newest = round;
        calls.read(join(layout.ready, name), payload, (error) => {
            if (error === undefined) calls.touch(`${layout.ack}/${payload.round}${mark}`, complain);
            else complain(error);
        });
    };
    const onName = (name: string) => {
        events += 1;
        take(name, "");
    };
    const watched: Watched = await watchFolder(calls.watcher, layout.ready, onName, complain);
    const rescue = rescanner(
        () => events,
        async () => (await readdir(layout.ready)).filter((name) => roundOf(name) > newest),
        (name) => take(name, rescuedMark),
    );
    return {
        close: async () => {
            rescue.close();
            await watched.close();
        },
    };
}
