import type { Arm } from "../../model/arms.ts";
import { blockingReads, promisedReads, type ReadCalls } from "./read-calls.ts";
import type { WatcherKind } from "./watch-folder.ts";
import { type Put, putBlocking, putPromised, putSynced } from "./write-calls.ts";

/** How an arm hands over files; model/arms.ts has the volume it uses. */
export interface FileArm {
    /** Used at both ends. */
    watcher: WatcherKind;
    /** The writer's. */
    put: Put;
    /** The reader's. */
    reads: ReadCalls;
    /** Round trips after which used files are deleted, unless their size requires it earlier. */
    filesKept: number;
}

/** `volume/fs-watch`: the fastest way in Node. */
const fastest: FileArm = { watcher: "fs-watch", put: putBlocking, reads: blockingReads, filesKept: 64 };

/** The arms that hand over files, for both ends. */
export const fileArms = {
    "volume/chokidar": {
        watcher: "chokidar",
        put: putPromised,
        reads: promisedReads,
        // chokidar rereads the folder at each event: with 8 files a round trip took 9% longer than with 2, with 4 at
        // most 2%
        filesKept: 4,
    },
    "volume/fs-watch-async": { watcher: "fs-watch", put: putPromised, reads: promisedReads, filesKept: 64 },
    "volume/fs-watch": fastest,
    "volume/disk": fastest,
    "volume/disk-fsync": { ...fastest, put: putSynced },
    "volume/pvc": fastest,
} as const satisfies Partial<Record<Arm, FileArm>>;
