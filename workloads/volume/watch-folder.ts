import { watch as fsWatch } from "node:fs";
import { basename } from "node:path";
import { watch as chokidarWatch } from "chokidar";

/** How a folder is watched: by chokidar, the usual choice, or by Node's own fs.watch, the fastest it can do. */
export type WatcherKind = "chokidar" | "fs-watch";

/** A watched folder. */
export interface Watched {
    close(): Promise<void>;
}

/**
 * Watches a folder that holds no other folder; resolves once no event can be missed any more.
 * @param onName called with the name of each new file; by fs-watch also with that of a deleted one
 * @param onError called where the watcher itself fails
 */
export async function watchFolder(
    kind: WatcherKind,
    folder: string,
    onName: (name: string) => void,
    onError: (error: Error) => void,
): Promise<Watched> {
    if (kind === "fs-watch") {
        // inotify watches before fs.watch returns.
        const watcher = fsWatch(folder, (event, name) => {
            if (event === "rename" && name !== null) onName(name);
        });
        watcher.on("error", onError);
        return { close: async () => watcher.close() };
    }
    const watcher = chokidarWatch(folder, {
        ignoreInitial: true,
        // Both wait for a file to settle, by 100 ms and more; a renamed file is complete.
        atomic: false,
        awaitWriteFinish: false,
        depth: 0,
        usePolling: false,
    });
    watcher.on("add", (path) => onName(basename(path)));
    watcher.on("error", (error) => onError(error instanceof Error ? error : new Error(String(error))));
    await new Promise<void>((resolve) => watcher.once("ready", resolve));
    return { close: () => watcher.close() };
}
