import { type Static, Type } from "@sinclair/typebox";
import { ArmName, ModeName, schemaVersion } from "./fields.ts";
import { reading } from "./reading.ts";

/**
 * Figures of one container, read outside the timed window: its cgroup, its measured process, the network of its
 * Pod. Memory figures are gauges, all others counters; between two readings (`usageBetween`) they are differences.
 */
export const Counters = Type.Object({
    /** cgroup: cpu.stat, or cpuacct.usage of v1. */
    cpuSeconds: reading(Type.Number()),
    throttledPeriods: reading(Type.Integer()),
    throttledSeconds: reading(Type.Number()),
    memoryBytes: reading(Type.Integer()),
    /** Since the container started. */
    memoryPeakBytes: reading(Type.Integer()),
    /** cgroup: io.stat, or blkio.throttle.* of v1; all devices together. */
    blockReadBytes: reading(Type.Integer()),
    blockWriteBytes: reading(Type.Integer()),
    blockReads: reading(Type.Integer()),
    blockWrites: reading(Type.Integer()),
    /** Measured process: /proc/PID/io (rchar, wchar, syscr, syscw), which counts sockets as well as files. */
    readBytes: reading(Type.Integer()),
    writeBytes: reading(Type.Integer()),
    reads: reading(Type.Integer()),
    writes: reading(Type.Integer()),
    /** Measured process, all its threads: /proc/PID/task/TID/status. */
    voluntarySwitches: reading(Type.Integer()),
    involuntarySwitches: reading(Type.Integer()),
    /** Network of the Pod: /proc/net/dev, without `lo`, and only `lo`. */
    networkReceiveBytes: reading(Type.Integer()),
    networkSendBytes: reading(Type.Integer()),
    loopbackBytes: reading(Type.Integer()),
});
export type Counters = Static<typeof Counters>;

/** The machine around a container over a trial, by /proc and systeminformation; read between trials only. */
export const HostContext = Type.Object({
    /** Load average over a minute. */
    load1: Type.Number(),
    /** Fraction of the machine's CPU time since the last reading, 0 to 1. */
    busyFraction: Type.Number(),
    /** Fraction of CPU time that the hypervisor gave to others, 0 to 1. */
    stealFraction: Type.Number(),
    memoryAvailableBytes: Type.Integer(),
});
export type HostContext = Static<typeof HostContext>;

/** Where and on what a container runs. */
export const Info = Type.Object({
    role: Type.String(),
    /** Random per start of the agent: a change means that the container was restarted. */
    bootId: Type.String(),
    nodeName: Type.String(),
    podName: Type.String(),
    /** Address of the Pod; empty if unknown. */
    podIp: Type.String(),
    nodeVersion: Type.String(),
    kernel: Type.String(),
    cpuModel: Type.String(),
    /** In Kubernetes' words, e.g. `amd64`; absent in journals of older drivers. */
    architecture: Type.Optional(Type.String()),
    cpus: Type.Integer(),
    cgroupVersion: reading(Type.Integer()),
    /** e.g. `containerd`: from the mount of the container's root. */
    containerRuntime: reading(Type.String()),
    /** /sys/devices/system/cpu/vulnerabilities, by name. */
    mitigations: reading(Type.Record(Type.String(), Type.String())),
    /** File system type of each shared volume by its name in arms.ts, e.g. `tmpfs`; absent in the network roles. */
    volumes: Type.Optional(Type.Record(Type.String(), reading(Type.String()))),
});
export type Info = Static<typeof Info>;

/** A part of a round trip. */
export const Phase = Type.Object({ name: Type.String(), seconds: Type.Number() });
export type Phase = Static<typeof Phase>;

