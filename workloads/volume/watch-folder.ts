import { watch as fsWatch } from "node:fs";
import { basename } from "node:path";
import { watch as chokidarWatch } from "chokidar";

/** How a folder is watched: by chokidar, the usual choice, or by Node's fs.watch, the fastest one. */
export type WatcherKind = "chokidar" | "fs-watch";

/** A watched folder. */
export interface Watched {
    close(): Promise<void>;
}

/**
 * Watches a folder without subfolders; resolves once no event can be missed.
 * @param onName called with the name of each new file; by fs-watch also of each deleted one
 * @param onError called if the watcher itself fails
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
        // Both wait 100 ms or more for a file to settle; a renamed file is already complete.
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
