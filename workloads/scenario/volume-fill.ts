import { existsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Volume } from "../../model/arms.ts";
import { Refusal } from "../agent/refusal.ts";
import type { Fill, Filled } from "./api.ts";

const chunk = Buffer.alloc(2 ** 20, 0x66);

/** Fills volumes with a file. */
export class VolumeFill {
    readonly #volumes: Record<Volume, string>;
    #filling: Promise<unknown> | undefined;
    #isCancelled = false;

    constructor(volumes: Record<Volume, string>) {
        this.#volumes = volumes;
    }

    /** @throws Refusal if the volume is not mounted, or a filling goes on */
    async fill({ volume, bytes = Number.POSITIVE_INFINITY }: Fill): Promise<Filled> {
        const folder = this.#volumes[volume];
        if (!existsSync(folder)) throw new Refusal(400, `the volume "${volume}" is not mounted at ${folder}`);
        if (this.#filling !== undefined)
            throw new Refusal(409, "a volume is being filled; DELETE /scenario/fill first");
        this.#isCancelled = false;
        const filling = this.#write(fileOn(folder), bytes);
        this.#filling = filling
            .catch(() => {})
            .finally(() => {
                this.#filling = undefined;
            });
        return filling;
    }

    /** Ends a filling that goes on, and removes the file from each volume. */
    async empty(): Promise<void> {
        this.#isCancelled = true;
        await this.#filling;
        for (const folder of Object.values(this.#volumes)) await rm(fileOn(folder), { force: true });
    }

    async #write(path: string, bytes: number): Promise<Filled> {
        let written = 0;
        const file = await open(path, "w");
        try {
            while (written < bytes && !this.#isCancelled) {
                written += (await file.write(chunk, 0, Math.min(chunk.length, bytes - written))).bytesWritten;
            }
        } catch (error) {
            const { code } = error as NodeJS.ErrnoException;
            if (code === undefined) throw error;
            return { bytes: written, code };
        } finally {
            await file.close();
        }
        return { bytes: written };
    }
}

function fileOn(folder: string): string {
    return join(folder, "hopcost-fill");
}
