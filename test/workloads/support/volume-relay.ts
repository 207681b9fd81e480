import { existsSync, type FSWatcher, mkdirSync, readFileSync, renameSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mangle } from "./http-proxy.ts";

/** Copies files between the writer's and the reader's volume, like a broken network file system. */
export class VolumeRelay {
    mangle: Mangle = (bytes) => bytes;
    readonly #watchers: FSWatcher[];

    constructor(writerVolume: string, readerVolume: string) {
        for (const volume of [writerVolume, readerVolume]) {
            for (const folder of ["tmp", "ready", "ack"]) mkdirSync(join(volume, folder), { recursive: true });
        }
        const carry = (from: string, to: string, folder: string) => (name: string) => {
            const [source, target] = [join(from, folder, name), join(to, folder, name)];
            if (!existsSync(source) || existsSync(target)) return;
            const bytes = readFileSync(source);
            const carried = join(to, "tmp", `carried-${name}`);
            writeFileSync(carried, folder === "ready" ? this.mangle(bytes) : bytes);
            renameSync(carried, target);
        };
        const toReader = carry(writerVolume, readerVolume, "ready");
        const toWriter = carry(readerVolume, writerVolume, "ack");
        this.#watchers = [
            watch(join(writerVolume, "ready"), (_event, name) => name !== null && toReader(name)),
            watch(join(readerVolume, "ack"), (_event, name) => name !== null && toWriter(name)),
        ];
    }

    stop(): void {
        for (const watcher of this.#watchers) watcher.close();
    }
}
