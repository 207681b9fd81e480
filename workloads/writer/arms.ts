import type { Arm } from "../../model/arms.ts";
import type { StartTrial } from "../agent/api.ts";
import type { UploadTarget } from "../http/http-transport.ts";
import { socketFileOn } from "../http/socket-file.ts";
import { type OpenLane, roundDeadlineSeconds } from "../initiator.ts";
import type { ServerSettings } from "../settings.ts";
import { type FileArm, fileArms } from "../volume/file-arms.ts";
import { FileTransport } from "../volume/file-transport.ts";
import { cleanLane, cleanVolume, layoutOf, volumeOf } from "../volume/layout.ts";

/** How the lanes of a trial are opened. */
type Open = (trial: StartTrial, settings: ServerSettings) => OpenLane;

const files = (arm: FileArm): Open => {
    return (trial, { volumes }) => {
        const volume = volumeOf(trial, volumes);
        // The reader has done so before; but an ack of an earlier trial must not be there whatever happened since.
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
        // Not loaded by the arms with files: what memory their processes take is told as theirs.
        const { HttpTransport } = await import("../http/http-transport.ts");
        return new HttpTransport(target(trial, settings), payload, roundDeadlineSeconds);
    };
};

/** What the writer offers. */
export const writerArms: Partial<Record<Arm, Open>> = {
    ...Object.fromEntries(Object.entries(fileArms).map(([arm, how]) => [arm, files(how)])),
    "network/localhost": http((_trial, { uploadPort }) => ({ url: `http://127.0.0.1:${uploadPort}/upload` })),
    "network/unix-socket": http((trial, { volumes }) => {
        return { url: "http://localhost/upload", socketPath: socketFileOn(volumeOf(trial, volumes)) };
    }),
};