/** One arm at one size in one mode in one trial. */
export const CellRecord = Type.Object({
    mode: ModeName,
    size: Type.Integer(),
    /** Maximum round trips in flight. */
    concurrency: Type.Integer(),
    /** Of a constant-rate cell. */
    ratePerSecond: Type.Optional(Type.Number()),
    state: Type.Union([Type.Literal("ok"), Type.Literal("discarded")]),
    /** Why the cell is discarded, e.g. which side saw what; empty if it is ok. */
    reasons: Type.Array(Type.String()),
    roundTrips: Type.Integer(),
    /** From the start of the first to the end of the last round trip, seconds, including the untimed work between them. */
    elapsedSeconds: Type.Number(),
    /** Sum, minimum and maximum of the round trips, seconds; 0 if there are none. */
    sumSeconds: Type.Number(),
    minSeconds: Type.Number(),
    maxSeconds: Type.Number(),
    /** All round trips: HdrHistogram V2, compressed, base64; whole nanoseconds, 3 significant digits. */
    histogram: Type.String(),
    /** Medians of the first and the last third in order of time, seconds: their difference shows a trend. */
    firstThirdP50Seconds: Type.Number(),
    lastThirdP50Seconds: Type.Number(),
    /** Round trips found only by a rescan, and rejected acks of another round. */
    misses: Type.Integer(),
    staleAcks: Type.Integer(),
    /** Garbage collections in the initiator while the cell ran. */
    gc: Type.Object({ count: Type.Integer(), seconds: Type.Number() }),
    /**
     * Of a `phases` cell: the parts of a round trip in order, each the mean over the middle half of the round trips
     * (by total time), so that their sum is the mean of that half.
     */
    phases: Type.Optional(Type.Array(Phase)),
    /**
     * Usage of the cell: the initiator's, read by its measured process right before the first and right after the last round
     * trip; the responder's, read by its agent around that. Absent in a discarded cell.
     */
    usage: Type.Optional(Type.Object({ initiator: Counters, responder: Counters })),
});
export type CellRecord = Static<typeof CellRecord>;

/**
 * Prometheus' figures of one container over a trial, from its scrapes of the container itself. Counters are scaled from
 * the time between the first and the last scrape within the trial to the whole trial.
 */
export const Scraped = Type.Object({
    /** Scrapes within the trial, and seconds from the first to the last. */
    scrapes: Type.Integer(),
    seconds: Type.Number(),
    cpuSeconds: reading(Type.Number()),
    throttledSeconds: reading(Type.Number()),
    /** The largest of the scrapes. */
    memoryPeakBytes: reading(Type.Integer()),
    blockReadBytes: reading(Type.Number()),
    blockWriteBytes: reading(Type.Number()),
    /** Of the container's Pod. */
    networkReceiveBytes: reading(Type.Number()),
    networkSendBytes: reading(Type.Number()),
    /** CPU time from the kubelet's cAdvisor, a second source; only if the stack allows cluster-wide reads. */
    cadvisorCpuSeconds: reading(Type.Number()),
});
export type Scraped = Static<typeof Scraped>;

/** Figures of one container from the cluster's metrics API (`metrics.k8s.io`), for a window within the trial. */
export const ApiMetrics = Type.Object({
    /** Seconds that the figures represent. */
    windowSeconds: Type.Number(),
    /** CPU seconds per second. */
    cpuCores: Type.Number(),
    /** Working set. */
    memoryBytes: Type.Integer(),
});
export type ApiMetrics = Static<typeof ApiMetrics>;

/** A journal entry: one arm with fresh processes at both ends. */
export const Trial = Type.Object({
    schemaVersion: Type.Literal(schemaVersion),
    runId: Type.String(),
    /** Position in the schedule; entries are written once, so an entry never replaces one of the same index. */
    index: Type.Integer(),
    round: Type.Integer(),
    arm: ArmName,
    /** From 1; a noisy or discarded trial is repeated, at most 3 attempts. */
    attempt: Type.Integer(),
    /**
     * `ok`; `noisy` (kept, marked); `discarded` (not used; the arm is given up); `unavailable` (the cluster doesn't offer the
     * arm, which is not a failure; the arm is given up).
     */
    state: Type.Union([
        Type.Literal("ok"),
        Type.Literal("noisy"),
        Type.Literal("discarded"),
        Type.Literal("unavailable"),
    ]),
    /** Why the trial is not `ok`, and why earlier attempts were repeated (`attempt 1: ...`). */
    reasons: Type.Array(Type.String()),
    /** RFC 3339, by the driver's clock; only for display. */
    startedAt: Type.String(),
    seconds: Type.Number(),
    /** Of the API server, e.g. `v1.36.4`. */
    kubernetesVersion: reading(Type.String()),
    cells: Type.Array(CellRecord),
    /** Initiator, responder. */
    containers: Type.Array(
        Type.Object({
            info: Info,
            /** As reported by Kubernetes. */
            qosClass: reading(Type.String()),
            before: Counters,
            after: Counters,
            /** Over the trial. */
            host: reading(HostContext),
            /** From sources other than `before` and `after`, over the time between these; absent in a run without metrics. */
            metrics: Type.Optional(Type.Object({ prometheus: reading(Scraped), api: reading(ApiMetrics) })),
        }),
    ),
    /** When `before` and `after` were read, seconds since 1970 by the driver's clock; absent if they were not. */
    window: Type.Optional(Type.Object({ startSeconds: Type.Number(), endSeconds: Type.Number() })),
});
export type Trial = Static<typeof Trial>;
