import type { Arm } from "../../model/arms.ts";
import { blockingReads, promisedReads, type ReadCalls } from "./read-calls.ts";
import type { WatcherKind } from "./watch-folder.ts";
import { type Put, putBlocking, putPromised, putSynced } from "./write-calls.ts";

/** How an arm hands files over; the volume on which it does so is in report/arms.ts. */
export interface FileArm {
    /** At both ends. */
    watcher: WatcherKind;
    /** The writer's. */
    put: Put;
    /** The reader's. */
    reads: ReadCalls;
    /** Rounds after which the used files are deleted, if their bytes don't demand it before. */
    filesKept: number;
}

/** `volume/fs-watch`: the fastest that Node can do. */
const fastest: FileArm = { watcher: "fs-watch", put: putBlocking, reads: blockingReads, filesKept: 64 };

/** The arms that hand files over, for both ends. */
export const fileArms = {
    "volume/chokidar": {
        watcher: "chokidar",
        put: putPromised,
        reads: promisedReads,
        // chokidar reads the folder anew at each event: with 8 files a round took 9% longer than with 2, with 4 no more than 2%
        filesKept: 4,
    },
    "volume/fs-watch-async": { watcher: "fs-watch", put: putPromised, reads: promisedReads, filesKept: 64 },
    "volume/fs-watch": fastest,
    "volume/disk": fastest,
    "volume/disk-fsync": { ...fastest, put: putSynced },
    "volume/pvc": fastest,
} as const satisfies Partial<Record<Arm, FileArm>>;
