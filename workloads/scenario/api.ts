/**
 * What the agents of a scenario's containers serve besides `../agent/api.ts`. A container is one if `HOPCOST_LEDGER` is set.
 *
 * | request | by | answer |
 * | --- | --- | --- |
 * | `GET /readyz`, `GET /livez` | all | 200, or 503 with the reason; an agent without scenarios and an initiator are always both |
 * | `GET /scenario/usage` | all | {@link Usage} |
 * | `POST /scenario/fill` {@link Fill} | all | {@link Filled}, once the volume is full |
 * | `DELETE /scenario/fill` | all | `{}`; ends a filling that goes on, and frees all volumes |
 * | `GET /scenario/clock` | initiator | {@link ClockReading} |
 * | `PUT /scenario/load` {@link Load} | initiator | `{}`; offers all flows of its topology. The same injection again changes nothing; 409 while another one goes on |
 * | `POST /scenario/stop` | initiator | `{}`; offers no further slot, messages under way still end |
 * | `GET /scenario/records?flow=F&after=N` | initiator | {@link Records}; 409 before any load |
 * | `POST /scenario/fault` {@link Fault} | responder | `{}`; of `kill` before it happens |
 * | `PUT /scenario/readiness` {@link Readiness} | responder | `{}` |
 * | `PUT /scenario/liveness` {@link Liveness} | responder | `{}` |
 * | `GET /scenario/process` | responder | {@link ProcessState} |
 * | `GET /scenario/ledger?flow=F` | responder | {@link LedgerBytes} |
 *
 * A responder's agent is the container's first process and forks the one that serves messages. If that one dies by itself, the
 * agent exits too: with 137 if it was killed, else with 1. At SIGTERM the agent waits for it without a limit.
 *
 * An initiator also starts by itself if the schedule file has a start and slots that are not past: it is the next process of
 * the one that the driver started.
 */
import { type Static, Type } from "@sinclair/typebox";
import { Size } from "../../model/fields.ts";
import type { Reading } from "../../model/reading.ts";
import type { Flow } from "../../model/scenarios.ts";
import { flows, VolumeName } from "../../model/scenarios.ts";
import { ledgerMessages } from "./ledger.ts";

const FlowName = Type.Unsafe<Flow>(Type.Union(Object.keys(flows).map((flow) => Type.Literal(flow))));

const Rate = Type.Number({ exclusiveMinimum: 0, maximum: 100_000 });

/** What is offered, and when; also the content of the schedule file. */
export const Schedule = Type.Object({
    /** Identifies the injection. */
    injection: Type.String({ minLength: 1 }),
    /** Messages per second of each flow. */
    ratePerSecond: Rate,
    /** Other rates from some seconds after slot 0 on, ascending; absent if the rate is constant. */
    steps: Type.Optional(
        Type.Array(Type.Object({ fromSeconds: Type.Number({ exclusiveMinimum: 0 }), ratePerSecond: Rate })),
    ),
    /** Messages of each flow. */
    slots: Type.Integer({ minimum: 1, maximum: ledgerMessages }),
    payloadBytes: Size,
    /** From when a message is due until it is late. */
    deadlineSeconds: Type.Number({ exclusiveMinimum: 0, maximum: 30 }),
    /** URL that the sender POSTs to; absent for a writer. */
    uploadUrl: Type.Optional(Type.String()),
    /** That a writer and a reader use. */
    volume: VolumeName,
    /** When slot 0 is due, by {@link ClockReading}; absent in the file until the driver has decided it. */
    startEpochSeconds: Type.Optional(Type.Number()),
});
export type Schedule = Static<typeof Schedule>;

/** A schedule with its start. */
export const Load = Type.Composite([
    Type.Omit(Schedule, ["startEpochSeconds"]),
    Type.Object({ startEpochSeconds: Type.Number() }),
]);
export type Load = Static<typeof Load>;

