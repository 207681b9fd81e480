import assert from "node:assert/strict";
import { usedBetween } from "../../../../workloads/driver/scenarios/usage.ts";
import type { Usage } from "../../../../workloads/scenario/api.ts";

const idle = { id: "one", processors: 4, busyTicks: 1000, allTicks: 8000 };
const before: Usage[] = [
    { cpuSeconds: 10, memoryBytes: 1e6, machine: idle },
    { cpuSeconds: 20, memoryBytes: 2e6, machine: { ...idle, busyTicks: 1001, allTicks: 8003 } },
];
/** After 10 s: 3 and 1 s of CPU in the containers, a quarter of 4 processors busy. */
const after: Usage[] = [
    { cpuSeconds: 13, memoryBytes: 4e6, machine: { ...idle, busyTicks: 2000, allTicks: 12_000 } },
    { cpuSeconds: 21, memoryBytes: 5e6, machine: { ...idle, busyTicks: 1999, allTicks: 11_997 } },
];
const changed = (change: Partial<Usage>): Usage[] =>
    after.map((one, index) => (index === 1 ? { ...one, ...change } : one));

describe("what pairs and their machines used", () => {
    it("is the sum over the containers, and the rest of what their machine did", () => {
        assert.deepEqual(usedBetween(before, after, 10), {
            ...{ cpuCores: 0.4, memoryBytes: 9e6, otherCores: 0.6, machines: 1 },
        });
    });

    it("counts each machine once, however many containers and nodes it has", () => {
        const other = (usage: Usage[]) =>
            usage.map((one) => ({ ...one, machine: { ...(one.machine as typeof idle), id: "two" } }));
        const used = usedBetween([...before, ...other(before)], [...after, ...other(after)], 10);
        assert.deepEqual([used.cpuCores, used.otherCores, used.machines], [0.8, 1.2, 2]);
    });

    it("is unavailable with the reason, never 0", () => {
        const unavailable = { unavailable: "no cgroup" };
        assert.deepEqual(usedBetween(before, changed({ cpuSeconds: unavailable }), 10).cpuCores, unavailable);
        assert.deepEqual(usedBetween(before, changed({ memoryBytes: unavailable }), 10).memoryBytes, unavailable);
        const noStat = usedBetween(before, changed({ machine: unavailable }), 10);
        assert.deepEqual([noStat.cpuCores, noStat.otherCores], [0.4, unavailable]);
        const restarted = usedBetween(before, changed({ cpuSeconds: 0.5 }), 10);
        assert.ok(typeof restarted.cpuCores === "object" && typeof restarted.otherCores === "object");
    });

    it("says nothing of the rest if there was no room for it, or if the machine's clock stood still", () => {
        const full = { ...idle, busyTicks: 4990, allTicks: 12_000 };
        assert.equal(typeof usedBetween(before, changed({ machine: full }), 10).otherCores, "object");
        const still = before.map((one) => ({ ...one, machine: idle }));
        assert.equal(typeof usedBetween(still, still, 10).otherCores, "object");
    });
});
