import { type Static, Type } from "@sinclair/typebox";
import { seededRandom, shuffled } from "../statistics/random.ts";
import { type Arm, allArms, familyOf, headlineArms, isMain, mainArms, repeatArm } from "./arms.ts";
import { allSizes } from "./sizes.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
/** Sizes of the arms that explain: what a cause costs changes slowly from one size to the next. */
const fewSizes = [64, 4 * KIB, 64 * KIB, MIB, 16 * MIB];

/** How long and how often a profile measures; `full` is for the result that is published. */
export const profiles = {
    /** Both main arms at all sizes, and the noise floor, in a little more than a minute. */
    quick: {
        ...{ arms: [mainArms.network, mainArms.volume, repeatArm], sizes: allSizes },
        ...{ repeatSizes: [64, 64 * KIB], controlSizes: [64, 64 * KIB] },
        ...{ rounds: 3, maxRounds: 3, targetHalfWidth: 0.05, warmupSeconds: 1, warmupRoundTrips: 500 },
        ...{ cellSeconds: 0.35, cellRoundTrips: 20 },
        diagnostics: { seconds: 0.3, phaseSizes: [], openLoopSizes: [], throughputSizes: [] },
    },
    /** Every arm, with the warm-up and the trials that the method demands for a result to act on; at most 20 minutes. */
    standard: {
        ...{ arms: allArms, sizes: allSizes, repeatSizes: allSizes, controlSizes: fewSizes },
        ...{ rounds: 10, maxRounds: 11, targetHalfWidth: 0.05, warmupSeconds: 2, warmupRoundTrips: 2000 },
        ...{ cellSeconds: 0.45, cellRoundTrips: 100 },
        diagnostics: {
            ...{ seconds: 0.3, phaseSizes: fewSizes, openLoopSizes: [64, 64 * KIB] },
            throughputSizes: [64, 64 * KIB, MIB],
        },
    },
    /** Twice the trials, longer cells, and the controls at all sizes. */
    full: {
        ...{ arms: allArms, sizes: allSizes, repeatSizes: allSizes, controlSizes: allSizes },
        ...{ rounds: 20, maxRounds: 40, targetHalfWidth: 0.02, warmupSeconds: 2, warmupRoundTrips: 2000 },
        ...{ cellSeconds: 2, cellRoundTrips: 100 },
        diagnostics: {
            ...{ seconds: 1, phaseSizes: allSizes, openLoopSizes: [64, 64 * KIB, MIB] },
            throughputSizes: [64, 64 * KIB, MIB],
        },
    },
} as const satisfies Record<string, ProfileSettings>;
/** A name in {@link profiles}. */
export type Profile = keyof typeof profiles;

/** Round trips a second of an open-loop cell, where the stack names none: below what the slowest main arm can do. */
export const defaultRatePerSecond = 250;
/** Round trips in flight in a throughput cell, where the stack names no other number. */
export const defaultConcurrency = 4;

/**
 * How a cell is measured. `closed-loop`: one round trip in flight, which gives service time; `phases`: the same with the
 * moments inside a round trip noted, so that the others stay unburdened; `open-loop`: at a fixed rate, timed from the
 * intended start, so that queueing shows; `throughput`: several in flight.
 */
export const modes = ["closed-loop", "phases", "open-loop", "throughput"] as const;
/** One of {@link modes}. */
export type Mode = (typeof modes)[number];

const ArmName = Type.Unsafe<Arm>(Type.Union(allArms.map((arm) => Type.Literal(arm))));
const Sizes = (minItems: number) => Type.Array(Type.Integer({ minimum: 16 }), { minItems, uniqueItems: true });
const Endpoint = Type.Object({
    /** Base URL of the role's control server, e.g. `http://net-sender:7070`. */
    control: Type.String(),
});
const NetworkEndpoints = Type.Object({
    initiator: Endpoint,
    responder: Endpoint,
    /** Where the sender POSTs, e.g. `http://net-receiver:8080/upload`. */
    uploadUrl: Type.String(),
});

