import { Counter, Gauge, type Registry } from "@prometheus-io/client";
import { metricNames } from "../../model/metric-names.ts";
import type { Counters } from "../../model/trial.ts";
import { findCgroup } from "../accounting/cgroup.ts";
import { cgroupFigures } from "../accounting/cgroup-figures.ts";
import { type KernelFiles, kernelFiles } from "../accounting/kernel-files.ts";
import { networkFigures } from "../accounting/network-figures.ts";

/** The figures that are published, by their name in {@link Counters} and in names.ts, and what each is for people. */
const helpOf = {
    cpuSeconds: "CPU time of the container.",
    throttledSeconds: "Time for which the container was kept waiting by its CPU limit.",
    memoryBytes: "Memory that is charged to the container now, its page cache included.",
    blockReadBytes: "What the container has read from block devices.",
    blockWriteBytes: "What the container has written to block devices.",
    networkReceiveBytes: "What the container's Pod has received on all interfaces but lo.",
    networkSendBytes: "What the container's Pod has sent on all interfaces but lo.",
} as const satisfies Partial<Record<keyof Counters, string>>;

/**
 * Registers the figures of this container: its cgroup, and the network of its Pod. Nothing is read of the measured
 * process: that costs a file for each of its threads, and this is called while it measures.
 * @param pid any process of the container, this one by default
 * @returns brings all of them up to date: seven or eight files, synchronously; what the platform doesn't offer is absent
 */
export function containerMetrics(
    registry: Registry,
    pid: number = process.pid,
    files: KernelFiles = kernelFiles,
): () => void {
    const cgroup = findCgroup(files.read);
    const names = Object.keys(helpOf) as (keyof typeof helpOf)[];
    const metrics = names.map((name) => {
        const settings = { name: metricNames[name], help: helpOf[name], registers: [registry] };
        return { name, metric: name === "memoryBytes" ? new Gauge(settings) : new Counter(settings) };
    });
    return () => {
        const figures = { ...cgroupFigures(cgroup, files.read), ...networkFigures(pid, files.read) };
        for (const { name, metric } of metrics) {
            const value = figures[name];
            metric.remove(); // `reset` would leave a 0
            if (typeof value === "number") metric.inc(value);
        }
    };
}
