import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { identityOf, isAlive, isIdentity, type ProcessIdentity } from "./process-identity.ts";
import { formatElapsed, type Say } from "./say.ts";

const pollMs = 250;
const sayEveryMs = 2000;
/** Taking over takes microseconds; a guard this old belongs to a process that died in between. */
const guardTooOldMs = 10_000;

/**
 * Does the work while holding a lock that is one file. A second process waits and says so; the lock of a process that
 * has died is taken over. Works between checkouts, users of one home, and after a reboot.
 * @param path of the lock file; its folder is made if missing
 * @param what is being done under the lock, for the message of the one who waits
 */
export async function withLock<T>(path: string, what: string, say: Say, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    let saidAt = Number.NEGATIVE_INFINITY;
    while (!tryLock(path)) {
        const now = performance.now();
        if (now - saidAt >= sayEveryMs) {
            const holder = holderOf(path);
            const by = holder === undefined ? "another process" : `process ${holder.pid}`;
            say(`waiting for ${by}, which is ${what}: ${formatElapsed(now - start)} (lock ${path})`);
            saidAt = now;
        }
        await sleep(pollMs);
    }
    try {
        return await work();
    } finally {
        rmSync(path, { force: true });
    }
}

/** Takes the lock if it is free or its holder is dead. @returns whether this process has it now */
export function tryLock(path: string): boolean {
    mkdirSync(dirname(path), { recursive: true });
    if (create(path)) return true;
    const holder = holderOf(path);
    if (holder !== undefined && isAlive(holder)) return false;
    return takeOver(path);
}

/** Who holds the lock; undefined if nobody does or the file is damaged. */
export function holderOf(path: string): ProcessIdentity | undefined {
    try {
        const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
        return isIdentity(parsed) ? parsed : undefined;
    } catch {
        return undefined;
    }
}

/** A lock never exists without its content: the file is written under another name and linked to its place. */
function create(path: string): boolean {
    const draft = `${path}.${process.pid}.${randomUUID()}`;
    writeFileSync(draft, JSON.stringify(identityOf(process.pid)));
    try {
        linkSync(draft, path);
        return true;
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
        throw error;
    } finally {
        rmSync(draft, { force: true });
    }
}

/** Removes a dead holder's lock under a second lock, so that two who wait cannot remove each other's new one. */
function takeOver(path: string): boolean {
    const guard = `${path}.takeover`;
    if (!create(guard)) {
        const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
        if (age > guardTooOldMs) rmSync(guard, { force: true });
        return false;
    }
    try {
        const holder = holderOf(path);
        if (holder !== undefined && isAlive(holder)) return false;
        rmSync(path, { force: true });
        return create(path);
    } finally {
        rmSync(guard, { force: true });
    }
}
