import type { Changes, Compared, ComparedRun, OutageChange, OverallChange } from "../../model/comparison.ts";
import { formatSize } from "../../model/sizes.ts";
import { ratioName } from "../findings/compare-summary.ts";
import { differencesText } from "../findings/run-differences.ts";
import type { Grid, Row } from "../tables/grid.ts";
import type { Tables } from "../tables/tables.ts";
import { changeInterval } from "../words/beside-limit.ts";
import { durationText, shiftInterval, shiftText, shortSeconds } from "../words/durations.ts";
import { targetList } from "../words/scenario-words.ts";
import { formatChange, formatRatio, formatSeconds } from "../words/units.ts";
import { textGrid } from "./text-grid.ts";

/** Explains the columns of the tables. */
const legend =
    "Change is B relative to A. The CIs of all sizes of an arm hold jointly with 95%; a change is significant only if its whole CI is on one side of 0%. The line `geomean` is over all sizes and trials, with its own 95% CI.";

/** A comparison as plain text: differences and warnings, the verdict, the runs, every change. Ends with a newline. */
export function comparedText(compared: Compared): string {
    const { differences, warnings, summary } = compared;
    const notAlike = "A and B were measured under different conditions, which may explain a change:";
    const different = differences.length === 0 ? [] : [differencesText(notAlike, differences)];
    const warned = warnings.length === 0 ? [] : [warnings.map((warning) => `warning: ${warning}`).join("\n")];
    const runs = [sideLine("A", compared.a), sideLine("B", compared.b)].join("\n");
    const tables = comparedTables(compared).map(({ title, grids }) => [title, ...grids.map(textGrid)].join("\n\n"));
    const reasons = reasonsOf(compared);
    return `${[...different, ...warned, summary, runs, legend, ...tables, ...reasons].join("\n\n")}\n`;
}

/** The tables of a comparison, in reading order; without empty ones. */
export function comparedTables({ ratio, arms, outages }: Pick<Compared, "ratio" | "arms" | "outages">): Tables[] {
    const p50 = arms.map(({ arm, p50: changes }) => ({ name: arm, changes }));
    const p99 = arms.map(({ arm, p99: changes }) => ({ name: arm, changes }));
    const tables = [
        { title: "How much faster the network is", grids: gridOf([{ name: ratioName, changes: ratio }], formatRatio) },
        { title: "p50", grids: gridOf(p50, formatSeconds) },
        { title: "p99", grids: gridOf(p99, formatSeconds) },
        { title: "Outages", grids: outagesGrid(outages) },
    ];
    return tables.filter(({ grids }) => grids.length > 0);
}

function gridOf(named: readonly { name: string; changes: Changes }[], format: (value: number) => string): Grid[] {
    const rows = named.flatMap(({ name, changes: { overall, sizes } }): Row[] => {
        const ofSizes = sizes.map((change, index) => {
            return [index === 0 ? name : "", formatSize(change.size), ...changeColumns(change, format)];
        });
        return overall === undefined ? ofSizes : [...ofSizes, ["", "geomean", ...changeColumns(overall, format)]];
    });
    const head = ["", "size", "A", "B", "change", "95% CI", ""];
    return rows.length === 0 ? [] : [{ head, rows, left: [0, head.length - 1] }];
}

/** Each outage is judged by itself. */
function outagesGrid(outages: readonly OutageChange[]): Grid[] {
    const rows = outages.map((change): string[] => {
        const { scenario, topology, a, b, watchedSeconds = 0, shiftSeconds, interval, noiseFloorSeconds } = change;
        return [
            scenario,
            topology,
            ...[a, b].map((value) => (value === undefined ? "-" : durationText(value, watchedSeconds))),
            shiftText(shiftSeconds ?? null),
            interval === undefined ? "-" : shiftInterval(interval),
            typeof noiseFloorSeconds === "number" ? shortSeconds(noiseFloorSeconds) : "-",
            change.outcome,
        ];
    });
    const caption =
        "Medians over injections, with one attempt per message. Shift is B less A (Hodges-Lehmann), each with its own 95% CI.";
    const head = ["scenario", "topology", "A", "B", "shift", "95% CI", "noise floor", ""];
    return rows.length === 0 ? [] : [{ caption, head, rows, left: [0, 1, head.length - 1] }];
}

function changeColumns(
    { a, b, factor, interval, outcome }: OverallChange,
    format: (value: number) => string,
): string[] {
    return [
        ...[a, b].map((value) => (value === undefined ? "-" : format(value))),
        factor === undefined ? "-" : formatChange(factor),
        interval === undefined ? "-" : changeInterval(interval),
        outcome,
    ];
}

function sideLine(side: string, runs: readonly ComparedRun[]): string {
    const named = runs.map(({ runId, startedAt }) => `${runId}${startedAt === "" ? "" : ` (${startedAt})`}`);
    return `${side}: ${runs.length === 1 ? "" : `mean of ${runs.length} runs: `}${named.join(", ")}`;
}

/** Why some sizes and outages are inconclusive, each reason once. */
function reasonsOf({ ratio, arms, outages }: Pick<Compared, "ratio" | "arms" | "outages">): string[] {
    const changes = [ratio, ...arms.flatMap(({ p50, p99 }) => [p50, p99])].flatMap(({ overall, sizes }) => [
        ...sizes,
        ...(overall === undefined ? [] : [overall]),
    ]);
    const ofOutages = Map.groupBy(
        outages.filter((change) => change.reason !== undefined),
        ({ reason }) => reason,
    );
    const reasons = [
        ...new Set(changes.flatMap(({ reason }) => reason ?? [])),
        ...[...ofOutages].map(([reason, some]) => `outage of ${targetList(some, outages)}: ${reason}`),
    ];
    return reasons.length === 0 ? [] : [reasons.map((reason) => `inconclusive: ${reason}`).join("\n")];
}
