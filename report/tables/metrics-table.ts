import type { Reading } from "../../model/reading.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { ContainerMetrics, Results } from "../../model/results.ts";
import { formatAbout } from "../../model/sizes.ts";
import { signedPercent } from "../words/sentences.ts";
import { formatBytesPerSecond } from "../words/units.ts";
import type { Grid, Row } from "./grid.ts";

/**
 * What each container used according to Prometheus, one line per arm and role: CPU cores and their deviation from the
 * cgroup's, peak memory, block I/O and the network of its Pod. A container without figures has the reason instead.
 * @returns undefined for a run without metrics, and if no container has figures (a warning reports that)
 */
export function metricsTable({ metrics = [] }: Pick<Results, "metrics">): Grid | undefined {
    if (metrics.every(({ trials }) => trials === 0)) return undefined;
    const head = ["arm", "container", "cores", "off", "peak", "read", "write", "in", "out"];
    const rows = metrics.map((container, index) => rowOf(container, metrics[index - 1]?.arm !== container.arm));
    return {
        head,
        rows,
        left: [0, 1],
        groups: [
            { title: "", columns: 2 },
            { title: "CPU", columns: 2 },
            { title: "memory", columns: 1 },
            { title: "block I/O", columns: 2 },
            { title: "network", columns: 2 },
        ],
    };
}

function rowOf(container: ContainerMetrics, firstOfArm: boolean): Row {
    const { arm, role, cpuCores, cpuDeviation, memoryPeakBytes } = container;
    if (container.trials === 0 && isUnavailable(cpuCores)) {
        return `${arm} ${role}: unavailable: ${cpuCores.unavailable}`;
    }
    const { blockReadBytesPerSecond, blockWriteBytesPerSecond } = container;
    const { networkReceiveBytesPerSecond, networkSendBytesPerSecond } = container;
    const rates = [blockReadBytesPerSecond, blockWriteBytesPerSecond];
    rates.push(networkReceiveBytesPerSecond, networkSendBytesPerSecond);
    return [
        firstOfArm ? arm : "",
        role,
        shown(cpuCores, (cores) => cores.toFixed(3)),
        shown(cpuDeviation, signedPercent),
        shown(memoryPeakBytes, formatAbout),
        ...rates.map((rate) => shown(rate, formatBytesPerSecond)),
    ];
}

function shown(reading: Reading<number>, format: (value: number) => string): string {
    return isUnavailable(reading) ? "-" : format(reading);
}
