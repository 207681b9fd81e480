import type { Check, Checked } from "../../model/check.ts";
import { formatSize } from "../../model/sizes.ts";
import { checkName, shownFigure } from "../findings/check-judge.ts";
import { differencesText } from "../findings/run-differences.ts";
import type { Grid } from "../tables/grid.ts";
import { targetList } from "../words/scenario-words.ts";
import { textGrid } from "./text-grid.ts";

const titles = {
    "max-ratio": "volume / network",
    "max-p99": "p99",
    "max-change": "change of p50",
    "max-outage": "outage",
    "max-failed": "undelivered messages",
} as const;

/** A check as plain text: differences and warnings, the outcome, each figure against its limit. Ends with a newline. */
export function checkedText(checked: Checked): string {
    const { summary, run, baseline, differences, checks, warnings } = checked;
    const notAlike =
        "The baseline (A) and the run (B) were measured under different conditions, which may explain a change:";
    const different = differences.length === 0 ? [] : [differencesText(notAlike, differences)];
    const warned = warnings.length === 0 ? [] : [warnings.map((warning) => `warning: ${warning}`).join("\n")];
    const against = baseline.length === 0 ? "" : ` against ${baseline.map(({ runId }) => runId).join(", ")}`;
    const parts = [summary, `Run ${run.runId}${against}`, ...checksGrids(checks).map(textGrid), ...reasonLines(checks)];
    return `${[...different, ...warned, ...parts].join("\n\n")}\n`;
}

/** One line per check: those of cells, and those of scenarios; without empty grids. */
function checksGrids(checks: readonly Check[]): Grid[] {
    const grids = [
        checksGrid(
            checks.filter((check) => !isOfScenario(check)),
            { head: ["arm", "size"], left: [0, 1], textsOf: ({ arm = "", size }) => [arm, shownSize(size)] },
        ),
        checksGrid(checks.filter(isOfScenario), {
            head: ["scenario", "topology"],
            left: [0, 1, 2],
            textsOf: ({ scenario = "", topology = "" }) => [scenario, topology],
        }),
    ];
    return grids.filter(({ rows }) => rows.length > 0);
}

/** @param what of the columns between the figure and its value */
function checksGrid(
    checks: readonly Check[],
    what: Pick<Grid, "head" | "left"> & { textsOf(check: Check): string[] },
): Grid {
    const rows = checks.map((check) => {
        const { value, interval, limit } = shownFigure(check);
        return [titles[check.figure], ...what.textsOf(check), value, interval, limit, check.outcome];
    });
    const head = ["figure", ...what.head, "value", "95% CI", "limit", ""];
    return { head, rows, left: [...what.left, head.length - 1] };
}

/** The names of all checks with the outcome, for the end of a log. */
export function complaints(checks: readonly Check[], outcome: "fail" | "inconclusive"): string[] {
    return checks.filter((check) => check.outcome === outcome).map(checkName);
}

function isOfScenario({ scenario }: Check): boolean {
    return scenario !== undefined;
}

function shownSize(size: number | undefined): string {
    return size === undefined ? "geomean" : formatSize(size);
}

/** Why some checks have no interval: one line per figure, arm and reason, with the sizes or scenarios. */
function reasonLines(checks: readonly Check[]): string[] {
    const without = checks.filter(({ outcome, reason }) => outcome === "inconclusive" && reason !== undefined);
    const groups = Map.groupBy(without, ({ figure, arm, reason }) => `${figure} ${arm} ${reason}`);
    const lines = [...groups.values()].map((group) => {
        const [{ figure, arm, scenario, reason }] = group as [Check];
        if (scenario !== undefined) {
            const ofFigure = checks.filter((check) => check.figure === figure);
            return `inconclusive: ${titles[figure]} of ${targetList(group, ofFigure)}: ${reason}`;
        }
        const sizes = group.map(({ size }) => shownSize(size)).join(", ");
        return `inconclusive: ${titles[figure]}${arm === undefined ? "" : ` of ${arm}`} at ${sizes}: ${reason}`;
    });
    return lines.length === 0 ? [] : [lines.join("\n")];
}
