import { rmSync } from "node:fs";
import type { FastifyListenOptions } from "fastify";
import type { Arm } from "../../model/arms.ts";
import type { StartTrial } from "../agent/api.ts";
import { socketFileOn } from "../http/socket-file.ts";
import type { Responder } from "../responder.ts";
import type { ServerSettings } from "../settings.ts";
import { type FileArm, fileArms } from "../volume/file-arms.ts";
import { fileResponder } from "../volume/file-responder.ts";
import { volumeOf } from "../volume/layout.ts";

/** Starts the responder of a trial. */
type Listen = (trial: StartTrial, settings: ServerSettings) => Promise<Responder>;

const files = (arm: FileArm): Listen => {
    return (trial, { volumes }) => fileResponder(arm, volumeOf(trial, volumes), trial.maxSize);
};

const http = async (maxSize: number, where: FastifyListenOptions): Promise<Responder> => {
    // Not loaded by the file arms, because the memory of their processes is reported as theirs.
    const { httpResponder } = await import("../http/http-responder.ts");
    return httpResponder(maxSize, where);
};

/** The reader's arms. */
export const readerArms: Partial<Record<Arm, Listen>> = {
    ...Object.fromEntries(Object.entries(fileArms).map(([arm, how]) => [arm, files(how)])),
    "network/localhost": ({ maxSize }, { uploadPort }) => {
        return http(maxSize, { host: "127.0.0.1", port: uploadPort });
    },
    "network/unix-socket": (trial, { volumes }) => {
        const path = socketFileOn(volumeOf(trial, volumes));
        rmSync(path, { force: true }); // of an earlier trial, whose process was killed
        return http(trial.maxSize, { path });
    },
};
