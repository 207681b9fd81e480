import { mainArms } from "./arms.ts";
import type { Results } from "./schema.ts";
import { formatSize } from "./sizes.ts";
import { formatRatio, formatSeconds } from "./units.ts";

/** Column gap. */
const gap = "  ";
/** Two such columns are as wide as the name of their arm above them. */
const quantileWidth = Math.ceil((Math.max(...Object.values(mainArms).map((arm) => arm.length)) - gap.length) / 2);

/**
 * The results as a plain text table, one line a size: p50 and p99 of both main arms, the ratio of the medians with its
 * 95% interval, and who wins. What does not exist (a quantile for lack of round trips, an unmeasured size) is `-`.
 * @returns lines joined by `\n`, without colours and without a newline at the end; numbers are right-aligned
 */
export function resultsTable({ plan, cells, ratios }: Pick<Results, "plan" | "cells" | "ratios">): string {
    const head = ["size", "p50", "p99", "p50", "p99", "ratio", "95% interval", "faster"];
    const sizes = plan.sizes.toSorted((one, other) => one - other);
    const body = sizes.map((size) => {
        const quantiles = Object.values(mainArms).flatMap((arm) => {
            const cell = cells.find((candidate) => candidate.arm === arm && candidate.size === size);
            return [formatSeconds(cell?.p50Seconds), formatSeconds(cell?.p99Seconds)];
        });
        const ratio = ratios.find((candidate) => candidate.size === size);
        return [
            formatSize(size),
            ...quantiles,
            ratio === undefined ? "-" : formatRatio(ratio.ratio),
            ratio?.interval === undefined ? "-" : ratio.interval.map(formatRatio).join(" to "),
            ratio?.verdict.replace(" faster", "") ?? "-",
        ];
    });
    const widths = head.map((name, column) => {
        const widest = Math.max(...[head, ...body].map((row) => (row[column] as string).length));
        return name.startsWith("p") ? Math.max(widest, quantileWidth) : widest;
    });
    const [size, ...measured] = widths as [number, ...number[]];
    const group = (title: string, columns: readonly number[]) =>
        title.padStart(columns.reduce((sum, width) => sum + width + gap.length, -gap.length));
    const title = [
        " ".repeat(size),
        group(mainArms.network, measured.slice(0, 2)),
        group(mainArms.volume, measured.slice(2, 4)),
        group("volume / network", measured.slice(4, 6)),
    ];
    const line = (row: readonly string[]) =>
        row
            .map((text, column) => {
                const width = widths[column] as number;
                return column === 0 || column === row.length - 1 ? text.padEnd(width) : text.padStart(width);
            })
            .join(gap)
            .trimEnd();
    return [title.join(gap), line(head), ...body.map(line)].join("\n");
}
