import assert from "node:assert/strict";
import type { Environment, Results } from "../../../model/results.ts";
import { differenceLine, differencesOf, environmentFields } from "../../../report/findings/run-differences.ts";
import { cellsAt, environment, everyModeAt, resultsOf } from "../../model/fixtures.ts";
import { scenarioPlanOf, scenarioRunOf } from "../injections.ts";

const run = resultsOf();
const on = (change: Partial<Environment>): Results => ({ ...run, environment: { ...run.environment, ...change } });
const planned = (change: Partial<Results["plan"]>): Results => ({ ...run, plan: { ...run.plan, ...change } });
const lines = (a: Results[], b: Results[]) => differencesOf(a, b).map(differenceLine);

describe("differencesOf", () => {
    it("is nothing between runs measured under the same conditions, whatever their seeds, ids, nodes and steal", () => {
        const { placement } = run.environment;
        const other = on({ stealFraction: 0.5, placement: { ...placement, nodes: { sender: "another" } } });
        assert.deepEqual(differencesOf([run], [{ ...other, runId: "other" }, planned({ seed: 99 })]), []);
    });

    const { placement, volume } = run.environment;
    for (const [change, expected] of [
        [{ kubernetesVersion: "v1.35.0" }, "kubernetesVersion: A has v1.36.4, B has v1.35.0"],
        [{ image: "node:25" }, "image: A has node:24.21.0, B has node:25"],
        [{ codeHash: "other" }, "codeHash: A has abc123, B has other"],
        [{ placement: { ...placement, asked: "any" } }, "placement.asked: A has same-node, B has any"],
        [{ placement: { ...placement, sameNode: false } }, "placement.sameNode: A has true, B has false"],
        [{ kernel: "6.2.0" }, "kernel: A has 6.1.0, B has 6.2.0"],
        [{ cpuModel: "Other" }, "cpuModel: A has Example CPU, B has Other"],
        [{ cpus: 4 }, "cpus: A has 2, B has 4"],
        [{ nodeVersion: "v25.0.0" }, "nodeVersion: A has v24.21.0, B has v25.0.0"],
        [{ cgroupVersion: 1 }, "cgroupVersion: A has 2, B has 1"],
        [{ containerRuntime: { unavailable: "no" } }, "containerRuntime: A has containerd, B has nothing (no)"],
        [{ cni: "calico" }, "cni: A has nothing (not visible from inside a Pod), B has calico"],
        [{ qosClass: "Guaranteed" }, "qosClass: A has Burstable, B has Guaranteed"],
        [
            { mitigations: { meltdown: "Vulnerable", spectre_v1: "Mitigation: barriers" } },
            "mitigations.meltdown: A has Mitigation: PTI, B has Vulnerable",
        ],
        [{ volume: { ...volume, medium: "Disk" } }, "volume.medium: A has Memory, B has Disk"],
        [{ volume: { ...volume, fileSystems: { main: "ext4" } } }, "volume.fileSystems.main: A has tmpfs, B has ext4"],
    ] satisfies [Partial<Environment>, string][]) {
        it(`names ${expected}`, () => assert.deepEqual(lines([run], [on(change)]), [`environment.${expected}`]));
    }

    it("knows every field of the environment but where nodes are and what the hypervisor took", () => {
        const names = [...environmentFields(environment).keys()].map((name) => name.split(".")[1]);
        const all = Object.keys(environment).filter((name) => name !== "stealFraction");
        assert.deepEqual([...new Set(names)].sort(), all.sort());
    });

    for (const [change, expected] of [
        [{ profile: "quick" }, "profile: A has standard, B has quick"],
        [{ rounds: 3 }, "rounds: A has 10, B has 3"],
        [{ cellSeconds: 1 }, `cellSeconds: A has ${run.plan.cellSeconds}, B has 1`],
        [{ cells: cellsAt({ sizes: [64] }) }, "sizes.closed-loop: A has 64 B, 1 KiB, B has 64 B"],
        [
            { cells: cellsAt({ arms: ["network/cluster-ip"] }) },
            "arms: A has network/cluster-ip, volume/chokidar, B has network/cluster-ip",
        ],
    ] satisfies [Partial<Results["plan"]>, string][]) {
        it(`names plan.${expected}`, () => assert.deepEqual(lines([run], [planned(change)]), [`plan.${expected}`]));
    }

    it("names the sizes by mode, with the arms where those of a mode have others, and what only one version knows", () => {
        const arms = ["network/cluster-ip", "network/pod-ip", "volume/chokidar"] as const;
        const [a, b] = [
            planned({ cells: cellsAt({ arms }) }),
            planned({ cells: cellsAt({ arms, ...everyModeAt(64) }) }),
        ];
        assert.deepEqual(lines([a], [b]), [
            "plan.sizes.phases: A has no sizes, B has 64 B",
            "plan.sizes.constant-rate: A has no sizes, B has 64 B",
            "plan.sizes.throughput: A has no sizes, B has 64 B",
        ]);
        const cells = cellsAt({ arms, ablationSizes: [1024] });
        assert.deepEqual(lines([a], [planned({ cells })]), [
            "plan.sizes.closed-loop: A has 64 B, 1 KiB (network/cluster-ip, volume/chokidar); 64 B (network/pod-ip), B has 64 B, 1 KiB (network/cluster-ip, volume/chokidar); 1 KiB (network/pod-ip)",
        ]);
        const burst = { arm: "network/cluster-ip", mode: "burst", sizes: [64] };
        assert.deepEqual(lines([run], [planned({ cells: [...run.plan.cells, burst] })]), [
            "plan.sizes.burst: A has no value, B has 64 B",
        ]);
    });

    it("names another load of scenarios, and not other scenarios, nor that a run has none", () => {
        const { scenarios, ...rest } = scenarioRunOf(scenarioPlanOf({ names: ["hang"], injections: 1, shams: 0 }));
        const withPlan = (change: Partial<typeof scenarios.plan>): Results => ({
            ...rest,
            scenarios: { ...scenarios, plan: { ...scenarios.plan, ...change } },
        });
        const same = withPlan({});
        assert.deepEqual(lines([same], [withPlan({ ratePerSecond: 12, deadlineSeconds: 1, payloadBytes: 64 })]), [
            "scenarios.ratePerSecond: A has 20, B has 12",
            "scenarios.payloadBytes: A has 1024, B has 64",
            "scenarios.deadlineSeconds: A has 0.1, B has 1",
        ]);
        assert.deepEqual(lines([same], [withPlan({ names: ["oom"], injections: 40, shams: 9 })]), []);
        assert.deepEqual(lines([same], [rest]), []);
    });

    it("names what differs within a side, each value once", () => {
        const others = [run, on({ cpus: 4 }), on({ cpus: 4 })];
        assert.deepEqual(differencesOf(others, [run]), [{ field: "environment.cpus", a: ["2", "4"], b: ["2"] }]);
        assert.deepEqual(lines(others, [run]), ["environment.cpus: A has 2 and 4, B has 2"]);
    });
});
