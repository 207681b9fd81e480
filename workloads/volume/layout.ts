import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Arm, specOf, type Volume } from "../../model/arms.ts";
import type { StartTrial } from "../agent/api.ts";

/**
 * The folders of a lane on the shared volume. A payload is written in `tmp`, which isn't watched, and renamed into
 * `ready`, which the reader watches; the reader creates an empty file in `ack`, which the writer watches. Names are
 * sequence numbers, so that each is used once in a trial and an ack identifies its message.
 */
export interface Layout {
    tmp: string;
    ready: string;
    ack: string;
}

/** The folders under a volume's mount point: lane 0 has `ready` and so on, lane 1 `ready-1`. */
export function layoutOf(volume: string, lane = 0): Layout {
    const folder = (name: string) => join(volume, lane === 0 ? name : `${name}-${lane}`);
    return { tmp: folder("tmp"), ready: folder("ready"), ack: folder("ack") };
}

/** The mount point of the volume that a trial's arm uses. @throws Error if it isn't mounted */
export function volumeOf({ arm }: StartTrial, volumes: Record<Volume, string>): string {
    const { volume } = specOf(arm as Arm);
    if (volume === undefined) throw new Error(`${arm} uses no volume`);
    const folder = volumes[volume];
    // Otherwise it would be created in the container's own file system, which the other container doesn't see.
    if (!existsSync(folder)) throw new Error(`${arm}: the volume "${volume}" is not mounted at ${folder}`);
    return folder;
}

/** Creates lane 0's folders, empty, and removes other lanes' of an earlier trial. */
export function cleanVolume(volume: string): void {
    for (const name of readdirSync(volume)) {
        if (/^(tmp|ready|ack)-\d+$/.test(name)) rmSync(join(volume, name), { recursive: true, force: true });
    }
    cleanLane(layoutOf(volume));
}

/** Creates a lane's folders or empties existing ones, which might be watched. */
export function cleanLane({ tmp, ready, ack }: Layout): void {
    for (const folder of [tmp, ready, ack]) {
        mkdirSync(folder, { recursive: true });
        for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
    }
}
