import assert from "node:assert/strict";
import type { Arm } from "../../model/arms.ts";
import { modes } from "../../model/plan.ts";
import { seededRandom, shuffled } from "../../statistics/random.ts";
import { collectTrials, finalBlocks, trialsOf } from "../../statistics/trials.ts";
import { blockOf, recordOf } from "../model/fixtures.ts";

const arm = "network/cluster-ip";
const constant = (ns: number, count = 30) => new Float64Array(count).fill(ns);

describe("finalBlocks", () => {
    it("takes the last attempt of each block, in the order of the schedule", () => {
        const blocks = [
            blockOf(1, arm, [], { attempt: 2 }),
            blockOf(0, arm, []),
            blockOf(1, arm, [], { attempt: 3, state: "void" }),
            blockOf(1, arm, []),
        ];
        for (const seed of [1, 2, 3, 4]) {
            const final = finalBlocks(shuffled(blocks, seededRandom(seed)));
            assert.deepEqual(
                final.map(({ index, attempt }) => [index, attempt]),
                [
                    [0, 1],
                    [1, 3],
                ],
            );
        }
    });

    it("counts an entry that is there twice once", () => {
        const block = blockOf(0, arm, [recordOf(64, constant(1000))]);
        assert.deepEqual(finalBlocks([block, structuredClone(block)]), [block]);
    });

    it("refuses two different entries for the same attempt", () => {
        const block = blockOf(3, arm, []);
        assert.throws(() => finalBlocks([block, { ...block, seconds: 9 }]), {
            name: "ReportError",
            message:
                'journal of run "run-1": attempt 1 of block 3 is there twice with different contents; start a new run',
        });
    });
});

describe("collectTrials", () => {
    it("takes ok and disturbed blocks, and of them the cells that are ok and have round trips", () => {
        const trials = collectTrials([
            blockOf(0, arm, [recordOf(64, constant(1000)), recordOf(1024, constant(2000), { state: "void" })]),
            blockOf(1, arm, [recordOf(64, constant(3000))], { state: "disturbed" }),
            blockOf(2, arm, [recordOf(64, constant(5000))], { state: "void" }),
            blockOf(3, arm, [recordOf(64, new Float64Array(0))]),
            blockOf(4, "volume/chokidar", [recordOf(64, constant(7000))]),
            blockOf(5, "volume/chokidar", [recordOf(64, constant(9000))], { state: "unavailable" }),
        ]);
        const minima = (arm: Arm, size: number) =>
            trialsOf(trials, { arm, mode: "closed-loop", size }).map(({ record }) => record.minSeconds);
        assert.deepEqual(minima(arm, 64), [1e-6, 3e-6]);
        assert.deepEqual(minima(arm, 1024), []);
        assert.deepEqual(minima("volume/chokidar", 64), [7e-6]);
        assert.deepEqual(minima("volume/fs-watch", 64), []);
    });

    it("keeps the modes of a cell apart", () => {
        const cells = modes.map((mode, index) => recordOf(64, constant(1000 * (index + 1)), { mode }));
        const trials = collectTrials([blockOf(0, arm, cells)]);
        for (const [index, mode] of modes.entries()) {
            const [trial, ...more] = trialsOf(trials, { arm, mode, size: 64 });
            assert.deepEqual([trial?.record.minSeconds, more], [cells[index]?.minSeconds, []]);
        }
    });

    it("names the block and the size whose histogram can't be read", () => {
        assert.throws(() => collectTrials([blockOf(7, arm, [recordOf(1024, constant(1000), { histogram: "AAAA" })])]), {
            name: "ReportError",
            message:
                "block 7 (network/cluster-ip), 1 KiB: histogram is not HdrHistogram V2, compressed, base64: Encoding not supported, only V2 is supported; repeat the block",
        });
    });

    it("refuses a histogram that holds another number of round trips than its record", () => {
        assert.throws(() => collectTrials([blockOf(7, arm, [recordOf(64, constant(1000), { roundTrips: 31 })])]), {
            name: "ReportError",
            message:
                "block 7 (network/cluster-ip), 64 B: the histogram holds 30 round trips, expected 31; repeat the block",
        });
    });

    it("does not read the histogram of a void cell, which may hold anything", () => {
        collectTrials([blockOf(7, arm, [recordOf(64, constant(1000), { state: "void", histogram: "" })])]);
    });
});
