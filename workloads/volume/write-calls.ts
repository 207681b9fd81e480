import { closeSync, constants, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { monotonicClock } from "../clock.ts";

/**
 * Writes the bytes to `tmp`, then renames it to `ready`; calls back only if that fails.
 * @param moments only in phases cells: receives the end of the write and of the rename
 */
export type Put = (
    tmp: string,
    ready: string,
    bytes: Buffer,
    failed: (error: Error) => void,
    moments: Float64Array | undefined,
) => void;

const createOnly = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** Blocking calls: the fastest way in Node. */
export const putBlocking: Put = blocking(() => {});

/** The same, but the bytes are on disk before the file gets its name. */
export const putSynced: Put = blocking((file) => fsyncSync(file));

/** fs.promises: the usual way in Node. */
export const putPromised: Put = (tmp, ready, bytes, failed, moments) => {
    putAsync(tmp, ready, bytes, moments).catch(failed);
};

function blocking(beforeClose: (file: number) => void): Put {
    return (tmp, ready, bytes, failed, moments) => {
        try {
            const file = openSync(tmp, createOnly, 0o644);
            for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
            beforeClose(file);
            closeSync(file);
            if (moments !== undefined) moments[0] = monotonicClock();
            renameSync(tmp, ready);
            if (moments !== undefined) moments[1] = monotonicClock();
        } catch (error) {
            failed(error as Error);
        }
    };
}

async function putAsync(tmp: string, ready: string, bytes: Buffer, moments: Float64Array | undefined): Promise<void> {
    const file = await open(tmp, createOnly, 0o644);
    for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at, bytes.length - at)).bytesWritten;
    await file.close();
    if (moments !== undefined) moments[0] = monotonicClock();
    await rename(tmp, ready);
    if (moments !== undefined) moments[1] = monotonicClock();
}
