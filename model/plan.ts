import { type Static, Type } from "@sinclair/typebox";
import { type Arm, allArms } from "./arms.ts";

/**
 * How a cell is measured. `closed-loop`: one round trip in flight, which gives service time; `phases`: the same with the
 * moments inside a round trip noted, so that the others stay unburdened; `constant-rate`: at a fixed rate, timed from the
 * intended start, so that queueing shows; `throughput`: several in flight.
 */
export const modes = ["closed-loop", "phases", "constant-rate", "throughput"] as const;
/** One of {@link modes}. */
export type Mode = (typeof modes)[number];

const ArmName = Type.Unsafe<Arm>(Type.Union(allArms.map((arm) => Type.Literal(arm))));
const Sizes = (minItems: number) => Type.Array(Type.Integer({ minimum: 16 }), { minItems, uniqueItems: true });
const Endpoint = Type.Object({
    /** Base URL of the role's agent, e.g. `http://net-sender:7070`. */
    agent: Type.String(),
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
        /** Orders arms within a round and sizes within a trial; makes random payloads. */
        seed: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
        profile: Type.String(),
        arms: Type.Array(ArmName, { minItems: 1, uniqueItems: true }),
        /** Arms that were asked for and can't be measured on this stack, with the reason; none of them is in `arms`. */
        unavailable: Type.Array(Type.Object({ arm: ArmName, reason: Type.String() })),
        /** Payload sizes of both main arms in bytes. */
        sizes: Sizes(1),
        /** Payload sizes of all other arms. */
        ablationSizes: Sizes(1),
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
        /** Warm-up of each trial, seconds; goes on until `warmupRoundTrips` are done as well. */
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
            constantRateSizes: Sizes(0),
            /** Round trips a second of the constant-rate cells. */
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
        /** Base URL of the Prometheus that scrapes the agents, e.g. `http://metrics-prometheus:9090`. */
        prometheusUrl: Type.Optional(Type.String()),
    },
    { additionalProperties: false },
);
export type Plan = Static<typeof Plan>;
