import assert from "node:assert/strict";
import { buildSync } from "esbuild";
import fc from "fast-check";
import { quantile } from "simple-statistics";
import {
    decodeHistogram,
    encodeHistogram,
    type Histogram,
    mergeHistograms,
    perMille,
    quantileSeconds,
    roundTripsFor,
} from "../../statistics/histogram.ts";
import { seededRandom } from "../../statistics/random.ts";
import { exactQuantile, lognormal, normal } from "../model/fixtures.ts";

const samples = (constraints: { minLength?: number; maxLength?: number } = {}) =>
    fc
        .array(
            fc.oneof(
                fc.integer({ min: 1, max: 5000 }),
                fc.integer({ min: 1, max: 50_000_000 }),
                fc.integer({ min: 1, max: 3_600_000_000_000 }),
            ),
            { maxLength: 400, ...constraints },
        )
        .map((values) => Float64Array.from(values));
const roundTripped = (values: Float64Array) => decodeHistogram(encodeHistogram(values));
const within = (actual: number, expected: number, relative: number) =>
    assert.ok(Math.abs(actual - expected) <= relative * expected, `${actual} is not within ${relative} of ${expected}`);

describe("histogram", () => {
    describe("encodeHistogram and decodeHistogram", () => {
        it("keep every sample to 0.05%, in ascending bins", () => {
            fc.assert(
                fc.property(samples(), (values) => {
                    const histogram = roundTripped(values);
                    assert.equal(histogram.count, values.length);
                    const expanded = histogram.values.flatMap((value, bin) =>
                        new Array<number>(histogram.counts[bin] as number).fill(value),
                    );
                    for (const [rank, sample] of values.toSorted().entries()) {
                        within(expanded[rank] as number, sample, 0.0005);
                    }
                }),
                { numRuns: 50 },
            );
        });

        it("are exact below 2048 ns", () => {
            const histogram = roundTripped(Float64Array.of(2047, 1, 1000, 1000));
            assert.deepEqual(histogram, { count: 4, values: [1, 1000, 2047], counts: [1, 2, 1] });
        });

        it("take the given number of samples from the start, and leave the array as it is", () => {
            const values = Float64Array.of(30, 10, 20, 99);
            assert.deepEqual(decodeHistogram(encodeHistogram(values, 3)).values, [10, 20, 30]);
            assert.deepEqual(values, Float64Array.of(30, 10, 20, 99));
        });

        it("give an empty histogram for no sample", () => {
            assert.deepEqual(roundTripped(new Float64Array(0)), { count: 0, values: [], counts: [] });
            assert.deepEqual(decodeHistogram(encodeHistogram(Float64Array.of(5), 0)).count, 0);
        });

        it("count less than a nanosecond as one, and take a whole hour", () => {
            const histogram = roundTripped(Float64Array.of(0, 0.2, 3_600e9));
            assert.equal(histogram.values[0], 1);
            assert.equal(histogram.counts[0], 2);
            within(histogram.values[1] as number, 3_600e9, 0.0005);
        });

        for (const [value, shown] of [
            [-1, "-1"],
            [Number.NaN, "NaN"],
            [3_601e9, "3601000000000"],
            [Number.POSITIVE_INFINITY, "Infinity"],
        ] as const) {
            it(`refuse a sample of ${shown} ns`, () => {
                assert.throws(() => encodeHistogram(Float64Array.of(5, value)), {
                    name: "RangeError",
                    message: `sample 1 must be from 0 to 3600000000000 ns, got ${shown}`,
                });
            });
        }

        for (const count of [-1, 3, 1.5]) {
            it(`refuse a count of ${count} for 2 samples`, () => {
                assert.throws(() => encodeHistogram(Float64Array.of(5, 6), count), {
                    name: "RangeError",
                    message: `count must be an integer from 0 to 2 (the array's length), got ${count}`,
                });
            });
        }

        it("write what the library's own decoder reads", async () => {
            const { decodeFromCompressedBase64 } = (await import("hdr-histogram-js")).default;
            const decoded = decodeFromCompressedBase64(encodeHistogram(Float64Array.of(100, 200, 200)));
            assert.deepEqual([decoded.totalCount, decoded.minNonZeroValue, decoded.maxValue], [3, 100, 200]);
            assert.equal(decoded.numberOfSignificantValueDigits, 3);
        });

        it("stay small in the journal: 20,000 round trips take less than 4 KiB", () => {
            const values = lognormal(100_000, 0.3, 20_000, normal(seededRandom(1)));
            assert.ok(encodeHistogram(values).length < 4096);
        });
    });

    describe("decodeHistogram", () => {
        it("rejects what is not a histogram", () => {
            assert.throws(() => decodeHistogram("AAAA"), {
                name: "ReportError",
                message:
                    "histogram is not HdrHistogram V2, compressed, base64: Encoding not supported, only V2 is supported; repeat the trial",
            });
        });

        it("rejects a truncated one, wherever it was cut", () => {
            const text = encodeHistogram(lognormal(100_000, 0.3, 500, normal(seededRandom(2))));
            for (const length of [0, 4, 20, text.length >> 1, text.length - 8]) {
                assert.throws(
                    () => decodeHistogram(text.slice(0, length)),
                    { name: "ReportError" },
                    `cut at ${length}`,
                );
            }
        });

        it("refuses one of another layout, whose bins could not be merged with ours", async () => {
            const { build, encodeIntoCompressedBase64 } = (await import("hdr-histogram-js")).default;
            const other = build({
                lowestDiscernibleValue: 1,
                highestTrackableValue: 1_000_000,
                numberOfSignificantValueDigits: 2,
            });
            other.recordValue(500);
            assert.throws(() => decodeHistogram(encodeIntoCompressedBase64(other)), {
                name: "ReportError",
                message:
                    "histogram covers 1 to 1000000 with 2 digits, expected 1 to 3600000000000 ns with 3; it was not written by hopcost",
            });
        });
    });

    describe("mergeHistograms", () => {
        it("gives the histogram of the concatenated samples", () => {
            fc.assert(
                fc.property(fc.array(samples({ maxLength: 100 }), { maxLength: 5 }), (parts) => {
                    const all = Float64Array.from(parts.flatMap((part) => [...part]));
                    assert.deepEqual(mergeHistograms(parts.map(roundTripped)), roundTripped(all));
                }),
                { numRuns: 50 },
            );
        });

        it("does not change what it merges", () => {
            const one: Histogram = { count: 2, values: [10], counts: [2] };
            mergeHistograms([one, { count: 1, values: [10], counts: [1] }]);
            assert.deepEqual(one, { count: 2, values: [10], counts: [2] });
        });
    });

    describe("quantileSeconds", () => {
        it("is within 0.1% of the exact nearest rank, for all quantiles and shapes", () => {
            fc.assert(
                fc.property(
                    samples({ minLength: 20 }),
                    fc.constantFrom(...Object.values(perMille)),
                    (values, thousandths) => {
                        const quantile = quantileSeconds(roundTripped(values), thousandths);
                        if (quantile !== undefined) within(quantile * 1e9, exactQuantile(values, thousandths), 0.001);
                    },
                ),
                { numRuns: 200 },
            );
        });

        it("is within 0.1% of the exact one for 200,000 round trips with a long tail", () => {
            const values = lognormal(100_000, 0.8, 200_000, normal(seededRandom(3)));
            for (const thousandths of Object.values(perMille)) {
                within(
                    (quantileSeconds(roundTripped(values), thousandths) as number) * 1e9,
                    exactQuantile(values, thousandths),
                    0.001,
                );
            }
        });

        it("agrees with hdr-histogram-js and with simple-statistics on the raw samples, within 0.1% or one sample", async () => {
            const { build } = (await import("hdr-histogram-js")).default;
            for (const [seed, spread] of [0.05, 0.3, 0.8, 1.5].entries()) {
                const values = lognormal(100_000, spread, 20_000, normal(seededRandom(seed + 10)));
                const library = build({ highestTrackableValue: 3_600e9, numberOfSignificantValueDigits: 3 });
                for (const value of values) library.recordValue(value);
                const sorted = values.toSorted();
                for (const thousandths of Object.values(perMille)) {
                    const ours = (quantileSeconds(roundTripped(values), thousandths) as number) * 1e9;
                    within(ours, library.getValueAtPercentile(thousandths / 10), 0.001);
                    const raw = quantile([...values], thousandths / 1000);
                    const rank = sorted.findIndex((value) => value >= raw);
                    const [below, above] = [sorted[rank - 1], sorted[rank + 1]] as [number, number];
                    assert.ok(
                        Math.abs(ours / raw - 1) <= 0.001 || (ours >= 0.999 * below && ours <= 1.001 * above),
                        `${ours} is not ${raw}, ${below} or ${above}`,
                    );
                }
            }
        });

        it("takes the nearest rank, never a value between two samples", () => {
            const values = Float64Array.from({ length: 100 }, (_, index) => 10 * (index + 1));
            assert.equal(quantileSeconds(roundTripped(values), 500), 500e-9);
            assert.equal(quantileSeconds(roundTripped(values), 501), 510e-9);
            assert.equal(quantileSeconds(roundTripped(values), 900), 900e-9);
        });

        for (const [name, least] of [
            ["p50", 20],
            ["p90", 100],
            ["p99", 1000],
            ["p999", 10_000],
        ] as const) {
            it(`gives ${name} from ${least} round trips on`, () => {
                assert.equal(roundTripsFor(perMille[name]), least);
                const values = new Float64Array(least).fill(1000);
                assert.equal(quantileSeconds(roundTripped(values), perMille[name]), 1e-6);
                assert.equal(quantileSeconds(roundTripped(values.subarray(1)), perMille[name]), undefined);
            });
        }

        it("is absent without samples", () => {
            assert.equal(quantileSeconds(roundTripped(new Float64Array(0)), 500), undefined);
        });
    });

    it("is bundled without the library's WebAssembly", () => {
        const bundle = buildSync({
            entryPoints: [new URL("../../statistics/histogram.ts", import.meta.url).pathname],
            bundle: true,
            platform: "node",
            format: "esm",
            write: false,
            metafile: true,
            logLevel: "silent",
        });
        const inputs = Object.keys(bundle.metafile.inputs);
        assert.ok(inputs.some((path) => path.endsWith("JsHistogram.js")));
        assert.deepEqual(
            inputs.filter((path) => /wasm|assemblyscript/.test(path)),
            [],
        );
    });
});
