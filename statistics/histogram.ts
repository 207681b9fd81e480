// The package's root would also load its WebAssembly build (40 KB of base64), which the bundle of the measured child
// doesn't need.
import int32 from "hdr-histogram-js/dist/Int32Histogram.js";
import { decompress, doDecode } from "hdr-histogram-js/dist/JsHistogram.encoding.js";
import { messageOf, ReportError } from "../model/error.ts";

const lowestNs = 1;
const highestNs = 3_600e9;
const significantDigits = 3;

/** The quantiles of a cell, in thousandths: whole numbers keep the rank exact. */
export const perMille = { p50: 500, p90: 900, p99: 990, p999: 999 } as const;
/** Minimum samples above a quantile; with fewer it is absent. */
export const samplesAbove = 10;

/** A decoded histogram: its non-empty bins. All histograms have the same layout, so equal bins have equal values. */
export interface Histogram {
    /** Samples in all bins. */
    count: number;
    /** Middle of each bin, whole nanoseconds, ascending; within 0.05% of each sample. */
    values: number[];
    /** Samples in the bin of the same index, 1 or more. */
    counts: number[];
}

/**
 * Round trips as HdrHistogram V2, compressed, base64: 1 ns to 1 hour with 3 significant digits.
 * Takes about 50 ns per sample; only for use after the timed window.
 * @param samplesNs round trips in nanoseconds, any order; not modified. Less than 1 ns counts as 1 ns
 * @param count how many from the start of the array are samples
 * @throws RangeError if `count` is not the length of a prefix, or a sample is negative, not a number or above 1 hour
 * @see https://github.com/HdrHistogram/HdrHistogram (V2 encoding)
 */
export function encodeHistogram(samplesNs: Float64Array, count: number = samplesNs.length): string {
    if (!Number.isInteger(count) || count < 0 || count > samplesNs.length) {
        throw new RangeError(
            `count must be an integer from 0 to ${samplesNs.length} (the array's length), got ${count}`,
        );
    }
    const histogram = new int32.default(lowestNs, highestNs, significantDigits);
    for (let index = 0; index < count; index++) {
        const sample = samplesNs[index] as number;
        if (!(sample >= 0 && sample <= highestNs)) {
            throw new RangeError(`sample ${index} must be from 0 to ${highestNs} ns, got ${sample}`);
        }
        histogram.recordValue(Math.max(lowestNs, Math.round(sample)));
    }
    return histogram.encodeIntoCompressedBase64();
}

/**
 * Reads the output of {@link encodeHistogram}.
 * @throws ReportError if the text is not such a histogram
 */
export function decodeHistogram(base64: string): Histogram {
    const decoded = decode(base64);
    if (
        decoded.lowestDiscernibleValue !== lowestNs ||
        decoded.highestTrackableValue !== highestNs ||
        decoded.numberOfSignificantValueDigits !== significantDigits
    ) {
        throw new ReportError(
            `histogram covers ${decoded.lowestDiscernibleValue} to ${decoded.highestTrackableValue} with ${decoded.numberOfSignificantValueDigits} digits, expected ${lowestNs} to ${highestNs} ns with ${significantDigits}; it was not written by hopcost`,
        );
    }
    const histogram: Histogram = { count: decoded.totalCount, values: [], counts: [] };
    const end = decoded.totalCount === 0 ? 0 : decoded.countsArrayIndex(decoded.maxValue) + 1;
    for (let index = 0; index < end; index++) {
        const samples = decoded.getCountAtIndex(index);
        if (samples === 0) continue;
        histogram.values.push(decoded.medianEquivalentValue(decoded.valueFromIndex(index)));
        histogram.counts.push(samples);
    }
    return histogram;
}

function decode(base64: string) {
    try {
        return doDecode(decompress(Buffer.from(base64, "base64")));
    } catch (cause) {
        throw new ReportError(
            `histogram is not HdrHistogram V2, compressed, base64: ${messageOf(cause)}; repeat the trial`,
            { cause },
        );
    }
}

/** All samples of several histograms in one, as if they had been recorded into one. */
export function mergeHistograms(histograms: readonly Histogram[]): Histogram {
    const bins = new Map<number, number>();
    for (const { values, counts } of histograms) {
        for (const [index, value] of values.entries()) {
            bins.set(value, (bins.get(value) ?? 0) + (counts[index] as number));
        }
    }
    const values = [...bins.keys()].sort((one, other) => one - other);
    const counts = values.map((value) => bins.get(value) as number);
    return { count: histograms.reduce((sum, { count }) => sum + count, 0), values, counts };
}

/**
 * Nearest-rank quantile: the smallest bin with at least `thousandths` of the samples in it or below; never interpolated.
 * Within 0.05% of the exact quantile of the samples.
 * @param thousandths 1 to 999, e.g. {@link perMille}.p99
 * @returns seconds; undefined with fewer than {@link samplesAbove} samples above it (p50 needs 20, p99 1,000)
 * @see Hyndman & Fan 1996, "Sample Quantiles in Statistical Packages", definition 1
 */
export function quantileSeconds(histogram: Histogram, thousandths: number): number | undefined {
    const rank = Math.ceil((thousandths * histogram.count) / 1000);
    return histogram.count - rank < samplesAbove ? undefined : nearestRank(histogram, thousandths) / 1e9;
}

/** Nearest-rank quantile in nanoseconds, even with few samples above it. @param histogram with at least one sample */
export function nearestRank({ count, values, counts }: Histogram, thousandths: number): number {
    const rank = Math.ceil((thousandths * count) / 1000);
    let below = 0;
    const bin = counts.findIndex((samples) => {
        below += samples;
        return below >= rank;
    });
    return values[bin] as number;
}

/** How many round trips a quantile needs: p50 20, p99 1,000. @param thousandths as for {@link quantileSeconds} */
export function roundTripsFor(thousandths: number): number {
    return Math.ceil((1000 * samplesAbove) / (1000 - thousandths));
}
