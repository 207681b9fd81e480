/**
 * API between the driver and the agents. Each measured container runs one agent. The driver calls it only between
 * cells, never while a cell measures; Prometheus, if there is one, also scrapes it.
 *
 * | request | by | answer |
 * | --- | --- | --- |
 * | `GET /readyz`, `GET /livez` | all | 200; in a scenario also 503: see ../scenario/api.ts |
 * | `GET /info` | all | {@link Info} |
 * | `GET /counters` | all | {@link Counters}, including those of the measured process |
 * | `GET /host` | all | {@link HostContext} since the last such request |
 * | `GET /metrics` | all | Prometheus metrics, at any time: see model/metric-names.ts |
 * | `PUT /trial` {@link StartTrial} | all | ends the old measured process and forks a fresh one; 200 once it is ready |
 * | `DELETE /trial` | all | ends it |
 * | `POST /prepare` {@link Prepare} | all, the responder first | prepares the cell; the initiator also makes one untimed round trip in each lane and answers with the {@link Payload}s it sent, one per lane |
 * | `POST /measure` {@link Measure} | initiator | {@link Measured} |
 * | `GET /received` | responder | the {@link Payload}s it now holds in memory, one per lane |
 *
 * A lane is one round trip in flight: a connection, or a set of folders on the volume. Only throughput cells have more
 * lanes than lane 0. Sequence numbers differ between lanes.
 *
 * A failed request is answered with 500 and `{ "error": "what failed, where" }`, or with 409 if no trial is running.
 */
import { type Static, Type } from "@sinclair/typebox";
import { Payload as PayloadContent, Seed } from "../../model/fields.ts";
import { modes } from "../../model/plan.ts";
import { CellRecord, Counters } from "../../model/trial.ts";

/** Starts a measured process. */
export const StartTrial = Type.Object({
    arm: Type.String(),
    /** Index of the trial. */
    index: Type.Integer({ minimum: 0 }),
    /** Largest payload of the trial, bytes; buffers are allocated once. */
    maxSize: Type.Integer({ minimum: 16 }),
    /** Content of the payloads; `random` bytes are generated from the seed. */
    payload: PayloadContent,
    seed: Seed,
    /** URL the sender POSTs to; absent for other roles. */
    uploadUrl: Type.Optional(Type.String()),
});
export type StartTrial = Static<typeof StartTrial>;

/** Prepares a cell. */
export const Prepare = Type.Object({
    size: Type.Integer({ minimum: 16 }),
    mode: Type.Unsafe<string>(Type.Union(modes.map((mode) => Type.Literal(mode)))),
    /** Number of lanes; 1 except in throughput cells. */
    concurrency: Type.Integer({ minimum: 1, maximum: 64 }),
});
export type Prepare = Static<typeof Prepare>;

/** A payload at one end: the initiator's last one, or the one the responder holds. */
export const Payload = Type.Object({ sequence: Type.Integer(), length: Type.Integer(), sha256: Type.String() });
export type Payload = Static<typeof Payload>;

/** Measures the prepared cell until `seconds` have passed and `roundTrips` are done. */
export const Measure = Type.Object({
    seconds: Type.Number(),
    roundTrips: Type.Integer({ minimum: 1 }),
    /** Only for constant-rate cells: round trips are due at this rate, whether or not the last one is done. */
    ratePerSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    /** Whether the measurement is dropped and not counted in the metrics. @default false */
    warmUp: Type.Optional(Type.Boolean()),
});
export type Measure = Static<typeof Measure>;

/** A measured cell, and the last payloads sent, to compare with what the responder holds. */
export const Measured = Type.Object({
    cell: Type.Omit(CellRecord, ["mode", "size", "concurrency", "ratePerSecond", "state", "reasons", "usage"]),
    /** Usage of the initiator's container from just before the first round trip to just after the last. */
    usage: Counters,
    last: Type.Array(Payload),
});
export type Measured = Static<typeof Measured>;
