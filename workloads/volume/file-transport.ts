import { existsSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { bytesKept, fileBytes } from "../../model/volume-room.ts";
import { kernelClockOffset } from "../clock.ts";
import type { OutgoingPayload } from "../payload.ts";
import type { Done, Transport } from "../transport.ts";
import type { FileArm } from "./file-arms.ts";
import { readStamps, rescuedMark, sequenceOf } from "./file-name.ts";
import type { Layout } from "./layout.ts";
import { rescanner } from "./rescan.ts";
import { type Watched, watchFolder } from "./watch-folder.ts";

/** File events don't reach this process, so the arm can't be measured here. */
export class TooManyMisses extends Error {
    override name = "TooManyMisses";
    readonly code = "too-many-misses";
}

/** Hands over each payload as a file and waits for the ack file; arms differ only in their {@link FileArm}. */
export class FileTransport implements Transport {
    misses = 0;
    staleAcks = 0;
    /** `event` and `read` are the reader's times, from the ack's name. */
    readonly phases = ["write", "rename", "event", "read", "ack"];
    moments: Float64Array | undefined;
    readonly #arm: FileArm;
    readonly #layout: Layout;
    readonly #payload: OutgoingPayload;
    /** For all lanes together. */
    readonly #roomBytes: number;
    readonly #rescanner: { close(): void };
    #watched: Watched | undefined;
    #awaited = 0;
    #done: Done = () => {};
    /** Of the watcher, while nothing was awaited. */
    #broken: Error | undefined;
    #fail = (error: Error) => {
        if (this.#awaited === 0) this.#broken = error;
        this.#end(error);
    };
    /** Names of acks to delete; payload files are named by their sequence numbers. */
    #used: string[] = [];
    #usedBytes = 0;
    /** Limit of the lane's files, unless the one being written is larger. */
    #bytesKept = 0;
    /** Size of one of the cell's files. */
    #fileBytes = 0;
    /** How far the reader's clock is ahead of the loop's, ns. */
    #clockOffset = 0;

    private constructor(arm: FileArm, layout: Layout, payload: OutgoingPayload, maxSize: number) {
        this.#arm = arm;
        this.#layout = layout;
        this.#payload = payload;
        this.#roomBytes = bytesKept(maxSize);
        this.#rescanner = rescanner(
            () => (this.#awaited === 0 ? undefined : this.#awaited),
            async () => (await readdir(layout.ack)).filter((name) => sequenceOf(name) === this.#awaited),
            (name) => this.#rescue(name),
        );
    }

    /** Already watches the ack folder when it returns. */
    static async start(
        arm: FileArm,
        layout: Layout,
        payload: OutgoingPayload,
        maxSize: number,
    ): Promise<FileTransport> {
        const transport = new FileTransport(arm, layout, payload, maxSize);
        const onName = (name: string) => transport.#onName(name);
        transport.#watched = await watchFolder(arm.watcher, layout.ack, onName, transport.#fail);
        return transport;
    }

    async open(size: number, lanes: number): Promise<void> {
        this.#fileBytes = fileBytes(size);
        this.#bytesKept = this.#roomBytes / lanes;
        this.#clockOffset = kernelClockOffset();
        await this.#delete();
    }

    roundTrip(done: Done): void {
        this.#send(this.#payload.bytes, done);
    }

    #send(bytes: Buffer, done: Done): void {
        if (this.#broken !== undefined) {
            done(this.#broken);
            return;
        }
        this.#done = done;
        const sequence = this.#payload.next();
        this.#awaited = sequence;
        const { tmp, ready } = this.#layout;
        this.#arm.put(`${tmp}/${sequence}`, `${ready}/${sequence}`, bytes, this.#fail, this.moments);
    }

    tidy(): Promise<void> | undefined {
        const { length } = this.#used;
        if (length < this.#arm.filesKept && this.#usedBytes + this.#fileBytes <= this.#bytesKept) return;
        return this.#delete();
    }

    async close(): Promise<void> {
        this.#rescanner.close();
        await this.#watched?.close();
    }

    /** An event in the ack folder. */
    #onName(name: string): void {
        const sequence = sequenceOf(name);
        if (sequence === this.#awaited && sequence !== 0) {
            this.#accept(name);
            return;
        }
        // For another message: the event of a deletion if the file is gone, else an unexpected ack.
        if (this.#used.includes(name) || !existsSync(join(this.#layout.ack, name))) return;
        this.staleAcks += 1;
        this.#used.push(name);
    }

    /** @param isRescued whether the ack's event was missed; the mark in its name says that the reader's was */
    #accept(name: string, isRescued = false): void {
        if (isRescued || name.endsWith(rescuedMark)) this.misses += 1;
        this.#used.push(name);
        this.#usedBytes += this.#fileBytes;
        const lacksTimes = this.moments !== undefined && !readStamps(name, this.#clockOffset, this.moments, 2);
        this.#end(
            lacksTimes ? new Error(`the ack ${name} has no times; prepare the reader for phases too`) : undefined,
        );
    }

    #rescue(name: string): void {
        const { messages } = this.#payload;
        const misses = this.misses + 1;
        if (misses > 10 && misses > messages / 10) {
            this.misses = misses;
            const found = `${misses} of ${messages} messages were found only by listing the folder`;
            const remedy = "the volume's file system does not report changes; use another medium or runtime class";
            this.#end(new TooManyMisses(`file events do not arrive at the writer: ${found}; ${remedy}`));
        } else this.#accept(name, true);
    }

    #end(error?: Error): void {
        if (this.#awaited === 0) return;
        this.#awaited = 0;
        this.#done(error);
    }

    /**
     * Deletes used files, with blocking calls in every arm, because it isn't timed. The deletions' events must not
     * disturb the next timed round trip, so a small untimed round trip follows: events keep their order, so both
     * watchers have handled them by then. After a pause instead, the first round trips would be slow (idle cores, cold
     * caches).
     */
    #delete(): Promise<void> | undefined {
        if (this.#used.length === 0) return undefined;
        const { ready, ack } = this.#layout;
        for (const name of this.#used) {
            rmSync(join(ack, name), { force: true });
            rmSync(join(ready, String(sequenceOf(name))), { force: true });
        }
        this.#used = [];
        this.#usedBytes = 0;
        return new Promise<void>((resolve, reject) => {
            this.#send(this.#payload.smallest, (error) => {
                this.#usedBytes = fileBytes(this.#payload.smallest.length);
                if (error === undefined) resolve();
                else reject(error);
            });
        });
    }
}
