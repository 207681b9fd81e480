/**
 * What the driver and the control servers say to each other. Each measured container runs one control server; only the
 * driver calls it, and only between cells, never while a cell measures.
 *
 * | request | by | answer |
 * | --- | --- | --- |
 * | `GET /info` | all | {@link Info} |
 * | `GET /counters` | all | {@link Counters} |
 * | `PUT /trial` {@link Trial} | all | forks a fresh measured process (ending an older one); 200 once it is ready |
 * | `DELETE /trial` | all | ends it |
 * | `POST /prepare` {@link Prepare} | initiator | opens the size, makes one untimed round trip; {@link Payload} sent |
 * | `POST /measure` {@link Measure} | initiator | {@link Measured} |
 * | `GET /received` | responder | {@link Payload} it holds in memory now |
 *
 * A request that fails answers 500 with `{ "error": "what failed, where" }`; no trial running is 409.
 */
import { type Static, Type } from "@sinclair/typebox";
import { CellRecord } from "../report/schema.ts";

/** Port of every control server but the reader's, which shares the writer's Pod. */
export const controlPort = 7070;
/** Port of the reader's control server. */
export const readerControlPort = 7071;
/** Port on which the receiver takes `POST /upload`. */
export const uploadPort = 8080;
/** Where the shared volume is mounted in writer and reader. */
export const volumePath = "/volume";
/** Where the workload code is mounted; the entry point is `server.mjs`, for the driver `driver.mjs`. */
export const codePath = "/hopcost";
/** Where the driver finds its plan. */
export const planPath = "/hopcost-plan/plan.json";

/** Starts a measured process. */
export const Trial = Type.Object({
    arm: Type.String(),
    /** Largest payload of the trial, bytes: buffers are made once. */
    maxSize: Type.Integer({ minimum: 16 }),
    /** Where the sender POSTs; absent in the other roles. */
    uploadUrl: Type.Optional(Type.String()),
});
export type Trial = Static<typeof Trial>;

/** Opens a cell. */
export const Prepare = Type.Object({ size: Type.Integer({ minimum: 16 }) });
export type Prepare = Static<typeof Prepare>;

/** A payload as one side has it: what the initiator sent last, or what the responder holds. */
export const Payload = Type.Object({ round: Type.Integer(), length: Type.Integer(), sha256: Type.String() });
export type Payload = Static<typeof Payload>;

/** Measures the prepared size until `seconds` have passed and `roundTrips` are done. */
export const Measure = Type.Object({ seconds: Type.Number(), roundTrips: Type.Integer({ minimum: 1 }) });
export type Measure = Static<typeof Measure>;

/** A measured cell, and the last payload that was sent, to be compared with what the responder holds. */
export const Measured = Type.Object({
    cell: Type.Omit(CellRecord, ["size", "state", "reasons"]),
    last: Payload,
});
export type Measured = Static<typeof Measured>;
