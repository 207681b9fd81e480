import assert from "node:assert/strict";
import fc from "fast-check";
import { chains, mainArms } from "../../model/arms.ts";
import type { Attribution } from "../../model/results.ts";
import { attributionsOf } from "../../statistics/attribution.ts";
import { type Estimate, type Estimates, estimateOf } from "../../statistics/estimate.ts";
import { seededRandom } from "../../statistics/random.ts";
import { ratioOf } from "../../statistics/ratio.ts";
import { lognormal, normal } from "../model/fixtures.ts";
import { binned } from "./coverage.ts";

/** Medians in us by arm, the same at all sizes, with this variance. */
function mediansIn(microseconds: Record<string, number | undefined>, change: Partial<Estimate> = {}): Estimates {
    return (arm) => {
        const value = microseconds[arm];
        return value === undefined ? undefined : { seconds: value / 1e6, trials: 10, logVariance: 1e-4, ...change };
    };
}

const volumeSlower = {
    "network/cluster-ip": 110,
    "volume/chokidar": 600,
    "volume/fs-watch-async": 240,
    "volume/fs-watch": 60,
};
const partsOf = (attributions: Attribution[]) =>
    attributions[0]?.parts.map(({ cause, seconds, share }) => [cause, seconds, share]);

describe("attributionsOf", () => {
    it("takes one cause after another away from the slower main arm, and keeps the rest", () => {
        const attributions = attributionsOf([64, 1024], mediansIn(volumeSlower));
        assert.deepEqual(
            attributions.map(({ size, arm }) => [size, arm]),
            [
                [64, "volume/chokidar"],
                [1024, "volume/chokidar"],
            ],
        );
        assert.deepEqual(partsOf(attributions), [
            ["chokidar", 0.00036, 0.6],
            ["fs.promises", 0.00018, 0.3],
            ["the volume itself", 0.00006, 0.1],
        ]);
    });

    it("goes down the network's chain where the network is slower; a difference can be negative", () => {
        const medians = {
            "network/cluster-ip": 1000,
            "volume/chokidar": 800,
            "network/pod-ip": 1010,
            "network/localhost": 500,
        };
        assert.deepEqual(partsOf(attributionsOf([64], mediansIn(medians))), [
            ["the Service", -0.00001, -0.01],
            ["Pod-to-Pod networking", 0.00051, 0.51],
            ["HTTP in Node.js", 0.0005, 0.5],
        ]);
    });

    it("has shares that sum up to 1 and seconds that sum up to the median", () => {
        const median = fc.double({ min: 1, max: 1e6, noNaN: true });
        fc.assert(
            fc.property(fc.array(median, { minLength: 6, maxLength: 6 }), (values) => {
                const arms = [...chains.network.arms, ...chains.volume.arms];
                const medians = Object.fromEntries(arms.map((arm, index) => [arm, values[index] as number]));
                const [attribution] = attributionsOf([64], mediansIn(medians));
                const sum = (figure: "share" | "seconds") =>
                    attribution?.parts.reduce((total, part) => total + part[figure], 0) as number;
                const main = Math.max(medians[mainArms.network] as number, medians[mainArms.volume] as number);
                const scale = Math.max(...values) / main; // parts can be many times the median, either way
                assert.ok(Math.abs(sum("share") - 1) < 1e-5 * (1 + scale));
                assert.ok(Math.abs(sum("seconds") / (main / 1e6) - 1) < 1e-5 * (1 + scale));
            }),
        );
    });

    it("is left out if an arm of the chain has no median, whatever the other chain has", () => {
        for (const arm of Object.keys(volumeSlower)) {
            assert.deepEqual(attributionsOf([64], mediansIn({ ...volumeSlower, [arm]: undefined })), [], arm);
        }
        const onlyAt64: Estimates = (arm, size) => (size === 64 ? mediansIn(volumeSlower)(arm, size) : undefined);
        assert.deepEqual(
            attributionsOf([64, 1024], onlyAt64).map(({ size }) => size),
            [64],
        );
    });

    it("has intervals around the shares, and none with a single trial", () => {
        const [attribution] = attributionsOf([64], mediansIn(volumeSlower));
        for (const { share, interval } of attribution?.parts ?? []) {
            const [low, high] = interval ?? [];
            assert.ok(low !== undefined && high !== undefined && low < share && share < high);
        }
        const single = (arm: string, size: number): Estimate | undefined => {
            const median = mediansIn(volumeSlower)(arm, size);
            return median && { seconds: median.seconds, trials: 1 };
        };
        for (const part of attributionsOf([64], single)[0]?.parts ?? []) assert.equal("interval" in part, false);
    });

    it("has the interval of 1 - ratio for the first part and of the ratio for the last one, to first order", () => {
        const medians = mediansIn(volumeSlower);
        const [attribution] = attributionsOf([64], medians);
        const ratio = (arm: string) => ratioOf(medians(arm, 64) as Estimate, medians(mainArms.volume, 64) as Estimate);
        const half = ([low, high]: readonly [number, number] = [0, 0]) => (high - low) / 2;
        for (const [position, arm] of [
            [0, "volume/fs-watch-async"],
            [2, "volume/fs-watch"],
        ] as const) {
            const expected = half(ratio(arm).interval);
            assert.ok(Math.abs(half(attribution?.parts[position]?.interval) / expected - 1) < 0.01);
        }
    });

    it("covers the true share in 92% or more of 300 simulated experiments, with 3 trials and with 10", () => {
        const next = normal(seededRandom(5));
        const truth = [0.6, 0.3, 0.1];
        for (const trials of [3, 10]) {
            const hits = [0, 0, 0];
            for (let run = 0; run < 300; run++) {
                const medians: Estimates = (arm) => {
                    const medianNs = (volumeSlower[arm as keyof typeof volumeSlower] ?? 0) * 1000;
                    const histograms = Array.from({ length: trials }, () =>
                        binned(lognormal(medianNs * Math.exp(0.05 * next()), 0.05, 30, next)),
                    );
                    return medianNs === 0 ? undefined : estimateOf(histograms, run);
                };
                const seen = new Map<string, Estimate | undefined>();
                const once: Estimates = (arm, size) => {
                    if (!seen.has(arm)) seen.set(arm, medians(arm, size));
                    return seen.get(arm);
                };
                for (const [index, { interval }] of (attributionsOf([64], once)[0]?.parts ?? []).entries()) {
                    const [low, high] = interval as [number, number];
                    if (low <= (truth[index] as number) && high >= (truth[index] as number))
                        hits[index] = (hits[index] ?? 0) + 1;
                }
            }
            for (const count of hits) assert.ok(count >= 0.92 * 300, `${hits} of 300 with ${trials} trials`);
            assert.ok(hits.some((count) => count < 300));
        }
    }).timeout(30_000);
});
