import { watch as fsWatch } from "node:fs";
import { basename } from "node:path";
import { watch as chokidarWatch } from "chokidar";
import { inotifyLimits } from "../../model/inotify.ts";

/** How a folder is watched: by chokidar, the usual choice, or by Node's fs.watch, the fastest one. */
export type WatcherKind = "chokidar" | "fs-watch";

/** The kernel lets this user watch nothing more. */
export class WatchLimit extends Error {
    override name = "WatchLimit";
}

/** A watched folder. */
export interface Watched {
    close(): Promise<void>;
}

/**
 * Watches a folder without subfolders; resolves once no event can be missed.
 * @param onName called with the name of each new file; by fs-watch also of each deleted one
 * @param onError called if the watcher fails later
 * @throws WatchLimit if the node's limits leave nothing for this user; else what the kernel says
 */
export async function watchFolder(
    kind: WatcherKind,
    folder: string,
    onName: (name: string) => void,
    onError: (error: Error) => void,
): Promise<Watched> {
    try {
        return kind === "fs-watch"
            ? watchWithNode(folder, onName, onError)
            : await watchWithChokidar(folder, onName, onError);
    } catch (error) {
        throw limitReached(folder, error as NodeJS.ErrnoException);
    }
}

function watchWithNode(folder: string, onName: (name: string) => void, onError: (error: Error) => void): Watched {
    // inotify watches before fs.watch returns.
    const watcher = fsWatch(folder, (event, name) => {
        if (event === "rename" && name !== null) onName(name);
    });
    watcher.on("error", onError);
    return { close: async () => watcher.close() };
}

async function watchWithChokidar(
    folder: string,
    onName: (name: string) => void,
    onError: (error: Error) => void,
): Promise<Watched> {
    const watcher = chokidarWatch(folder, {
        ignoreInitial: true,
        // Both wait 100 ms or more for a file to settle; a renamed file is already complete.
        atomic: false,
        awaitWriteFinish: false,
        depth: 0,
        usePolling: false,
    });
    watcher.on("add", (path) => onName(basename(path)));
    // chokidar is ready even if it could not watch.
    const failed: unknown[] = [];
    watcher.on("error", (error) => failed.push(error));
    await new Promise<void>((resolve) => watcher.once("ready", resolve));
    if (failed.length > 0) {
        await watcher.close();
        throw failed[0];
    }
    watcher.on("error", (error) => onError(error instanceof Error ? error : new Error(String(error))));
    return { close: () => watcher.close() };
}

function limitReached(folder: string, error: NodeJS.ErrnoException): Error {
    const sysctl = inotifyLimits[error.code ?? ""];
    if (sysctl === undefined) return error;
    return new WatchLimit(
        `${folder} can't be watched (${error.code}): user ${process.getuid?.()} has reached ${sysctl} of the node; raise it with: sysctl -w ${sysctl}=NUMBER`,
        { cause: error },
    );
}
