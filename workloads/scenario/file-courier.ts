import { closeSync, existsSync, openSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { messageOf } from "../../model/error.ts";
import { monotonicClock } from "../clock.ts";
import type { Layout } from "../volume/layout.ts";
import { type Watched, watchFolder } from "../volume/watch-folder.ts";
import type { Channel } from "./channel.ts";
import { sequenceOf } from "./folders.ts";
import type { Load } from "./load.ts";
import { OutgoingMessage } from "./message.ts";

/** Time between two looks for files that are gone without an ack, in ms; also the age from which a message is looked for. */
const lookMs = 100;

/**
 * Puts each message as a file into a folder that the reader watches, and waits for its ack file. An attempt that is given up
 * withdraws its file: without one the reader has taken it, and it is not known what became of it.
 */
export class FileCourier implements Channel {
    readonly #folders: Layout;
    readonly #load: Load;
    readonly #message: OutgoingMessage;
    readonly #looks: boolean;
    #watched: Watched | undefined;
    #timer: NodeJS.Timeout | undefined;

    /** @param looks whether files that are gone without an ack end their attempt, so that they are put again */
    constructor(folders: Layout, payloadBytes: number, looks: boolean, load: Load) {
        this.#folders = folders;
        this.#load = load;
        this.#message = new OutgoingMessage(payloadBytes);
        this.#looks = looks;
    }

    /** Watches, then looks for acks that came before: this can be the next process of one that waited for them. */
    async open(): Promise<void> {
        const complain = (error: Error) => console.error(`writer: ${error.message}`);
        // Not chokidar, which the reader has: it reads the folder at each event, and this program must take little CPU time.
        this.#watched = await watchFolder("fs-watch", this.#folders.ack, this.#onAck, complain);
        for (const name of await readdir(this.#folders.ack)) this.#onAck(name);
        if (this.#looks) this.#lookAgain(lookMs);
    }

    send(sequence: number): void {
        this.#message.write(sequence);
        const tmp = `${this.#folders.tmp}/${sequence}`;
        try {
            put(tmp, `${this.#folders.ready}/${sequence}`, this.#message.bytes);
        } catch {
            // Without a name in the reader's folder it has certainly not arrived. Half a file would keep the volume full.
            remove(tmp);
            this.#load.failed(sequence, true);
        }
    }

    giveUp(sequence: number): void {
        this.#load.failed(sequence, remove(`${this.#folders.ready}/${sequence}`));
    }

    async close(): Promise<void> {
        clearTimeout(this.#timer);
        this.#looksNoMore = true;
        await this.#watched?.close();
    }

    #looksNoMore = false;

    /** Of an ack's creation, and again of its deletion, which changes nothing. */
    #onAck = (name: string): void => {
        const sequence = sequenceOf(name);
        if (sequence !== undefined) this.#load.acknowledged(sequence);
        remove(`${this.#folders.ack}/${name}`);
    };

    #lookAgain(ms: number): void {
        if (this.#looksNoMore) return;
        this.#timer = setTimeout(() => void this.#look(), ms);
    }

    /** Never uses more than a tenth of the time, however many files wait. */
    async #look(): Promise<void> {
        const before = monotonicClock();
        try {
            await this.#endGone(before - lookMs * 1e6);
        } catch (error) {
            console.error(`writer: ${messageOf(error)}`); // the folder has vanished: the attempts' own time ends them
        }
        this.#lookAgain(Math.max(lookMs, (9 * (monotonicClock() - before)) / 1e6));
    }

    /** Ends attempts whose file is gone without an ack. The reader makes the ack before it removes the file. */
    async #endGone(sentBeforeNs: number): Promise<void> {
        let waiting = 0;
        this.#load.eachInFlight(sentBeforeNs, () => {
            waiting += 1;
        });
        if (waiting === 0) return;
        const ready = new Set(await readdir(this.#folders.ready));
        for (const name of await readdir(this.#folders.ack)) this.#onAck(name); // its event was missed, or comes later
        this.#load.eachInFlight(sentBeforeNs, (sequence) => {
            if (ready.has(String(sequence))) return;
            const isThere = [this.#folders.ready, this.#folders.ack].some((folder) =>
                existsSync(`${folder}/${sequence}`),
            );
            if (!isThere) this.#load.failed(sequence, false);
        });
    }
}

/** Writes a file and renames it, with blocking calls: they take less CPU time than others. */
function put(tmp: string, ready: string, bytes: Buffer): void {
    const file = openSync(tmp, "w", 0o644);
    try {
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
    } finally {
        closeSync(file);
    }
    renameSync(tmp, ready);
}

/** @returns whether the file was there */
function remove(path: string): boolean {
    try {
        unlinkSync(path);
        return true;
    } catch {
        return false;
    }
}
