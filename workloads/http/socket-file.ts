import { join } from "node:path";

/** The socket file on a shared volume; beside the folders of the lanes, which only the arms with files clean. */
export function socketFileOn(volume: string): string {
    return join(volume, "upload.sock");
}
