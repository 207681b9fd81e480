import assert from "node:assert/strict";
import fc from "fast-check";
import type { Cell } from "../../model/results.ts";
import type { CellRecord } from "../../model/trial.ts";
import { cellOf, constantRateOf, phasesOf, throughputOf } from "../../statistics/cells.ts";
import { type Estimate, type Estimates, estimateOf, estimatesOf } from "../../statistics/estimate.ts";
import { decodeHistogram, perMille } from "../../statistics/histogram.ts";
import { intervalOf } from "../../statistics/ratio.ts";
import { type CellTrial, collectTrials, trialsOf } from "../../statistics/trials.ts";
import { exactQuantile, recordOf, trialOf, usageFor } from "../model/fixtures.ts";

const arm = "network/cluster-ip";
const constant = (ns: number, count = 30) => new Float64Array(count).fill(ns);
const cellTrialOf = (record: CellRecord): CellTrial => ({
    arm,
    trial: 0,
    record,
    histogram: decodeHistogram(record.histogram),
});

const none: Estimates = () => undefined;

describe("cellOf", () => {
    const cellOfSamples = (...samplesOf: Float64Array[]) => {
        const trials = samplesOf.map((samples, index) => trialOf(index, arm, [recordOf(64, samples)]));
        const cellTrials = collectTrials(trials);
        return cellOf(trialsOf(cellTrials, { arm, mode: "closed-loop", size: 64 }), estimatesOf(cellTrials, 1));
    };

    it("sums up the trials: counts, extremes, the mean of all round trips, and what happened beside them", () => {
        const events = { misses: 1, staleAcks: 2, gc: { count: 3, seconds: 0.25 } };
        const trials = [recordOf(64, constant(1000, 10), events), recordOf(64, constant(4000, 20), events)].map(
            cellTrialOf,
        );
        const { usage, ...cell } = cellOf(trials, none) as Cell;
        assert.deepEqual(cell, {
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
            cpuSecondsPerRoundTrip: 100e-6, // 50 us at each end
        });
        assert.equal(usage?.responder.voluntarySwitches, 1);
    });

    it("has the cost of all round trips together, and of both ends", () => {
        const record = (roundTrips: number, cpu: [number, number]) =>
            recordOf(64, constant(1000, roundTrips), {
                usage: {
                    initiator: usageFor(roundTrips, { cpuSeconds: cpu[0] }),
                    responder: usageFor(roundTrips, { cpuSeconds: cpu[1] }),
                },
            });
        const cell = cellOf([record(10, [1, 4]), record(30, [3, 12])].map(cellTrialOf), none);
        assert.deepEqual(
            [cell?.usage?.initiator.cpuSeconds, cell?.usage?.responder.cpuSeconds, cell?.cpuSecondsPerRoundTrip],
            [0.1, 0.4, 0.5],
        );
    });

    it("says why the CPU time is not known, and has no usage where a trial has none", () => {
        const unavailable = { unavailable: "cgroup is not mounted" };
        const responder = usageFor(30, { cpuSeconds: unavailable });
        const partly = recordOf(64, constant(1000), { usage: { initiator: usageFor(30), responder } });
        const cell = cellOf([cellTrialOf(recordOf(64, constant(1000))), cellTrialOf(partly)], none);
        assert.deepEqual(cell?.cpuSecondsPerRoundTrip, unavailable);
        assert.equal(cell?.usage?.initiator.cpuSeconds, 50e-6);
        const { usage: _, ...silent } = recordOf(64, constant(1000));
        const without = cellOf([cellTrialOf(recordOf(64, constant(1000))), cellTrialOf(silent)], none);
        assert.deepEqual(without?.cpuSecondsPerRoundTrip, { unavailable: "a trial does not report its usage" });
        assert.equal("usage" in (without as Cell), false);
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
        const names = (
            count: number, // of one trial: there are no intervals
        ) => Object.keys(cellOfSamples(constant(1000, count)) ?? {}).filter((name) => /^p\d/.test(name));
        assert.deepEqual(names(19), []);
        assert.deepEqual(names(20), ["p50Seconds"]);
        assert.deepEqual(names(100), ["p50Seconds", "p90Seconds"]);
        assert.deepEqual(names(1000), ["p50Seconds", "p90Seconds", "p99Seconds"]);
        assert.deepEqual(names(10_000), ["p50Seconds", "p90Seconds", "p99Seconds", "p999Seconds"]);
    });

    it("has the 95% CIs of p50 and p99 over trials, if there are two trials and the quantile exists", () => {
        const both = cellOfSamples(constant(1000, 600), constant(2000, 600));
        const estimates = [perMille.p50, perMille.p99].map((thousandths) =>
            estimateOf(
                [1000, 2000].map((ns) => decodeHistogram(recordOf(64, constant(ns, 600)).histogram)),
                65,
                thousandths,
            ),
        ) as [Estimate, Estimate];
        assert.deepEqual([both?.p50IntervalSeconds, both?.p99IntervalSeconds], estimates.map(intervalOf));
        const [low, high] = both?.p50IntervalSeconds ?? [1, 0];
        assert.ok(low < 1e-6 && high > 2e-6, `${low} to ${high}`); // two trials say little
        const few = cellOfSamples(constant(1000, 30), constant(2000, 30));
        assert.deepEqual([few?.p50IntervalSeconds === undefined, few?.p99IntervalSeconds], [false, undefined]);
        assert.equal(cellOfSamples(constant(1000, 30))?.p50IntervalSeconds, undefined);
    });

    it("does not exist without a trial", () => {
        assert.equal(cellOf([], none), undefined);
    });
});

