import type { Arm } from "../../model/arms.ts";
import type { StartTrial } from "../agent/api.ts";
import { HttpTransport } from "../http/http-transport.ts";
import { type OpenLane, roundDeadlineSeconds } from "../initiator.ts";
import { NoopTransport } from "./noop-transport.ts";

/** Opens the lanes of a trial. */
type Open = (trial: StartTrial) => OpenLane;

const http: Open = ({ uploadUrl: url }) => {
    if (url === undefined) throw new Error("the sender needs uploadUrl");
    return async (payload) => new HttpTransport({ url }, payload, roundDeadlineSeconds);
};

/** The sender's arms. */
export const senderArms: Partial<Record<Arm, Open>> = {
    "network/cluster-ip": http,
    "network/cluster-ip-repeat": http,
    "network/pod-ip": http,
    "network/cross-node": http,
    "floor/noop": () => async (payload) => new NoopTransport(payload),
};
