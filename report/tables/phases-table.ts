import type { PhaseBreakdown, Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";
import { formatSeconds } from "../words/units.ts";
import type { Grid } from "./grid.ts";

/**
 * Where the time of a round trip goes: a grid for each main arm, one line per size with the time of each part.
 * @returns empty if no phases were measured
 */
export function phasesTables({ phases }: Pick<Results, "phases">): Grid[] {
    const byArm = Map.groupBy(phases, ({ arm }) => arm);
    return [...byArm].map(([arm, breakdowns]) => armTable(arm, breakdowns));
}

function armTable(arm: string, breakdowns: readonly PhaseBreakdown[]): Grid {
    const names = [...new Set(breakdowns.flatMap(({ parts }) => parts.map(({ name }) => name)))];
    const secondsOf = ({ parts }: PhaseBreakdown) =>
        names.map((name) => parts.find((part) => part.name === name)?.seconds);
    return {
        caption: arm,
        head: ["size", "total", ...names],
        rows: breakdowns.map((breakdown) => [
            formatSize(breakdown.size),
            formatSeconds(breakdown.totalSeconds),
            ...secondsOf(breakdown).map(formatSeconds),
        ]),
        left: [0],
        bars: breakdowns.map((breakdown) => secondsOf(breakdown).map((seconds) => seconds ?? 0)),
    };
}
