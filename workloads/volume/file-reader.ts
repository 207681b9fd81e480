import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { IncomingPayload } from "../payload.ts";
import type { FileArm } from "./file-arms.ts";
import { rescuedMark, sequenceOf, stampsOf } from "./file-name.ts";
import type { Layout } from "./layout.ts";
import { rescanner } from "./rescan.ts";
import { watchFolder } from "./watch-folder.ts";

/** The reader's end of a lane. */
export interface FileReader {
    /** Whether acks contain the reader's times: only in phases cells. */
    stamping: boolean;
    close(): Promise<void>;
}

/**
 * Reads each payload that arrives in `ready` and acks the sequence number in its bytes (not in its name: an ack proves
 * what was read).
 */
export async function serveFiles(
    { watcher, reads }: FileArm,
    layout: Layout,
    payload: IncomingPayload,
): Promise<FileReader> {
    let newest = 0;
    let events = 0;
    const complain = (error: Error) => console.error(`reader: ${error.message}`);
    const take = (name: string, mark: string) => {
        const sequence = sequenceOf(name);
        if (sequence <= newest) return; // seen already, or the echo of its deletion
        newest = sequence;
        if (reader.stamping) return takeStamped(name, mark);
        reads.read(join(layout.ready, name), payload, (error) => {
            if (error === undefined) reads.touch(`${layout.ack}/${payload.sequence}${mark}`, complain);
            else complain(error);
        });
    };
    const takeStamped = (name: string, mark: string) => {
        const event = process.hrtime.bigint();
        reads.read(join(layout.ready, name), payload, (error) => {
            const stamps = stampsOf(event, process.hrtime.bigint());
            if (error === undefined) reads.touch(`${layout.ack}/${payload.sequence}${stamps}${mark}`, complain);
            else complain(error);
        });
    };
    const onName = (name: string) => {
        events += 1;
        take(name, "");
    };
    const watched = await watchFolder(watcher, layout.ready, onName, complain);
    const rescue = rescanner(
        () => events,
        async () => (await readdir(layout.ready)).filter((name) => sequenceOf(name) > newest),
        (name) => take(name, rescuedMark),
    );
    const reader: FileReader = {
        stamping: false,
        close: async () => {
            rescue.close();
            await watched.close();
        },
    };
    return reader;
}
