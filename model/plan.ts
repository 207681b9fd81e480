import { type Static, Type } from "@sinclair/typebox";
import { isMain, mainArms, repeatArm } from "./arms.ts";
import { ArmName, Medium, ModeName, Payload, Placement, Seed, Size, schemaVersion, UnavailableArm } from "./fields.ts";
import { dnsLabelPattern } from "./names.ts";
import { Instance, ScenarioPlan } from "./scenarios.ts";

/**
 * How a cell is measured. `closed-loop`: one round trip in flight, which gives service time; `phases`: the same with
 * timestamps inside the round trip, so that closed-loop cells stay undisturbed; `constant-rate`: at a constant rate, timed
 * from the intended start, so that times include queueing; `throughput`: several in flight.
 */
export const modes = ["closed-loop", "phases", "constant-rate", "throughput"] as const;
/** One of {@link modes}. */
export type Mode = (typeof modes)[number];

/** Address of the agent of one role. */
export const Endpoint = Type.Object({
    /** Base URL, e.g. `http://net-sender:7070`; resolves within the namespace. */
    agent: Type.String(),
});
export type Endpoint = Static<typeof Endpoint>;

/** Addresses of both ends of a topology. */
export const Target = Type.Object({
    initiator: Endpoint,
    responder: Endpoint,
    /** URL of the sender's POST, e.g. `http://net-receiver:8080/upload`; absent if the topology has no such path. */
    uploadUrl: Type.Optional(Type.String()),
});
export type Target = Static<typeof Target>;

/** One arm in one mode at some payload sizes. */
export const PlanCells = Type.Object({
    arm: ArmName,
    mode: ModeName,
    /** Bytes. */
    sizes: Type.Array(Size, { minItems: 1, uniqueItems: true }),
});
export type PlanCells = Static<typeof PlanCells>;

/** The driver's input: everything that determines the order and length of the measurements. */
export const Plan = Type.Object({
    schemaVersion: Type.Literal(schemaVersion),
    /** Version of hopcost that made the plan, e.g. `0.1.0`. */
    hopcostVersion: Type.String(),
    runId: Type.String({ pattern: dnsLabelPattern(32) }),
    /** Seed of the order of arms within a round, of sizes within a trial, and of random payloads. */
    seed: Seed,
    profile: Type.String(),
    /** What is measured, in the order within a trial; each pair of arm and mode once. */
    cells: Type.Array(PlanCells, { minItems: 1 }),
    /** Requested arms that can't be measured on this stack; none of them is in `cells`. */
    unavailable: Type.Array(UnavailableArm),
    /** Content of the payloads. */
    payload: Payload,
    /** Trials of each arm. */
    rounds: Type.Integer({ minimum: 1, maximum: 1000 }),
    /** Maximum trials of the headline arms, which get more until their intervals are narrow enough; `rounds` or more. */
    maxRounds: Type.Integer({ minimum: 1, maximum: 1000 }),
    /** Narrow enough: relative half-width of the ratio's 95% interval, e.g. 0.05, at every size. */
    targetHalfWidth: Type.Number({ exclusiveMinimum: 0 }),
    /** Warm-up of each trial, seconds; continues until `warmupRoundTrips` are done as well. */
    warmupSeconds: Type.Number({ minimum: 0 }),
    warmupRoundTrips: Type.Integer({ minimum: 0 }),
    /** Time slice of each closed-loop cell, seconds; continues until `cellRoundTrips` are done as well. */
    cellSeconds: Type.Number({ exclusiveMinimum: 0 }),
    cellRoundTrips: Type.Integer({ minimum: 1 }),
    /** Time slice of each cell in another mode, seconds. */
    diagnosticSeconds: Type.Number({ exclusiveMinimum: 0 }),
    /** Round trips per second of the constant-rate cells. */
    ratePerSecond: Type.Number({ exclusiveMinimum: 0 }),
    /** Round trips in flight in the throughput cells. */
    concurrency: Type.Integer({ minimum: 2, maximum: 64 }),
    /** Deadline of the whole Job, seconds. */
    deadlineSeconds: Type.Integer({ minimum: 1 }),
    /** Requested placement. */
    placement: Placement,
    /** Image of the measured containers. */
    image: Type.String(),
    /** Hash of the workload code. */
    codeHash: Type.String(),
    /** Medium of the main shared volume. */
    volumeMedium: Medium,
    /** Addresses of the topologies, by their names in arms.ts; absent if none of the topology's arms is measured. */
    targets: Type.Record(Type.String(), Target),
    /** Base URL of the Prometheus that scrapes the agents, e.g. `http://metrics-prometheus:9090`. */
    prometheusUrl: Type.Optional(Type.String()),
    /** Failures that are injected after the trials; absent without any. */
    scenarios: Type.Optional(ScenarioPlan),
    /** What they may hurt; as many of each topology as injections go on at once. */
    instances: Type.Optional(Type.Array(Instance)),
});
export type Plan = Static<typeof Plan>;

/** What is measured: the list that plan and results share. */
type WithCells = Pick<Plan, "cells">;

/** The measured arms, in the order of the plan. */
export function armsOf({ cells }: WithCells): string[] {
    return [...new Set(cells.map(({ arm }) => arm))];
}

/** The cells of an arm, in the order of the plan. */
export function cellsOf({ cells }: WithCells, arm: string): PlanCells[] {
    return cells.filter((candidate) => candidate.arm === arm);
}

/** The sizes at which an arm is measured in a mode; none if it is not. */
export function sizesOf({ cells }: WithCells, arm: string, mode: Mode = "closed-loop"): readonly number[] {
    return cells.find((candidate) => candidate.arm === arm && candidate.mode === mode)?.sizes ?? [];
}

/** Whether both main arms are measured, so that there can be a verdict. */
export function hasBothMainArms(plan: WithCells): boolean {
    const arms = armsOf(plan);
    return Object.values(mainArms).every((arm) => arms.includes(arm));
}

/** The sizes of the main arms in the closed loop, ascending. */
export function mainSizes(plan: WithCells): number[] {
    return closedLoopSizes(plan, armsOf(plan).filter(isMain));
}

/** The sizes of the ablation arms, ascending, without A/A; if A/A is the only ablation arm, its sizes. */
export function ablationSizes(plan: WithCells): number[] {
    const ablations = armsOf(plan).filter((arm) => !isMain(arm));
    const explaining = ablations.filter((arm) => arm !== repeatArm);
    return closedLoopSizes(plan, explaining.length > 0 ? explaining : ablations);
}

/** The sizes of the given arms, by default of all, in the closed loop; ascending. */
export function closedLoopSizes(plan: WithCells, arms: readonly string[] = armsOf(plan)): number[] {
    return [...new Set(arms.flatMap((arm) => sizesOf(plan, arm)))].sort((one, other) => one - other);
}
