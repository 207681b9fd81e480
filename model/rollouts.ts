/**
 * The rollouts of the scenario `rolling-update`: a matrix of how a Deployment replaces its Pods, and of what can help. The
 * driver carries them out, and the report finds them again by their names.
 */
import { type Static, Type } from "@sinclair/typebox";
import type { AvailabilityArgs, RollingUpdate } from "./availability.ts";
import { ScenarioName, TopologyName } from "./scenario-fields.ts";

/** How a Deployment replaces the old version. */
export const updates = {
    surge: { maxSurge: 1, maxUnavailable: 0 },
    unavailable: { maxSurge: 0, maxUnavailable: 1 },
    recreate: "Recreate",
} as const satisfies Record<string, "Recreate" | RollingUpdate>;
/** A name in {@link updates}. */
export type Update = keyof typeof updates;

/** What each switch of a {@link Rollout} sets if it is on. */
export const switches = {
    preStop: { preStopSeconds: 5 },
    ready: { readiness: { periodSeconds: 1, failureThreshold: 2 } },
    drain: { drain: true },
} as const satisfies Record<string, AvailabilityArgs>;
/** A name in {@link switches}. */
export type Switch = keyof typeof switches;

/** Grace period of the Pods: longer than the pause before SIGTERM. */
export const rolloutGraceSeconds = 15;

/** The settings of a rollout. */
export interface Rollout {
    update: Update;
    /** Whether the Pod serves for a while after the decision to end it. */
    preStop: boolean;
    /** Whether a readiness probe keeps traffic away from a Pod that doesn't serve yet. */
    ready: boolean;
    /** Whether the responder finishes what it has begun at SIGTERM. */
    drain: boolean;
    /** Whether both ends of a pair roll at once, or the reader is a native sidecar. @default neither */
    kind?: "both" | "sidecar";
}

const offAndOn = [false, true] as const;
/** All combinations without a kind, row by row of the matrix: each update without and with preStop has four, drain changes fastest. */
export const rollouts: readonly Rollout[] = (Object.keys(updates) as Update[]).flatMap((update) =>
    offAndOn.flatMap((preStop) =>
        offAndOn.flatMap((ready) => offAndOn.map((drain) => ({ update, preStop, ready, drain }))),
    ),
);

/** The scenario: `rolling-update/surge`, `rolling-update-sidecar/surge-prestop-ready-drain`: the update, and what is switched on. */
export function scenarioOfRollout(rollout: Rollout): string {
    const on = (Object.keys(switches) as Switch[]).filter((name) => rollout[name]);
    const scenario = ["rolling-update", rollout.kind].filter(Boolean).join("-");
    return `${scenario}/${[rollout.update, ...on].join("-").toLowerCase()}`;
}

/** A setting of a Deployment after which fewer messages of its rollouts are undelivered; the rule is in docs/scenarios.md. */
export const RolloutAdvice = Type.Object({
    topology: TopologyName,
    setting: Type.String({ description: "surge, ready, preStop, drain, sidecar; all: only the first four together" }),
    scenario: ScenarioName,
    reference: Type.String({ description: "The scenario that differs from it in this setting only" }),
    removes: Type.Boolean({ description: "No message of any rollout of the scenario was undelivered" }),
    pairs: Type.Integer({ description: "Pairs of scenarios that differ in this setting only" }),
    fewer: Type.Integer({ description: "Those in which the whole interval of the median with the setting is lower" }),
    more: Type.Integer({ description: "Those in which it is higher" }),
    chance: Type.Number({ description: "p-value over all pairs, adjusted for all settings of the run (Holm)" }),
    text: Type.String({ description: "One line with the figures of scenario and reference" }),
    yaml: Type.String({ description: "What sets it in the manifest of a Deployment" }),
});
export type RolloutAdvice = Static<typeof RolloutAdvice>;
