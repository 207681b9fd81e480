import { existsSync } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Volume } from "../../model/arms.ts";
import { Refusal } from "../agent/refusal.ts";
import type { Fill, Filled } from "./api.ts";

const chunk = Buffer.alloc(2 ** 20, 0x66);

/** How soon the file takes what others free, in ms. */
const refillMs = 20;

/**
 * Fills volumes with a file. A volume that got full stays full until it is emptied: the messages that were under way when it got
 * full are soon deleted, and their space would carry the next ones.
 */
export class VolumeFill {
    readonly #volumes: Record<Volume, string>;
    #filling: Promise<void> | undefined;
    #isCancelled = false;

    constructor(volumes: Record<Volume, string>) {
        this.#volumes = volumes;
    }

    /**
     * Answers when the file has as many bytes, or the volume is full.
     *
     * @throws Refusal if the volume is not mounted, or a volume is being filled or kept full
     */
    async fill({ volume, bytes = Number.POSITIVE_INFINITY }: Fill): Promise<Filled> {
        const folder = this.#volumes[volume];
        if (!existsSync(folder)) throw new Refusal(400, `the volume "${volume}" is not mounted at ${folder}`);
        if (this.#filling !== undefined)
            throw new Refusal(409, "a volume is being filled; DELETE /scenario/fill first");
        this.#isCancelled = false;
        const filled = Promise.withResolvers<Filled>();
        this.#filling = this.#fill(fileOn(folder), bytes, filled.resolve)
            .catch(filled.reject)
            .finally(() => {
                this.#filling = undefined;
            });
        return filled.promise;
    }

    /** Ends a filling that goes on, and removes the file from each volume. */
    async empty(): Promise<void> {
        this.#isCancelled = true;
        await this.#filling;
        for (const folder of Object.values(this.#volumes)) await rm(fileOn(folder), { force: true });
    }

    async #fill(path: string, bytes: number, tell: (filled: Filled) => void): Promise<void> {
        const file = await open(path, "w");
        try {
            const filled = await this.#write(file, bytes);
            tell(filled);
            if (filled.code !== undefined) await this.#keepFull(file, bytes - filled.bytes);
        } finally {
            await file.close();
        }
    }

    async #write(file: FileHandle, bytes: number): Promise<Filled> {
        let written = 0;
        try {
            while (written < bytes && !this.#isCancelled) {
                written += (await file.write(chunk, 0, Math.min(chunk.length, bytes - written))).bytesWritten;
            }
        } catch (error) {
            const { code } = error as NodeJS.ErrnoException;
            if (code === undefined) throw error;
            return { bytes: written, code };
        }
        return { bytes: written };
    }

    async #keepFull(file: FileHandle, bytes: number): Promise<void> {
        let left = bytes;
        while (left > 0 && !this.#isCancelled) {
            left -= (await this.#write(file, left)).bytes;
            await pause(refillMs);
        }
    }
}

function fileOn(folder: string): string {
    return join(folder, "hopcost-fill");
}
