import { createHash } from "node:crypto";
import {
    accessSync,
    closeSync,
    constants,
    existsSync,
    fsyncSync,
    mkdirSync,
    openSync,
    readdirSync,
    renameSync,
    rmSync,
    statSync,
    utimesSync,
} from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { reasonOf, SandboxError } from "../errors.ts";
import { withLock } from "../lock.ts";
import { makeFolder } from "../make-folder.ts";
import type { Say } from "../say.ts";

/** Folder of builds, packages and images, shared by all checkouts: `$XDG_CACHE_HOME/hopcost` or `~/.cache/hopcost`. */
export function cacheRoot(env: NodeJS.ProcessEnv = process.env): string {
    const xdg = env.XDG_CACHE_HOME;
    // The XDG specification says to ignore relative paths.
    const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), ".cache");
    return join(base, "hopcost");
}

/** Twelve hex digits that change if any part, their number or their order changes. */
export function keyOf(parts: readonly (string | Uint8Array)[]): string {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(`${part.length}:`).update(part);
    return hash.digest("hex").slice(0, 12);
}

/** One entry of the cache: a folder that is complete or doesn't exist. */
export interface CacheEntry {
    /** Name of the folder, including its key. */
    name: string;
    /** What is being done, e.g. `building Kubernetes 1.36.4`, for waiting processes. */
    what: string;
    /** Fills the empty folder it is given. */
    make: (folder: string) => Promise<void>;
}

/** The folder of an existing entry, or undefined. Updates its time of last use. */
export function findCached(name: string): string | undefined {
    const folder = join(cacheRoot(), name);
    if (!existsSync(folder)) return undefined;
    const now = new Date();
    utimesSync(folder, now, now);
    return folder;
}

/**
 * Returns the folder of the entry, created now if missing. Only one process creates it, under another name until it is
 * complete and on disk.
 */
export async function cached(entry: CacheEntry, say: Say): Promise<string> {
    const ready = findCached(entry.name);
    if (ready !== undefined) return ready;
    makeRoot();
    const folder = join(cacheRoot(), entry.name);
    return withLock(`${folder}.lock`, entry.what, say, async () => {
        if (existsSync(folder)) return folder;
        removeDrafts(entry.name);
        const draft = `${folder}.draft-${process.pid}`;
        mkdirSync(draft, { recursive: true });
        try {
            await entry.make(draft);
            flush(draft);
            renameSync(draft, folder);
        } finally {
            rmSync(draft, { recursive: true, force: true });
        }
        removeUnused();
        return folder;
    });
}

/** @throws SandboxError that names the folder and the variable that chooses another */
function makeRoot(): void {
    try {
        makeFolder(cacheRoot());
        accessSync(cacheRoot(), constants.W_OK);
    } catch (error) {
        throw new SandboxError(
            `${cacheRoot()} can't be written (${reasonOf(error)}): builds, packages and images are kept there; set XDG_CACHE_HOME to a folder of yours`,
        );
    }
}

/** Removes entries that no checkout has used for a month: each can take hundreds of megabytes. */
function removeUnused(): void {
    const monthAgo = Date.now() - 30 * 24 * 3600 * 1000;
    for (const name of readdirSync(cacheRoot())) {
        const folder = join(cacheRoot(), name);
        if (!/-[0-9a-f]{12}(-go[\d.]+|-bin)?$/.test(name) || statSync(folder).mtimeMs > monthAgo) continue;
        rmSync(folder, { recursive: true, force: true });
    }
}

/** Drafts of this entry can only come from a dead process, because we hold the entry's lock. */
function removeDrafts(name: string): void {
    for (const other of readdirSync(cacheRoot())) {
        if (other.startsWith(`${name}.draft-`)) rmSync(join(cacheRoot(), other), { recursive: true, force: true });
    }
}

/** Data first, then the name: otherwise a power cut could leave the final name with incomplete data. */
function flush(folder: string): void {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const file = openSync(join(entry.parentPath, entry.name), "r");
        fsyncSync(file);
        closeSync(file);
    }
}
