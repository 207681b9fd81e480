import assert from "node:assert/strict";
import { allArms } from "../../../model/arms.ts";
import type { ContainerMetrics } from "../../../model/results.ts";
import { textGrid } from "../../../report/formats/text-grid.ts";
import { metricsTable } from "../../../report/tables/metrics-table.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("report/tables/metrics-table");

function linesOf(metrics: ContainerMetrics[]): string[] {
    const grid = metricsTable({ metrics });
    return grid === undefined ? [] : textGrid(grid).split("\n");
}

const sender: ContainerMetrics = {
    ...{ arm: "network/cluster-ip", role: "sender", trials: 3, seconds: 30 },
    ...{ cpuCores: 0.98765, throttledSeconds: 0, memoryPeakBytes: 61_234_567 },
    ...{ blockReadBytesPerSecond: 0, blockWriteBytesPerSecond: 4096 },
    ...{ networkReceiveBytesPerSecond: 2_048_000, networkSendBytesPerSecond: 104_857_600 },
    ...{ cpuDeviation: -0.012, cadvisorDeviation: 0.5, apiDeviation: 0.5 },
};
const reason = { unavailable: "HTTP 503 (in 3 of 3 trials)" };
const writer: ContainerMetrics = {
    ...{ ...sender, arm: "volume/chokidar", role: "writer", cpuCores: 0.0049, cpuDeviation: 0.12 },
    ...{ memoryPeakBytes: reason, blockWriteBytesPerSecond: reason },
};
const figures = Object.keys(sender).slice(4);
const reader: ContainerMetrics = {
    ...{ ...writer, role: "reader", trials: 0, seconds: 0 },
    ...(Object.fromEntries(figures.map((name) => [name, reason])) as Pick<ContainerMetrics, "cpuCores">),
};

describe("metricsTable", () => {
    it("shows what each container used, a dash for what is not known, and why a container has nothing", () => {
        const metrics = [sender, { ...sender, role: "receiver", cpuDeviation: 0.0001 }, writer, reader];
        asText(
            "metricsTable shows what each container used, a dash for what is not known, and why a container has nothing",
            linesOf(metrics),
        );
    });

    it("is empty without metrics, and where no container has any", () => {
        assert.equal(metricsTable({}), undefined);
        assert.equal(metricsTable({ metrics: [] }), undefined);
        assert.equal(metricsTable({ metrics: [reader, reader] }), undefined);
    });

    it("has no line of more than 110 columns, with every arm and the widest figures", () => {
        const wide = {
            ...{ ...sender, role: "receiver", cpuCores: 12.3456, memoryPeakBytes: 1_047_552, cpuDeviation: -0.999 },
            ...{ blockReadBytesPerSecond: 1023 * 1024, blockWriteBytesPerSecond: 1023 * 1024 },
            ...{ networkReceiveBytesPerSecond: 1023 * 1024, networkSendBytesPerSecond: 1023 * 1024 },
        };
        const endless = { ...reader, cpuCores: { unavailable: "x".repeat(300) } };
        const lines = linesOf([...allArms.map((arm) => ({ ...wide, arm })), endless]);
        assert.equal(lines.length, allArms.length + 3);
        for (const line of lines) assert.ok(line.length <= 110, line);
        assert.match(lines.at(-1) as string, /^volume\/chokidar reader: unavailable: x+\.\.\.$/);
    });
});
