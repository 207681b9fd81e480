import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Arm, specOf, type Volume } from "../../model/arms.ts";
import type { StartTrial } from "../agent/api.ts";

/**
 * The folders of a lane on the shared volume. A payload is written in `tmp`, which nobody watches, and renamed into
 * `ready`, which the reader watches; the reader makes an empty file in `ack`, which the writer watches. Names are sequence
 * numbers, so that none is used twice in a trial and an ack says which message it is for.
 */
export interface Layout {
    tmp: string;
    ready: string;
    ack: string;
}

/** The folders under a volume's mount point: lane 0 has `ready` and so on, another one `ready-1`. */
export function layoutOf(volume: string, lane = 0): Layout {
    const folder = (name: string) => join(volume, lane === 0 ? name : `${name}-${lane}`);
    return { tmp: folder("tmp"), ready: folder("ready"), ack: folder("ack") };
}

/** The mount point of the volume that a trial's arm uses. @throws Error where it is not mounted */
export function volumeOf({ arm }: StartTrial, volumes: Record<Volume, string>): string {
    const { volume } = specOf(arm as Arm);
    if (volume === undefined) throw new Error(`${arm} uses no volume`);
    const folder = volumes[volume];
    // Else it would be made in the container's own file system, where the other container never sees it.
    if (!existsSync(folder)) throw new Error(`${arm}: the volume "${volume}" is not mounted at ${folder}`);
    return folder;
}

/** Makes lane 0's folders, and leaves nothing of an earlier trial in them or of other lanes. */
export function cleanVolume(volume: string): void {
    for (const name of readdirSync(volume)) {
        if (/^(tmp|ready|ack)-\d+$/.test(name)) rmSync(join(volume, name), { recursive: true, force: true });
    }
    cleanLane(layoutOf(volume));
}

/** Makes a lane's folders and empties them; keeps the folders, which may be watched. */
export function cleanLane({ tmp, ready, ack }: Layout): void {
    for (const folder of [tmp, ready, ack]) {
        mkdirSync(folder, { recursive: true });
        for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
    }
}
