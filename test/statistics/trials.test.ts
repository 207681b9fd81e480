import assert from "node:assert/strict";
import type { Arm } from "../../model/arms.ts";
import { modes } from "../../model/plan.ts";
import { seededRandom, shuffled } from "../../statistics/random.ts";
import { collectTrials, finalTrials, trialsOf } from "../../statistics/trials.ts";
import { recordOf, trialOf } from "../model/fixtures.ts";

const arm = "network/cluster-ip";
const constant = (ns: number, count = 30) => new Float64Array(count).fill(ns);

describe("finalTrials", () => {
    it("takes the last attempt of each trial, in the order of the schedule", () => {
        const trials = [
            trialOf(1, arm, [], { attempt: 2 }),
            trialOf(0, arm, []),
            trialOf(1, arm, [], { attempt: 3, state: "discarded" }),
            trialOf(1, arm, []),
        ];
        for (const seed of [1, 2, 3, 4]) {
            const final = finalTrials(shuffled(trials, seededRandom(seed)));
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
        const trial = trialOf(0, arm, [recordOf(64, constant(1000))]);
        assert.deepEqual(finalTrials([trial, structuredClone(trial)]), [trial]);
    });

    it("refuses two different entries for the same attempt", () => {
        const trial = trialOf(3, arm, []);
        assert.throws(() => finalTrials([trial, { ...trial, seconds: 9 }]), {
            name: "ReportError",
            message:
                'journal of run "run-1": attempt 1 of trial 3 exists twice with different contents; start a new run',
        });
    });
});

describe("collectTrials", () => {
    it("takes ok and noisy trials, and of them the cells that are ok and have round trips", () => {
        const cellTrials = collectTrials([
            trialOf(0, arm, [recordOf(64, constant(1000)), recordOf(1024, constant(2000), { state: "discarded" })]),
            trialOf(1, arm, [recordOf(64, constant(3000))], { state: "noisy" }),
            trialOf(2, arm, [recordOf(64, constant(5000))], { state: "discarded" }),
            trialOf(3, arm, [recordOf(64, new Float64Array(0))]),
            trialOf(4, "volume/chokidar", [recordOf(64, constant(7000))]),
            trialOf(5, "volume/chokidar", [recordOf(64, constant(9000))], { state: "unavailable" }),
        ]);
        const minima = (arm: Arm, size: number) =>
            trialsOf(cellTrials, { arm, mode: "closed-loop", size }).map(({ record }) => record.minSeconds);
        assert.deepEqual(minima(arm, 64), [1e-6, 3e-6]);
        assert.deepEqual(minima(arm, 1024), []);
        assert.deepEqual(minima("volume/chokidar", 64), [7e-6]);
        assert.deepEqual(minima("volume/fs-watch", 64), []);
    });

    it("keeps the modes of a cell apart", () => {
        const cells = modes.map((mode, index) => recordOf(64, constant(1000 * (index + 1)), { mode }));
        const cellTrials = collectTrials([trialOf(0, arm, cells)]);
        for (const [index, mode] of modes.entries()) {
            const [trial, ...more] = trialsOf(cellTrials, { arm, mode, size: 64 });
            assert.deepEqual([trial?.record.minSeconds, more], [cells[index]?.minSeconds, []]);
        }
    });

    it("names the trial and the size whose histogram can't be read", () => {
        assert.throws(() => collectTrials([trialOf(7, arm, [recordOf(1024, constant(1000), { histogram: "AAAA" })])]), {
            name: "ReportError",
            message:
                "trial 7 (network/cluster-ip), 1 KiB: histogram is not HdrHistogram V2, compressed, base64: Encoding not supported, only V2 is supported; repeat the trial",
        });
    });

    it("refuses a histogram that holds another number of round trips than its record", () => {
        assert.throws(() => collectTrials([trialOf(7, arm, [recordOf(64, constant(1000), { roundTrips: 31 })])]), {
            name: "ReportError",
            message:
                "trial 7 (network/cluster-ip), 64 B: the histogram holds 30 round trips, expected 31; repeat the trial",
        });
    });

    it("does not read the histogram of a discarded cell, which may hold anything", () => {
        collectTrials([trialOf(7, arm, [recordOf(64, constant(1000), { state: "discarded", histogram: "" })])]);
    });
});
