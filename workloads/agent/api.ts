/**
 * What the driver and the agents say to each other. Each measured container runs one agent; only the
 * driver calls it, and only between cells, never while a cell measures; Prometheus, where there is one, scrapes it as well.
 *
 * | request | by | answer |
 * | --- | --- | --- |
 * | `GET /info` | all | {@link Info} |
 * | `GET /counters` | all | {@link Counters}, those of the measured process included |
 * | `GET /host` | all | {@link HostContext} since the last such request |
 * | `GET /metrics` | all | what Prometheus scrapes, at any time: see metrics/names.ts |
 * | `PUT /trial` {@link StartTrial} | all | forks a fresh measured process (ending an older one); 200 once it is ready |
 * | `DELETE /trial` | all | ends it |
 * | `POST /prepare` {@link Prepare} | all, the responder first | makes the cell ready; the initiator also makes one untimed round trip in each lane and answers with the {@link Payload}s it sent, one a lane |
 * | `POST /measure` {@link Measure} | initiator | {@link Measured} |
 * | `GET /received` | responder | the {@link Payload}s it holds in memory now, one a lane |
 *
 * A lane is one round trip in flight: a connection, or a set of folders on the volume. Lane 0 is all there is but in
 * throughput cells. Sequence numbers differ between lanes.
 *
 * A request that fails answers 500 with `{ "error": "what failed, where" }`; no trial running is 409.
 */
import { type Static, Type } from "@sinclair/typebox";
import { modes } from "../../model/plan.ts";
import { CellRecord, Counters } from "../../model/trial.ts";

/** Starts a measured process. */
export const StartTrial = Type.Object({
    arm: Type.String(),
    /** Index of the trial. */
    index: Type.Integer({ minimum: 0 }),
    /** Largest payload of the trial, bytes: buffers are made once. */
    maxSize: Type.Integer({ minimum: 16 }),
    /** What the payloads hold; `random` bytes are made from the seed. */
    payload: Type.Union([Type.Literal("repeated"), Type.Literal("random")]),
    seed: Type.Integer({ minimum: 0, maximum: 2 ** 32 - 1 }),
    /** Where the sender POSTs; absent in the other roles. */
    uploadUrl: Type.Optional(Type.String()),
});
export type StartTrial = Static<typeof StartTrial>;

/** Opens a cell. */
export const Prepare = Type.Object({
    size: Type.Integer({ minimum: 16 }),
    mode: Type.Unsafe<string>(Type.Union(modes.map((mode) => Type.Literal(mode)))),
    /** Lanes; 1 but in throughput cells. */
    concurrency: Type.Integer({ minimum: 1, maximum: 64 }),
});
export type Prepare = Static<typeof Prepare>;

/** A payload as one side has it: what the initiator sent last, or what the responder holds. */
export const Payload = Type.Object({ sequence: Type.Integer(), length: Type.Integer(), sha256: Type.String() });
export type Payload = Static<typeof Payload>;

/** Measures the prepared cell until `seconds` have passed and `roundTrips` are done. */
export const Measure = Type.Object({
    seconds: Type.Number(),
    roundTrips: Type.Integer({ minimum: 1 }),
    /** Of a constant-rate cell: round trips are due at this rate, whether or not the last one is done. */
    ratePerSecond: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    /** Whether what it measures is dropped, and no part of the metrics. @default false */
    warmUp: Type.Optional(Type.Boolean()),
});
export type Measure = Static<typeof Measure>;

/** A measured cell, and the last payloads that were sent, to be compared with what the responder holds. */
export const Measured = Type.Object({
    cell: Type.Omit(CellRecord, ["mode", "size", "concurrency", "ratePerSecond", "state", "reasons", "usage"]),
    /** What the initiator's container used from right before the first to right after the last round trip. */
    usage: Counters,
    last: Type.Array(Payload),
});
export type Measured = Static<typeof Measured>;