/** What the driver is told to do: everything that decides the order and length of the measurements. */
export const Plan = Type.Object(
    {
        schemaVersion: Type.Literal(2),
        runId: Type.String({ pattern: "^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$" }),
        /** Orders arms within a round and sizes within a block; makes random payloads. */
        seed: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
        profile: Type.String(),
        arms: Type.Array(ArmName, { minItems: 1, uniqueItems: true }),
        /** Arms that were asked for and can't be measured on this stack, with the reason; none of them is in `arms`. */
        unavailable: Type.Array(Type.Object({ arm: ArmName, reason: Type.String() })),
        /** Payload sizes of both main arms in bytes. */
        sizes: Sizes(1),
        /** Payload sizes of all other arms. */
        controlSizes: Sizes(1),
        /** Of the A/A arm: all of `sizes`, so that it is treated like the arm it repeats, or fewer to save time. */
        repeatSizes: Sizes(1),
        /** Content of the payloads: one repeated byte, or random bytes (seeded). */
        payload: Type.Union([Type.Literal("repeated"), Type.Literal("random")]),
        /** Trials of each arm. */
        rounds: Type.Integer({ minimum: 1 }),
        /** The headline arms get more, at most so many, until their intervals are narrow enough; `rounds` or more. */
        maxRounds: Type.Integer({ minimum: 1 }),
        /** Narrow enough: half the 95% interval of the ratio over the ratio, e.g. 0.05, at every size. */
        targetHalfWidth: Type.Number({ exclusiveMinimum: 0 }),
        /** Warm-up of each block, seconds; goes on until `warmupRoundTrips` are done as well. */
        warmupSeconds: Type.Number({ minimum: 0 }),
        warmupRoundTrips: Type.Integer({ minimum: 0 }),
        /** Time slice of each closed-loop cell, seconds; goes on until `cellRoundTrips` are done as well. */
        cellSeconds: Type.Number({ exclusiveMinimum: 0 }),
        cellRoundTrips: Type.Integer({ minimum: 1 }),
        /** What both main arms are measured for besides: after their closed-loop cells, in the same processes. */
        diagnostics: Type.Object({
            /** Time slice of each, seconds. */
            seconds: Type.Number({ exclusiveMinimum: 0 }),
            phaseSizes: Sizes(0),
            openLoopSizes: Sizes(0),
            /** Round trips a second of the open-loop cells. */
            ratePerSecond: Type.Number({ exclusiveMinimum: 0 }),
            throughputSizes: Sizes(0),
            /** Round trips in flight in the throughput cells. */
            concurrency: Type.Integer({ minimum: 2, maximum: 64 }),
        }),
        /** How long the whole Job may take, seconds. */
        deadlineSeconds: Type.Integer({ minimum: 1 }),
        /** Placement that was asked for. */
        placement: Type.Union([Type.Literal("same-node"), Type.Literal("cross-node"), Type.Literal("any")]),
        /** Image of the measured containers. */
        image: Type.String(),
        /** Hash of the workload code. */
        codeHash: Type.String(),
        /** Medium of the shared volume. */
        volumeMedium: Type.Union([Type.Literal("Memory"), Type.Literal("Disk")]),
        /** Where the topologies are reached, by the names in arms.ts; one whose arms are not measured is absent. */
        network: Type.Optional(NetworkEndpoints),
        "cross-node": Type.Optional(NetworkEndpoints),
        volume: Type.Optional(Type.Object({ initiator: Endpoint, responder: Endpoint })),
        /** Base URL of the Prometheus that scrapes the control servers, e.g. `http://metrics-prometheus:9090`. */
        prometheusUrl: Type.Optional(Type.String()),
    },
    { additionalProperties: false },
);
export type Plan = Static<typeof Plan>;

/** What decides the schedule of a run and how long it takes. */
export type Schedulable = Pick<
    Plan,
    | "seed"
    | "arms"
    | "sizes"
    | "controlSizes"
    | "repeatSizes"
    | "rounds"
    | "maxRounds"
    | "warmupSeconds"
    | "warmupRoundTrips"
    | "cellSeconds"
    | "cellRoundTrips"
    | "diagnostics"
>;
interface ProfileSettings
    extends Pick<Plan, "rounds" | "maxRounds" | "targetHalfWidth" | "warmupSeconds" | "warmupRoundTrips"> {
    arms: readonly Arm[];
    sizes: readonly number[];
    controlSizes: readonly number[];
    repeatSizes: readonly number[];
    cellSeconds: number;
    cellRoundTrips: number;
    diagnostics: Record<"phaseSizes" | "openLoopSizes" | "throughputSizes", readonly number[]> & { seconds: number };
}