/** The initiator's wall clock, in seconds since 1970; it never jumps while the process lives. */
export interface ClockReading {
    epochSeconds: number;
}

/** What a container has used so far: CPU time of all its processes, and its memory now. */
export interface Usage {
    cpuSeconds: Reading<number>;
    memoryBytes: Reading<number>;
    machine: Reading<MachineUsage>;
}

/** CPU time of a machine since it was started, in the kernel's ticks. */
export interface MachineUsage {
    /** The same in all containers of a machine, be they on different nodes. */
    id: string;
    processors: number;
    /** Of all processors. */
    busyTicks: number;
    allTicks: number;
}

/** Which records are asked for. */
export const RecordsQuery = Type.Object({
    flow: FlowName,
    /** How many messages that have ended are skipped. @default 0 */
    after: Type.Optional(Type.String({ pattern: "^[0-9]{1,9}$" })),
});
export type RecordsQuery = Static<typeof RecordsQuery>;

/** How a message ended: an acknowledgement, a definite failure, or no answer to at least one attempt. */
export const endings = { acknowledged: 0, failed: 1, unanswered: 2 } as const;

/**
 * A message that has ended: sequence, one of {@link endings}, microseconds from when it was due to its acknowledgement (0
 * without one), microseconds from when it was due to its first attempt, number of attempts.
 */
export type Ended = [
    sequence: number,
    ending: number,
    microseconds: number,
    latenessMicroseconds: number,
    attempts: number,
];

/** Most of {@link Ended} in an answer. */
export const recordsPerAnswer = 5000;

/** What an initiator knows of a flow. */
export interface Records {
    injection: string;
    /** That of `GET /info`: a change means another process. */
    bootId: string;
    /** The first slot that this process offered, and the first that it has not offered yet. */
    from: number;
    next: number;
    /** Whether every message that was offered has ended, and none will be offered any more. */
    isDone: boolean;
    /** CPU time of this process since the load started. */
    cpuSeconds: number;
    /** In the order in which they ended. */
    ended: Ended[];
}

/** Fills a volume with a file until the kernel refuses, or until it has so many bytes. */
export const Fill = Type.Object({ volume: VolumeName, bytes: Type.Optional(Type.Integer({ minimum: 0 })) });
export type Fill = Static<typeof Fill>;

/** What was written, and the kernel's refusal, e.g. `ENOSPC`; without one all bytes asked for were written. */
export interface Filled {
    bytes: number;
    code?: string;
}

/**
 * What is done to the responder's process: `kill`: SIGKILL, and the container exits with 137; `stop` and `continue`: SIGSTOP
 * and SIGCONT; `allocate`: it allocates memory until the kernel kills it.
 */
export const faults = ["kill", "stop", "continue", "allocate"] as const;
export const Fault = Type.Object({
    kind: Type.Unsafe<(typeof faults)[number]>(Type.Union(faults.map((fault) => Type.Literal(fault)))),
});
export type Fault = Static<typeof Fault>;

/** Switches `/readyz`; with `seconds` it switches back by itself. */
export const Readiness = Type.Object({
    ready: Type.Boolean(),
    seconds: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 86_400 })),
});
export type Readiness = Static<typeof Readiness>;

/** Whether `/livez` depends on the process that serves messages. */
export const Liveness = Type.Object({ watched: Type.Boolean() });
export type Liveness = Static<typeof Liveness>;

/** The responder's process: its id in the container, and its state by `/proc/PID/stat`, e.g. `S`, or `T` if it is stopped. */
export interface ProcessState {
    pid: number;
    state: string;
}

/** Whose ledger is asked for. */
export const LedgerQuery = Type.Object({ flow: FlowName });
export type LedgerQuery = Static<typeof LedgerQuery>;

/** The ledger of a flow up to the last message that arrived, in base64: see model/ledger.ts. */
export interface LedgerBytes {
    entries: string;
}
