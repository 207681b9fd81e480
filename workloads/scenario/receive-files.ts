import { closeSync, openSync, readFileSync, unlinkSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { Layout } from "../volume/layout.ts";
import { watchFolder } from "../volume/watch-folder.ts";
import { sequenceOf } from "./folders.ts";
import type { Recorder } from "./ledger.ts";
import { readMessage } from "./message.ts";

/** Files handled in one turn of the event loop. */
const atOnce = 64;
/** Time after which a step that failed is tried again, in ms. */
const againMs = 100;

/** The reader's end of a flow. */
export interface FileReceiver {
    /** Takes no further file. Each one is handled in a single step, so none is half done. */
    close(): Promise<void>;
}

/**
 * Takes each message that arrives in `ready`: records it, creates its ack and removes it, in this order, so that a process that
 * dies in between only makes work to be done again.
 * @param rescans whether it looks for files that were there before it watched
 */
export async function receiveFiles(folders: Layout, recorder: Recorder, rescans: boolean): Promise<FileReceiver> {
    /** Names in the order of their events. A name can come twice: as an event and by the rescan. */
    let waiting: string[] = [];
    /** Messages in the ledger without an ack, because the volume is full. */
    const unacknowledged = new Set<string>();
    let [isBusy, isClosed] = [false, false];

    const take = (name: string) => {
        const sequence = sequenceOf(name);
        if (sequence === undefined) return;
        const path = `${folders.ready}/${name}`;
        if (!unacknowledged.has(name)) {
            const bytes = contentOf(path);
            if (bytes === undefined) return; // withdrawn, or handled before
            const message = readMessage(bytes);
            const isIntact = message?.isIntact === true && message.sequence === sequence;
            recorder.record(sequence, isIntact);
            if (!isIntact) return unlinkSync(path);
            unacknowledged.add(name);
        }
        touch(`${folders.ack}/${name}`);
        unlinkSync(path);
        unacknowledged.delete(name);
    };
    const tryToTake = (name: string) => {
        const isFirst = !unacknowledged.has(name);
        try {
            take(name);
        } catch (error) {
            const { code, message } = error as NodeJS.ErrnoException;
            if (isFirst) console.error(`reader: ${message}`);
            // The writer has withdrawn it, or the folders are gone; without a code it will never be possible.
            if (code === "ENOENT" || code === undefined) unacknowledged.delete(name);
            else setTimeout(onName, againMs, name).unref();
        }
    };
    const takeAll = () => {
        for (const name of waiting.splice(0, atOnce)) tryToTake(name);
        isBusy = waiting.length > 0 && !isClosed;
        if (isBusy) setImmediate(takeAll);
    };
    const onName = (name: string) => {
        waiting.push(name);
        if (isBusy || isClosed) return;
        takeAll();
    };

    const watched = await watchFolder("chokidar", folders.ready, onName, (error) => console.error(error.message));
    if (rescans) {
        const names = (await readdir(folders.ready)).sort((one, other) => Number(one) - Number(other));
        waiting = [...names, ...waiting];
        if (!isBusy) takeAll();
    }
    return {
        close: async () => {
            isClosed = true;
            await watched.close();
        },
    };
}

/** @returns undefined if there is no such file */
function contentOf(path: string): Buffer | undefined {
    try {
        return readFileSync(path);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
    }
}

function touch(path: string): void {
    closeSync(openSync(path, "w", 0o644));
}