/** One size in one mode. */
export interface ScheduledCell {
    mode: Mode;
    /** Payload, bytes. */
    size: number;
}

/** One arm with fresh processes at both ends, and its cells in the given order. */
export interface ScheduledBlock {
    /** Position in the run, from 0. */
    index: number;
    /** Which trial of its arm, from 0. */
    round: number;
    arm: Arm;
    cells: ScheduledCell[];
}

/**
 * The order of the run: the same plan always gives the same schedule, so that a resumed run goes on where it was.
 * Rounds from `plan.rounds` on hold the headline arms alone, and are carried out only as long as the intervals are too
 * wide.
 */
export function schedule(plan: Schedulable): ScheduledBlock[] {
    const random = seededRandom(plan.seed);
    const blocks: ScheduledBlock[] = [];
    for (let round = 0; round < plan.maxRounds; round++) {
        const arms = round < plan.rounds ? plan.arms : plan.arms.filter((arm) => headlineArms.includes(arm));
        for (const arm of shuffled(arms, random)) {
            const cells = cellsOf(arm, plan).flatMap(({ mode, sizes }) =>
                shuffled(sizes, random).map((size) => ({ mode, size })),
            );
            blocks.push({ index: blocks.length, round, arm, cells });
        }
    }
    return blocks;
}

/** What is measured of an arm, in this order: the closed loop comes first, in processes that did nothing else. */
export function cellsOf(
    arm: Arm,
    plan: Pick<Plan, "sizes" | "controlSizes" | "repeatSizes" | "diagnostics">,
): { mode: Mode; sizes: readonly number[] }[] {
    const closedLoop = { mode: "closed-loop" as const, sizes: closedLoopSizes(arm, plan) };
    if (!isMain(arm)) return [closedLoop];
    const { diagnostics } = plan;
    const all: { mode: Mode; sizes: readonly number[] }[] = [
        closedLoop,
        { mode: "phases", sizes: diagnostics.phaseSizes },
        { mode: "open-loop", sizes: diagnostics.openLoopSizes },
        { mode: "throughput", sizes: diagnostics.throughputSizes },
    ];
    return all.filter(({ sizes }) => sizes.length > 0);
}

/** At which sizes an arm is measured in the closed loop, in the order of the plan. */
export function closedLoopSizes(
    arm: Arm,
    { sizes, controlSizes, repeatSizes }: Readonly<Record<"sizes" | "controlSizes" | "repeatSizes", readonly number[]>>,
): readonly number[] {
    if (arm === repeatArm) return repeatSizes;
    if (familyOf(arm) === "floor") return [Math.min(...controlSizes)];
    return isMain(arm) ? sizes : controlSizes;
}

/** What a cell takes, seconds: its slice, or its round trips if they take longer, and what is done around it. */
export function cellSecondsOf(
    { mode, size }: ScheduledCell,
    { cellSeconds, cellRoundTrips, diagnostics }: Pick<Plan, "cellSeconds" | "cellRoundTrips" | "diagnostics">,
): number {
    if (mode !== "closed-loop") return diagnostics.seconds + aroundSeconds;
    return Math.max(cellSeconds, cellRoundTrips * size * secondsPerByte) + aroundSeconds;
}
/** Preparing a cell, checking what arrived, and reading the counters. */
const aroundSeconds = 0.06;
/** What 16 MiB take on the machines of the method: about 11 ms. */
const secondsPerByte = 0.7e-9;
/** Fresh processes at both ends, and the journal. */
const blockSeconds = 1;

/**
 * How long the plan takes at least, in seconds, without rounds beyond `plan.rounds`. Used for the time left and to
 * refuse a plan that can't fit its deadline.
 */
export function expectedSeconds(plan: Schedulable): number {
    return schedule({ ...plan, maxRounds: plan.rounds }).reduce(
        (sum, block) => sum + expectedBlockSeconds(block, plan),
        0,
    );
}

/** How long a block takes at least, seconds. */
export function expectedBlockSeconds({ cells }: ScheduledBlock, plan: Schedulable): number {
    return cells.reduce((sum, cell) => sum + cellSecondsOf(cell, plan), blockSeconds + plan.warmupSeconds);
}
