import { Counter, Gauge, type Registry } from "@prometheus-io/client";
import { metricNames } from "../../model/metric-names.ts";
import type { Counters } from "../../model/trial.ts";
import { findCgroup } from "../accounting/cgroup.ts";
import { cgroupFigures } from "../accounting/cgroup-figures.ts";
import { type KernelFiles, kernelFiles } from "../accounting/kernel-files.ts";
import { networkFigures } from "../accounting/network-figures.ts";

/** Help texts of the published figures, by their name in {@link Counters} and in metric-names.ts. */
const helpOf = {
    cpuSeconds: "CPU time of the container.",
    throttledSeconds: "Time the container was throttled by its CPU limit.",
    memoryBytes: "Memory charged to the container now, including its page cache.",
    blockReadBytes: "Bytes the container has read from block devices.",
    blockWriteBytes: "Bytes the container has written to block devices.",
    networkReceiveBytes: "Bytes the container's Pod has received on all interfaces except lo.",
    networkSendBytes: "Bytes the container's Pod has sent on all interfaces except lo.",
} as const satisfies Partial<Record<keyof Counters, string>>;

/**
 * Registers the figures of this container: its cgroup and its Pod's network. The measured process isn't read: that
 * takes one file per thread, and scrapes happen while it measures.
 * @param pid any process of the container; the default is this one
 * @returns a function that updates all figures: seven or eight files, synchronously; figures the platform doesn't offer
 * are absent
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
