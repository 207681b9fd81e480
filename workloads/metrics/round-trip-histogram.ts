import { metricNames } from "../../model/metric-names.ts";
import type { CellRecord } from "../../model/trial.ts";
import { decodeHistogram } from "../../statistics/histogram.ts";

/**
 * Upper bounds of the buckets, microseconds: six per decade in the arms' range (from 60 us for 64 B by inotify to 10 ms
 * for 16 MiB), enough to distinguish arms that differ by a factor of 1.5.
 */
const boundsMicroseconds = [
    ...[25, 50, 75, 100, 150, 200, 300, 500, 750],
    ...[1_000, 1_500, 2_000, 3_000, 5_000, 7_500],
    ...[10_000, 15_000, 20_000, 30_000, 50_000, 75_000],
    ...[100_000, 200_000, 500_000, 1_000_000],
];
/** The same in seconds, as in the label `le`. */
export const bucketBounds: readonly number[] = boundsMicroseconds.map((bound) => bound / 1e6);

/** Most cells kept; the one measured longest ago is dropped. All arms of a role have 128 at our sizes. */
export const mostCells = 200;

const name = metricNames.roundTripSeconds;
const head = Buffer.from(
    `# HELP ${name} Round trips of measured closed-loop cells, by the initiator's clock.\n# TYPE ${name} histogram\n`,
);

/** Total over the cells of one arm and size. */
interface Total {
    /** Round trips up to each bound, cumulative. */
    below: number[];
    count: number;
    sumSeconds: number;
    lines: Buffer;
}

/**
 * The round trips of measured cells by arm and size, as a Prometheus histogram. The library's histogram takes them one
 * by one, a million for a cell of `floor/noop`, and writes its thousands of lines at each scrape. Here a whole cell is
 * added at once, from its measured histogram, and its lines are written then, as bytes. So a scrape, which can fall
 * into the timed window of the next cell, only passes them on (0.3 ms for 128 cells, instead of 1.3 ms as a string).
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#histograms-and-summaries
 */
export class RoundTripHistogram {
    readonly #totals = new Map<string, Total>();

    /**
     * Adds a measured cell. A round trip within 0.05% of a bound can be counted on its other side.
     * @throws ReportError if the cell's histogram isn't valid
     */
    add(arm: string, size: number, { histogram, sumSeconds }: Pick<CellRecord, "histogram" | "sumSeconds">): void {
        const { count, values, counts } = decodeHistogram(histogram);
        const labels = `arm="${arm}",size_bytes="${size}"`;
        const old = this.#totals.get(labels) ?? { below: bucketBounds.map(() => 0), count: 0, sumSeconds: 0 };
        let bin = 0;
        let below = 0;
        const added = boundsMicroseconds.map((bound) => {
            while (bin < values.length && (values[bin] as number) <= bound * 1000) below += counts[bin++] as number;
            return below;
        });
        const total = {
            below: old.below.map((round, index) => round + (added[index] as number)),
            count: old.count + count,
            sumSeconds: old.sumSeconds + sumSeconds,
        };
        this.#totals.delete(labels); // moves it to the end of the map, which begins with the oldest
        this.#totals.set(labels, { ...total, lines: linesOf(labels, total) });
        const [oldest] = this.#totals.keys();
        if (this.#totals.size > mostCells && oldest !== undefined) this.#totals.delete(oldest);
    }

    /** All cells in Prometheus' text format, to be concatenated. */
    get parts(): Buffer[] {
        return [head, ...Array.from(this.#totals.values(), ({ lines }) => lines)];
    }
}

function linesOf(labels: string, { below, count, sumSeconds }: Omit<Total, "lines">): Buffer {
    const lines = [
        ...below.map((round, index) => `${name}_bucket{${labels},le="${bucketBounds[index]}"} ${round}`),
        `${name}_bucket{${labels},le="+Inf"} ${count}`,
        `${name}_sum{${labels}} ${sumSeconds}`,
        `${name}_count{${labels}} ${count}`,
    ];
    return Buffer.from(`${lines.join("\n")}\n`);
}