describe("constantRateOf", () => {
    const record = (ns: number, roundTrips: number, elapsedSeconds: number) =>
        recordOf(64, constant(ns, roundTrips), { mode: "constant-rate", ratePerSecond: 500, elapsedSeconds });

    it("has the rate of all round trips over the total time, beside the intended one, and the pooled quantiles", () => {
        assert.deepEqual(constantRateOf([record(1000, 30, 0.1), record(2000, 70, 0.3)].map(cellTrialOf)), {
            arm,
            size: 64,
            trials: 2,
            roundTrips: 100,
            ratePerSecond: 500,
            achievedPerSecond: 250, // not (300 + 233) / 2
            p50Seconds: 2e-6,
            p90Seconds: 2e-6,
            maxSeconds: 2e-6,
        });
    });

    it("does not exist without a trial, or if no trial has the intended rate", () => {
        assert.equal(constantRateOf([]), undefined);
        assert.equal(constantRateOf([cellTrialOf(recordOf(64, constant(1000), { mode: "constant-rate" }))]), undefined);
    });
});

describe("throughputOf", () => {
    it("has the rates of all round trips over the total time", () => {
        const record = (roundTrips: number, elapsedSeconds: number) =>
            recordOf(1024, constant(1000, roundTrips), { mode: "throughput", concurrency: 4, elapsedSeconds });
        assert.deepEqual(throughputOf([record(30, 0.1), record(70, 0.3)].map(cellTrialOf)), {
            arm,
            size: 1024,
            trials: 2,
            roundTrips: 100,
            concurrency: 4,
            roundTripsPerSecond: 250,
            bytesPerSecond: 256_000,
            p50Seconds: 1e-6,
        });
    });

    it("does not exist without a trial", () => {
        assert.equal(throughputOf([]), undefined);
    });
});

describe("phasesOf", () => {
    const record = (count: number, phases: CellRecord["phases"]) =>
        recordOf(64, constant(1000, count), { mode: "phases", ...(phases && { phases }) });

    it("is the mean over the trials, whatever their round trips, in the order of the parts; the total is their sum", () => {
        const trials = [
            record(10, [
                { name: "write", seconds: 1e-6 },
                { name: "ack seen", seconds: 4e-6 },
            ]),
            record(90, [
                { name: "write", seconds: 3e-6 },
                { name: "ack seen", seconds: 5e-6 },
            ]),
        ].map(cellTrialOf);
        assert.deepEqual(phasesOf(trials), {
            arm,
            size: 64,
            trials: 2,
            totalSeconds: 6.5e-6,
            parts: [
                { name: "write", seconds: 2e-6 },
                { name: "ack seen", seconds: 4.5e-6 },
            ],
        });
    });

    it("has parts that sum up to the total", () => {
        const seconds = fc.double({ min: 1e-7, max: 1, noNaN: true });
        fc.assert(
            fc.property(fc.array(fc.tuple(seconds, seconds, seconds), { minLength: 1, maxLength: 5 }), (trials) => {
                const breakdown = phasesOf(
                    trials.map((parts) =>
                        cellTrialOf(
                            record(
                                20,
                                parts.map((value, index) => ({ name: `${index}`, seconds: value })),
                            ),
                        ),
                    ),
                );
                const total = breakdown?.parts.reduce((sum, part) => sum + part.seconds, 0) as number;
                assert.ok(Math.abs(total / (breakdown?.totalSeconds as number) - 1) < 1e-5);
            }),
            { numRuns: 30 },
        );
    });

    it("does not exist without phases", () => {
        assert.equal(phasesOf([]), undefined);
        assert.equal(phasesOf([cellTrialOf(record(20, undefined))]), undefined);
    });
});
