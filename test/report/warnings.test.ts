import assert from "node:assert/strict";
import type { Plan } from "../../report/plan.ts";
import { aggregate } from "../../report/results.ts";
import type { Block, CellRecord } from "../../report/schema.ts";
import { blockOf, counters, environment, journalOf, planOf, recordOf } from "./fixtures.ts";

const network = "network/cluster-ip";
const volume = "volume/chokidar";
/** Enough for every quantile but p99.9, and the same in both arms. */
const samples = new Float64Array(1000).fill(100_000);
const plan = planOf({ rounds: 10 });

/** A run without a fault, each of whose blocks `change` may replace. */
function faultless(change: (block: Block) => Block = (block) => block): Block[] {
    const cells = plan.sizes.map((size) => recordOf(size, samples));
    return Array.from({ length: 20 }, (_, index) => change(blockOf(index, index % 2 === 0 ? network : volume, cells)));
}

function warningsOf(blocks: Block[], planned: Plan = plan): string[] {
    const startedAt = "2026-11-21T10:00:00Z";
    return aggregate({ plan: planned, blocks, environment, startedAt, complete: true }).warnings;
}

/** Changes the cell of a size in the first `count` blocks of an arm. */
function cellsChanged(arm: string, size: number, count: number, change: Partial<CellRecord>): Block[] {
    return faultless((block) => {
        if (block.arm !== arm || block.round >= count) return block;
        return { ...block, cells: block.cells.map((cell) => (cell.size === size ? { ...cell, ...change } : cell)) };
    });
}

