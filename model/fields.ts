/** Schemas of single fields, each declared once. Saved documents may hold more than this version measures. */
import { Type } from "@sinclair/typebox";

/** Version of the schemas of plan, trial and results; a reader rejects other versions. */
export const schemaVersion = 3;

/** An arm, `family/variant`: one of arms.ts, or an arm of another version, which is kept and shown by its name. */
export const ArmName = Type.String({ pattern: "^[a-z0-9-]+/[a-z0-9-]+$" });
/** A mode: one of plan.ts, or a mode of another version. */
export const ModeName = Type.String({ pattern: "^[a-z][a-z0-9-]*$" });
/** A payload size in bytes; at least 16, since a payload starts with its sequence number: 16 digits. */
export const Size = Type.Integer({ minimum: 16 });
/** An arm that was requested but could not be measured. */
export const UnavailableArm = Type.Object({ arm: ArmName, reason: Type.String() });

/** Contents of a payload after its sequence number: the letter x repeated, or random bytes (seeded). */
export const payloads = ["repeated", "random"] as const;
export const Payload = Type.Union(payloads.map((payload) => Type.Literal(payload)));
/** Media of the main shared volume: tmpfs, or the node's disk. */
export const media = ["Memory", "Disk"] as const;
export const Medium = Type.Union(media.map((medium) => Type.Literal(medium)));
/**
 * Where the measured Pods run. `same-node`: all on one node; `cross-node`: the responder's Pod on another node than the
 * initiators' Pods, which share a node; `any`: the scheduler decides.
 */
export const placements = ["same-node", "cross-node", "any"] as const;
export const Placement = Type.Union(placements.map((placement) => Type.Literal(placement)));
/** Seed of a run's random numbers. */
export const Seed = Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 });
