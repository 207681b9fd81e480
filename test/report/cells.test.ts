import assert from "node:assert/strict";
import fc from "fast-check";
import { cellOf, collectTrials, finalBlocks, trialsOf } from "../../report/cells.ts";
import { seededRandom, shuffled } from "../../report/random.ts";
import { blockOf, exactQuantile, recordOf } from "./fixtures.ts";

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
        ]);
        const minima = (...place: [typeof arm | "volume/chokidar" | "volume/fs-watch", number]) =>
            trialsOf(trials, ...place).map(({ record }) => record.minSeconds);
        assert.deepEqual(minima(arm, 64), [1e-6, 3e-6]);
        assert.deepEqual(minima(arm, 1024), []);
        assert.deepEqual(minima("volume/chokidar", 64), [7e-6]);
        assert.deepEqual(minima("volume/fs-watch", 64), []);
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

describe("cellOf", () => {
    const cellOfSamples = (...trials: Float64Array[]) => {
        const blocks = trials.map((samples, index) => blockOf(index, arm, [recordOf(64, samples)]));
        return cellOf(trialsOf(collectTrials(blocks), arm, 64));
    };

    it("sums up the trials: counts, extremes, the mean of all round trips, and what happened beside them", () => {
        const events = { misses: 1, staleAcks: 2, gc: { count: 3, seconds: 0.25 } };
        const trials = collectTrials([
            blockOf(0, arm, [recordOf(64, constant(1000, 10), events)]),
            blockOf(1, arm, [recordOf(64, constant(4000, 20), events)]),
        ]);
        assert.deepEqual(cellOf(trialsOf(trials, arm, 64)), {
            arm,
            size: 64,
            trials: 2,
            roundTrips: 30,
            minSeconds: 1e-6,
            meanSeconds: 3e-6, // (10 * 1 + 20 * 4) / 30 us, not the mean of 1 and 4
            maxSeconds: 4e-6,
            p50Seconds: 0.000004001, // middle of the 2 ns bin
            throughputBytesPerSecond: 21_333_300, // 64 B / 3 us
            misses: 2,
            staleAcks: 4,
            gc: { count: 6, seconds: 0.5 },
        });
    });

    it("has the quantiles of all round trips together, not a mean of the trials' quantiles", () => {
        fc.assert(
            fc.property(
                fc.array(fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 50, maxLength: 200 }), {
                    minLength: 2,
                    maxLength: 4,
                }),
                (trials) => {
                    const cell = cellOfSamples(...trials.map((trial) => Float64Array.from(trial)));
                    const expected = exactQuantile(trials.flat(), 900);
                    assert.ok(Math.abs(((cell?.p90Seconds as number) * 1e9) / expected - 1) < 0.001);
                },
            ),
            { numRuns: 30 },
        );
    });

    it("leaves out the quantiles for which there are too few round trips", () => {
        const names = (count: number) =>
            Object.keys(cellOfSamples(constant(1000, count)) ?? {}).filter((name) => /^p\d/.test(name));
        assert.deepEqual(names(19), []);
        assert.deepEqual(names(20), ["p50Seconds"]);
        assert.deepEqual(names(100), ["p50Seconds", "p90Seconds"]);
        assert.deepEqual(names(1000), ["p50Seconds", "p90Seconds", "p99Seconds"]);
        assert.deepEqual(names(10_000), ["p50Seconds", "p90Seconds", "p99Seconds", "p999Seconds"]);
    });

    it("does not exist without a trial", () => {
        assert.equal(cellOf([]), undefined);
    });
});