describe("warnings", () => {
    it("are none where nothing is wrong", () => {
        assert.deepEqual(warningsOf(faultless()), []);
    });

    it("name sizes without a usable measurement", () => {
        const blocks = faultless((block) => (block.arm === volume ? { ...block, cells: [] } : block));
        assert.deepEqual(warningsOf(blocks), ["volume/chokidar: no usable measurement at 64 B, 1 KiB."]);
    });

    it("name sizes with too few round trips for a median, and how many there were", () => {
        const few = recordOf(1024, samples.subarray(0, 3));
        const blocks = faultless((block) =>
            block.arm === volume && block.round < 4 ? { ...block, cells: [block.cells[0] as CellRecord, few] } : block,
        ).filter(({ arm, round }) => arm === network || round < 4);
        assert.deepEqual(warningsOf(blocks), [
            "volume/chokidar: too few round trips for a median (20 needed) at 1 KiB (12).",
            "volume/chokidar: fewer than the 10 planned trials at 64 B, 1 KiB.",
            "volume/chokidar: no p99 for lack of round trips (1000 needed) at 1 KiB.",
        ]);
    });

    it("name void blocks with the reasons", () => {
        const reasons = ["the reader was restarted", "2 cells void."];
        const blocks = faultless((block) => (block.index === 3 ? { ...block, state: "void", reasons } : block));
        assert.deepEqual(warningsOf(blocks), [
            "volume/chokidar: fewer than the 10 planned trials at 64 B, 1 KiB.",
            "Block 3 (volume/chokidar, trial 2) is not used: the reader was restarted; 2 cells void.",
        ]);
    });

    it("name disturbed and repeated blocks with the reasons", () => {
        const blocks = faultless((block) => {
            if (block.index === 0)
                return { ...block, state: "disturbed", attempt: 3, reasons: ["throttled for 0.2 s"] };
            if (block.index === 5) return { ...block, attempt: 2, reasons: ["attempt 1: out of memory"] };
            return block;
        });
        assert.deepEqual(warningsOf(blocks), [
            "Block 0 (network/cluster-ip, trial 1) is used although it was disturbed: throttled for 0.2 s.",
            "Block 5 (volume/chokidar) was measured 2 times, the last is used: attempt 1: out of memory.",
        ]);
    });

    it("name void cells with the reasons", () => {
        const change = { state: "void", reasons: ["the reader holds 1023 bytes, expected 1024"] } as const;
        assert.deepEqual(warningsOf(cellsChanged(volume, 1024, 1, { ...change, reasons: [...change.reasons] })), [
            "volume/chokidar: fewer than the 10 planned trials at 1 KiB.",
            "Block 1 (volume/chokidar, trial 1) at 1 KiB is not used: the reader holds 1023 bytes, expected 1024.",
        ]);
    });

    it("list ten blocks of a kind, count the rest, and cut long reasons", () => {
        const reasons = ["y".repeat(400)];
        const lines = warningsOf(faultless((block) => ({ ...block, state: "disturbed", reasons })));
        assert.equal(lines.length, 11);
        assert.equal(lines[10], "10 more blocks: disturbed.");
        assert.match(lines[0] as string, /: y{300}\.\.\.\.$/);
    });

    it("say so where a block gives no reason", () => {
        const blocks = faultless((block) => (block.index === 0 ? { ...block, state: "disturbed" } : block));
        assert.deepEqual(warningsOf(blocks), [
            "Block 0 (network/cluster-ip, trial 1) is used although it was disturbed: no reason given.",
        ]);
    });

    it("count round trips that were found by a rescan, and acks of another round", () => {
        assert.deepEqual(warningsOf(cellsChanged(volume, 64, 2, { misses: 3, staleAcks: 1 })), [
            "volume/chokidar: round trips were found only by a rescan: no event came for them, at 64 B (6 of 10000).",
            "volume/chokidar: round trips saw an ack of another round, which was not accepted, at 64 B (2 of 10000).",
        ]);
    });

    describe("of a trend", () => {
        const moving = (last: number) => ({ firstThirdP50Seconds: 1e-4, lastThirdP50Seconds: last });

        it("name the sizes at which several trials moved by more than 10%, up or down", () => {
            for (const last of [1.11e-4, 0.89e-4]) {
                assert.deepEqual(warningsOf(cellsChanged(network, 64, 4, moving(last))), [
                    "network/cluster-ip: the median moved by more than 10% between the first and the last third of a cell at 64 B (4 of 10 trials); a longer warm-up or a quieter machine is needed.",
                ]);
            }
        });

        it("are silent about less than a third of the trials, and about less than 10%", () => {
            assert.deepEqual(warningsOf(cellsChanged(network, 64, 3, moving(1.5e-4))), []);
            assert.deepEqual(warningsOf(cellsChanged(network, 64, 10, moving(1.09e-4))), []);
        });

        it("are silent where a third is too short for a median of its own", () => {
            const few = recordOf(64, samples.subarray(0, 59), moving(2e-4));
            const lines = warningsOf(cellsChanged(network, 64, 10, few));
            assert.deepEqual(lines, ["network/cluster-ip: no p99 for lack of round trips (1000 needed) at 64 B."]);
        });
    });

    it("say that few trials are a first look", () => {
        const line = (rounds: number) => {
            const quick = planOf({ rounds });
            return warningsOf(journalOf(quick), quick).filter((warning) => /first look/.test(warning));
        };
        assert.deepEqual(line(3), [
            "3 trials per arm give wide intervals: a first look; profile standard (10 trials) gives a result to act on.",
        ]);
        assert.deepEqual(line(1), [
            "1 trial per arm gives no interval: a first look; profile standard (10 trials) gives a result to act on.",
        ]);
        assert.deepEqual(line(10), []);
    });

    it("say that a container was throttled, for how long in all", () => {
        const blocks = faultless((block) => ({
            ...block,
            containers: block.containers.map((container) => ({
                ...container,
                after: { ...counters, throttledSeconds: container.info.role === "reader" ? 0.05 : 0 },
            })),
        }));
        assert.deepEqual(warningsOf(blocks), [
            "A measured container was throttled for 0.5 s by its CPU limit: the tail is the limit's, raise it.",
        ]);
    });

    it("say that the placement is not the one that was asked for", () => {
        const lines = (asked: string, sameNode: boolean) => {
            const startedAt = "2026-11-21T10:00:00Z";
            const placement = { asked, nodes: {}, sameNode };
            const measured = { ...environment, placement };
            return aggregate({ plan, blocks: faultless(), environment: measured, startedAt, complete: true }).warnings;
        };
        assert.deepEqual(lines("cross-node", true), [
            "Placement cross-node was asked for, but all measured containers were on one node.",
        ]);
        assert.deepEqual(lines("same-node", false), [
            "Placement same-node was asked for, but the measured containers were on several nodes.",
        ]);
        for (const [asked, sameNode] of [
            ["cross-node", false],
            ["same-node", true],
            ["any", true],
            ["any", false],
        ] as const) {
            assert.deepEqual(lines(asked, sameNode), []);
        }
    });
});
