import { type Static, Type } from "@sinclair/typebox";
import { type Arm, allArms } from "./arms.ts";
import { seededRandom, shuffled } from "./random.ts";

/** How long and how often a profile measures; `full` is for the result that is published. */
export const profiles = {
    /** Both main arms at all sizes in about a minute. */
    quick: { rounds: 3, warmupSeconds: 1, warmupRoundTrips: 500, cellSeconds: 0.55 },
    /** Warm-up and trials as method demands for a result to act on; about a quarter of an hour for two arms. */
    standard: { rounds: 10, warmupSeconds: 2, warmupRoundTrips: 2000, cellSeconds: 2 },
    /** Twice the trials and longer cells, so that p99 exists at the large sizes as well. */
    full: { rounds: 20, warmupSeconds: 2, warmupRoundTrips: 2000, cellSeconds: 5 },
} as const;
/** A name in {@link profiles}. */
export type Profile = keyof typeof profiles;

const Endpoint = Type.Object({
    /** Base URL of the role's control server, e.g. `http://net-sender:7070`. */
    control: Type.String(),
});

/** What the driver is told to do: everything that decides the order and length of the measurements. */
export const Plan = Type.Object(
    {
        schemaVersion: Type.Literal(1),
        runId: Type.String({ pattern: "^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$" }),
        /** Orders arms within a round and sizes within a block. */
        seed: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
        profile: Type.String(),
        arms: Type.Array(Type.Union(allArms.map((arm) => Type.Literal(arm))), { minItems: 1, uniqueItems: true }),
        /** Payload sizes in bytes. */
        sizes: Type.Array(Type.Integer({ minimum: 16 }), { minItems: 1, uniqueItems: true }),
        /** Trials of each arm. */
        rounds: Type.Integer({ minimum: 1 }),
        /** Warm-up of each block, seconds; goes on until `warmupRoundTrips` are done as well. */
        warmupSeconds: Type.Number({ minimum: 0 }),
        warmupRoundTrips: Type.Integer({ minimum: 0 }),
        /** Time slice of each cell, seconds. */
        cellSeconds: Type.Number({ exclusiveMinimum: 0 }),
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
        /** Where the topologies are reached; a family whose arms are not measured is absent. */
        network: Type.Optional(
            Type.Object({
                initiator: Endpoint,
                responder: Endpoint,
                /** Where the sender POSTs, e.g. `http://net-receiver:8080/upload`. */
                uploadUrl: Type.String(),
            }),
        ),
        volume: Type.Optional(Type.Object({ initiator: Endpoint, responder: Endpoint })),
    },
    { additionalProperties: false },
);
export type Plan = Static<typeof Plan>;

/** One arm with fresh processes at both ends, all sizes in the given order. */
export interface ScheduledBlock {
    /** Position in the run, from 0. */
    index: number;
    /** Which trial of its arm, from 0. */
    round: number;
    arm: Arm;
    sizes: number[];
}

/** The order of the run: the same plan always gives the same schedule, so that a resumed run goes on where it was. */
export function schedule(plan: Pick<Plan, "seed" | "arms" | "sizes" | "rounds">): ScheduledBlock[] {
    const random = seededRandom(plan.seed);
    const blocks: ScheduledBlock[] = [];
    for (let round = 0; round < plan.rounds; round++) {
        for (const arm of shuffled(plan.arms, random)) {
            blocks.push({ index: blocks.length, round, arm, sizes: shuffled(plan.sizes, random) });
        }
    }
    return blocks;
}

/**
 * How long the plan takes at least, in seconds: warm-up and slices, and per block 1.5 s for fresh processes and the
 * journal. Used for the time left and to refuse a plan that can't fit its deadline.
 */
export function expectedSeconds(
    plan: Pick<Plan, "arms" | "sizes" | "rounds" | "warmupSeconds" | "cellSeconds">,
): number {
    const block = 1.5 + plan.warmupSeconds + plan.sizes.length * (plan.cellSeconds + 0.05);
    return plan.rounds * plan.arms.length * block;
}
