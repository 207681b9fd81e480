import type { Check, Checked } from "../../model/check.ts";
import { formatSize } from "../../model/sizes.ts";
import { checkName, shownFigure } from "../findings/check-judge.ts";
import { differencesText } from "../findings/run-differences.ts";
import type { Grid } from "../tables/grid.ts";
import { textGrid } from "./text-grid.ts";

const titles = { "max-ratio": "volume / network", "max-p99": "p99", "max-change": "change of p50" } as const;

/** A check as plain text: differences and warnings, the outcome, each figure against its limit. Ends with a newline. */
export function checkedText(checked: Checked): string {
    const { summary, run, baseline, differences, checks, warnings } = checked;
    const notAlike =
        "The baseline (A) and the run (B) were measured under different conditions, which may explain a change:";
    const different = differences.length === 0 ? [] : [differencesText(notAlike, differences)];
    const warned = warnings.length === 0 ? [] : [warnings.map((warning) => `warning: ${warning}`).join("\n")];
    const against = baseline.length === 0 ? "" : ` against ${baseline.map(({ runId }) => runId).join(", ")}`;
    const parts = [summary, `Run ${run.runId}${against}`, textGrid(checksGrid(checks)), ...reasonLines(checks)];
    return `${[...different, ...warned, ...parts].join("\n\n")}\n`;
}

/** One line per check. */
export function checksGrid(checks: readonly Check[]): Grid {
    const rows = checks.map((check) => {
        const { value, interval, limit } = shownFigure(check);
        const { figure, arm, size, outcome } = check;
        return [titles[figure], arm ?? "", shownSize(size), value, interval, limit, outcome];
    });
    const head = ["figure", "arm", "size", "value", "95% CI", "limit", ""];
    return { head, rows, left: [0, 1, head.length - 1] };
}

/** The names of all checks with the outcome, for the end of a log. */
export function complaints(checks: readonly Check[], outcome: "fail" | "inconclusive"): string[] {
    return checks.filter((check) => check.outcome === outcome).map(checkName);
}

function shownSize(size: number | undefined): string {
    return size === undefined ? "geomean" : formatSize(size);
}

/** Why some checks have no interval: one line per figure, arm and reason, with the sizes. */
function reasonLines(checks: readonly Check[]): string[] {
    const without = checks.filter(({ reason }) => reason !== undefined);
    const groups = Map.groupBy(without, ({ figure, arm, reason }) => `${figure} ${arm} ${reason}`);
    const lines = [...groups.values()].map((group) => {
        const [{ figure, arm, reason }] = group as [Check];
        const sizes = group.map(({ size }) => shownSize(size)).join(", ");
        return `inconclusive: ${titles[figure]}${arm === undefined ? "" : ` of ${arm}`} at ${sizes}: ${reason}`;
    });
    return lines.length === 0 ? [] : [lines.join("\n")];
}
