import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * The folders of the shared volume. A payload is written in `tmp`, which nobody watches, and renamed into `ready`,
 * which the reader watches; the reader makes an empty file in `ack`, which the writer watches. Names are round numbers,
 * so that none is used twice in a trial and an ack says which round it is for.
 */
export interface Layout {
    tmp: string;
    ready: string;
    ack: string;
}

/** The folders under a volume's mount point. */
export function layoutOf(volume: string): Layout {
    return { tmp: join(volume, "tmp"), ready: join(volume, "ready"), ack: join(volume, "ack") };
}

/** Makes the folders and empties them of what an earlier trial left; keeps the folders, which may be watched. */
export function cleanVolume({ tmp, ready, ack }: Layout): void {
    for (const folder of [tmp, ready, ack]) {
        mkdirSync(folder, { recursive: true });
        for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
    }
}

/** An ack that the reader could give only after a rescan ends with this. */
export const rescuedMark = "m";

/** The round that a file name stands for; 0, which no round has, where it is no such name. */
export function roundOf(name: string): number {
    return Math.max(0, Number.parseInt(name, 10) || 0);
}
