import type { Volume } from "./arms.ts";

/** Port of every agent except the reader's, which shares the writer's Pod. */
export const agentPort = 7070;
/** Port of the reader's agent. */
export const readerAgentPort = 7071;
/** Port of the receiver's `POST /upload`. */
export const uploadPort = 8080;
/** Where each shared volume is mounted in writer and reader, by its name in arms.ts. */
export const volumePaths: Record<Volume, string> = { main: "/volume", disk: "/volume-disk", claim: "/volume-claim" };
/** Where the workload code is mounted; the entry points are `<role>.server.mjs`, and `driver.mjs`. */
export const codePath = "/hopcost";
/** Where the driver finds its plan. */
export const planPath = "/hopcost-plan/plan.json";
/** Where the Pods of a scenario find its schedule, once the driver has written one. */
export const schedulePath = "/hopcost-schedule/schedule.json";
/** Where responders of a scenario keep their ledgers: on a volume, which outlives the container. */
export const ledgerPath = "/hopcost-ledger";
/** Where they keep them under the mount point of a volume that outlives the Pod too. */
export const ledgerOnClaim = "scenario/ledger";

/** Environment variables that the components set and the workloads read. */
export const variables = {
    agentPort: "HOPCOST_AGENT_PORT",
    uploadPort: "HOPCOST_UPLOAD_PORT",
    namespace: "HOPCOST_NAMESPACE",
    nodeName: "HOPCOST_NODE_NAME",
    podName: "HOPCOST_POD_NAME",
    podIp: "HOPCOST_POD_IP",
    networkPolicy: "HOPCOST_NETWORK_POLICY",
    ledger: "HOPCOST_LEDGER",
    schedule: "HOPCOST_SCHEDULE",
    drain: "HOPCOST_DRAIN",
} as const;
/** Environment variable with the path of each shared volume. */
export const volumeVariables: Record<Volume, string> = {
    main: "HOPCOST_VOLUME",
    disk: "HOPCOST_DISK_VOLUME",
    claim: "HOPCOST_CLAIM_VOLUME",
};
