import { join } from "node:path";

/** The socket file on a shared volume, beside the lanes' folders, which only the file arms clean. */
export function socketFileOn(volume: string): string {
    return join(volume, "upload.sock");
}
