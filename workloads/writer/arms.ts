import type { Arm } from "../../model/arms.ts";
import type { StartTrial } from "../agent/api.ts";
import type { UploadTarget } from "../http/http-transport.ts";
import { socketFileOn } from "../http/socket-file.ts";
import { type OpenLane, roundDeadlineSeconds } from "../initiator.ts";
import type { ServerSettings } from "../settings.ts";
import { type FileArm, fileArms } from "../volume/file-arms.ts";
import { FileTransport } from "../volume/file-transport.ts";
import { cleanLane, cleanVolume, layoutOf, volumeOf } from "../volume/layout.ts";

/** Opens the lanes of a trial. */
type Open = (trial: StartTrial, settings: ServerSettings) => OpenLane;

const files = (arm: FileArm): Open => {
    return (trial, { volumes }) => {
        const volume = volumeOf(trial, volumes);
        // The reader has done this before, but an ack of an earlier trial must never remain, whatever happened since.
        cleanVolume(volume);
        return (payload, lane) => {
            const layout = layoutOf(volume, lane);
            cleanLane(layout);
            return FileTransport.start(arm, layout, payload, trial.maxSize);
        };
    };
};

const http = (target: (trial: StartTrial, settings: ServerSettings) => UploadTarget): Open => {
    return (trial, settings) => async (payload) => {
        // Not loaded by the file arms, because the memory of their processes is reported as theirs.
        const { HttpTransport } = await import("../http/http-transport.ts");
        return new HttpTransport(target(trial, settings), payload, roundDeadlineSeconds);
    };
};

/** The writer's arms. */
export const writerArms: Partial<Record<Arm, Open>> = {
    ...Object.fromEntries(Object.entries(fileArms).map(([arm, how]) => [arm, files(how)])),
    "network/localhost": http((_trial, { uploadPort }) => ({ url: `http://127.0.0.1:${uploadPort}/upload` })),
    "network/unix-socket": http((trial, { volumes }) => {
        return { url: "http://localhost/upload", socketPath: socketFileOn(volumeOf(trial, volumes)) };
    }),
};
