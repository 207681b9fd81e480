import { closeSync, constants, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import type { IncomingPayload } from "../payload.ts";

const createOnly = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** How an arm reads a payload and creates an ack. */
export interface ReadCalls {
    /** Reads the whole file into the payload's buffer, then calls `read`. */
    read(path: string, payload: IncomingPayload, read: (error?: Error) => void): void;
    /** Creates an empty file. */
    touch(path: string, failed: (error: Error) => void): void;
}

/** Blocking calls: the fastest way in Node. */
export const blockingReads: ReadCalls = {
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

/** fs.promises: the usual way in Node. */
export const promisedReads: ReadCalls = {
    read: (path, payload, read) => {
        readAll(path, payload).then(() => read(), read);
    },
    touch: (path, failed) => {
        open(path, createOnly, 0o644)
            .then((file) => file.close())
            .catch(failed);
    },
};

/** The buffer is longer than the file, so a read that doesn't fill it has reached the end. */
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
