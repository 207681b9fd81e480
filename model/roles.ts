import type { Topology } from "./arms.ts";

/** Roles of the measured containers. */
export const measuredRoles = ["sender", "receiver", "writer", "reader"] as const;
/** One of {@link measuredRoles}. */
export type MeasuredRole = (typeof measuredRoles)[number];

/** Roles of the programs that run in the cluster, one folder of `workloads/` each. */
export const roles = [...measuredRoles, "driver"] as const;
/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** Roles at both ends of an arm, by the arm's topology. */
export const endsOf: Record<Topology, { initiator: MeasuredRole; responder: MeasuredRole }> = {
    network: { initiator: "sender", responder: "receiver" },
    "cross-node": { initiator: "sender", responder: "receiver" },
    volume: { initiator: "writer", responder: "reader" },
};
