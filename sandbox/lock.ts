import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeFolder } from "./make-folder.ts";
import { identityOf, isAlive, isIdentity, type ProcessIdentity } from "./process-identity.ts";
import { formatElapsed, type Say } from "./say.ts";

const pollMs = 250;
const sayEveryMs = 2000;
/** A takeover takes microseconds; a guard this old belongs to a process that died during it. */
const guardTooOldMs = 10_000;

/**
 * Does the work while holding a lock file. A second process waits and reports that; the lock of a dead process is taken
 * over. Works across checkouts, users of one home, and reboots.
 * @param path path of the lock file; its folder is created if missing
 * @param what work done under the lock, for the waiting process's message
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
    makeFolder(dirname(path));
    if (create(path)) return true;
    const holder = holderOf(path);
    if (holder !== undefined && isAlive(holder)) return false;
    return takeOver(path);
}

/** The lock's holder; undefined if there is none or the file is damaged. */
export function holderOf(path: string): ProcessIdentity | undefined {
    try {
        const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
        return isIdentity(parsed) ? parsed : undefined;
    } catch {
        return undefined;
    }
}

/** A lock file is never empty: it is written under another name, then linked. */
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

/**
 * Removes a dead holder's lock under a second lock, so that two waiting processes can't remove each other's new one.
 */
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
