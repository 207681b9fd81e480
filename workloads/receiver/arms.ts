import type { Arm } from "../../model/arms.ts";
import type { StartTrial } from "../agent/api.ts";
import { anyAddress } from "../any-address.ts";
import { httpResponder } from "../http/http-responder.ts";
import { nobody, type Responder } from "../responder.ts";
import type { ServerSettings } from "../settings.ts";

/** Starts the responder of a trial. */
type Listen = (trial: StartTrial, settings: ServerSettings) => Promise<Responder>;

const http: Listen = ({ maxSize }, { uploadPort }) => httpResponder(maxSize, { host: anyAddress, port: uploadPort });

/** The receiver's arms. */
export const receiverArms: Partial<Record<Arm, Listen>> = {
    "network/cluster-ip": http,
    "network/cluster-ip-repeat": http,
    "network/pod-ip": http,
    "network/cross-node": http,
    "floor/noop": async () => nobody(),
};
