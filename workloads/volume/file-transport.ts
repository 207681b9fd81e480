import { existsSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { OutgoingPayload } from "../payload.ts";
import type { Done, Transport } from "../transport.ts";
import { type Layout, rescuedMark, roundOf } from "./layout.ts";
import { rescanner } from "./rescan.ts";
import { type Watched, type WatcherKind, watchFolder } from "./watch-folder.ts";

/** Files events do not reach this process; the arm can't be measured here. */
export class TooManyMisses extends Error {
    override name = "TooManyMisses";
    readonly code = "too-many-misses";
}

/** How a variant writes files. */
export interface FileCalls {
    watcher: WatcherKind;
    /** Writes the bytes to `tmp`, then renames it to `ready`; calls back only where that fails. */
    put(tmp: string, ready: string, bytes: Buffer, failed: (error: Error) => void): void;
    /** Rounds after which the used files are deleted, if their bytes don't demand it before. */
    filesKept: number;
    /** Untimed rounds after deleting: events keep their order, so the watchers at both ends are then done with it. */
    settlingRounds: number;
}

/** Hands each payload over as a file and waits for the ack file; the same for all variants but their {@link FileCalls}. */
export class FileTransport implements Transport {
    misses = 0;
    staleAcks = 0;
    readonly #calls: FileCalls;
    readonly #layout: Layout;
    readonly #payload: OutgoingPayload;
    /** The volume never holds more than this and the payload being written. */
    readonly #bytesKept: number;
    readonly #rescanner: { close(): void };
    #watched: Watched | undefined;
    #awaited = 0;
    #done: Done = () => {};
    #fail = (error: Error) => this.#end(error);
    /** Names of acks to delete; those of the payloads are their rounds. */
    #used: string[] = [];
    #usedBytes = 0;

    private constructor(calls: FileCalls, layout: Layout, payload: OutgoingPayload, maxSize: number) {
        this.#calls = calls;
        this.#layout = layout;
        this.#payload = payload;
        this.#bytesKept = Math.max(2 * maxSize, 2 ** 20);
        this.#rescanner = rescanner(
            () => (this.#awaited === 0 ? undefined : this.#awaited),
            async () => (await readdir(layout.ack)).filter((name) => roundOf(name) === this.#awaited),
            (name) => this.#rescue(name),
        );
    }

    /** Watches the ack folder from before it returns. */
    static async start(
        calls: FileCalls,
        layout: Layout,
        payload: OutgoingPayload,
        maxSize: number,
    ): Promise<FileTransport> {
        const transport = new FileTransport(calls, layout, payload, maxSize);
        const onName = (name: string) => transport.#onName(name);
        transport.#watched = await watchFolder(calls.watcher, layout.ack, onName, transport.#fail);
        return transport;
    }

    async open(): Promise<void> {
        await this.#delete();
    }

    roundTrip(done: Done): void {
        this.#send(this.#payload.bytes, done);
    }

    #send(bytes: Buffer, done: Done): void {
        this.#done = done;
        const round = this.#payload.next();
        this.#awaited = round;
        const { tmp, ready } = this.#layout;
        this.#calls.put(`${tmp}/${round}`, `${ready}/${round}`, bytes, this.#fail);
    }

    tidy(): Promise<void> | undefined {
        const { length } = this.#used;
        if (length < this.#calls.filesKept && this.#usedBytes + this.#payload.bytes.length <= this.#bytesKept) return;
        return this.#delete();
    }

    async close(): Promise<void> {
        this.#rescanner.close();
        await this.#watched?.close();
    }

    /** An event in the ack folder. */
    #onName(name: string): void {
        const round = roundOf(name);
        if (round === this.#awaited && round !== 0) {
            this.#accept(name);
            return;
        }
        // Of another round: the echo of a deletion if the file is gone. Else an ack that nobody waits for.
        if (this.#used.includes(name) || !existsSync(join(this.#layout.ack, name))) return;
        this.staleAcks += 1;
        this.#used.push(name);
    }

    #accept(name: string): void {
        if (name.endsWith(rescuedMark)) this.misses += 1; // the reader's event was missed
        this.#used.push(name);
        this.#usedBytes += this.#payload.bytes.length;
        this.#end();
    }

    #rescue(name: string): void {
        this.misses += 1;
        const { round } = this.#payload;
        if (this.misses > 10 && this.misses > round / 10) {
            const found = `${this.misses} of ${round} files were found only by looking into the folder`;
            const remedy = "the volume's file system does not report changes; use another medium or runtime class";
            this.#end(new TooManyMisses(`file events do not arrive at the writer: ${found}; ${remedy}`));
        } else this.#accept(name);
    }

    #end(error?: Error): void {
        if (this.#awaited === 0) return;
        this.#awaited = 0;
        this.#done(error);
    }

    /**
     * Deletes what is used, with blocking calls in every variant: it is not timed. The events of that must not reach into the next timed round: small untimed rounds follow,
     * rather than a rest, after which the first rounds would be slow (idle cores, cold caches).
     */
    async #delete(): Promise<void> {
        if (this.#used.length === 0) return;
        const { ready, ack } = this.#layout;
        for (const name of this.#used) {
            rmSync(join(ack, name), { force: true });
            rmSync(join(ready, String(roundOf(name))), { force: true });
        }
        this.#used = [];
        this.#usedBytes = 0;
        for (let round = 0; round < this.#calls.settlingRounds; round++) {
            await new Promise<void>((resolve, reject) => {
                this.#send(this.#payload.smallest, (error) => (error === undefined ? resolve() : reject(error)));
            });
        }
    }
}
