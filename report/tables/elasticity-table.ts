import type { MedianFigure } from "../../model/scenario-fields.ts";
import type { ScenarioResults } from "../../model/scenarios.ts";
import { autoscalingText } from "../words/autoscaling-words.ts";
import { percent } from "../words/sentences.ts";
import type { Grid, Row } from "./grid.ts";

/** How an autoscaler followed the load: a row for each flow below what it did. No rows without an autoscaler. */
export function elasticityTable({ elasticity = [] }: Pick<ScenarioResults, "elasticity">): Grid {
    return {
        caption:
            "Autoscaling: too few or too many receiving replicas (share of time; mean share of need); medians [95% CI]",
        head: ["flow", "n", "too few", "depth", "too many", "depth"],
        rows: elasticity.flatMap((cell): Row[] => [
            `${cell.scenario}, ${cell.topology}: ${autoscalingText(cell)}`,
            ...cell.flows.map(({ flow, under, over }) => [
                flow,
                `${cell.injections}`,
                ...[under.timeShare, under.depth, over.timeShare, over.depth].map(percentText),
            ]),
        ]),
        left: [0],
    };
}

function percentText({ median, interval }: MedianFigure): string {
    const shown = percent(median);
    const ends = (interval ?? []).map((end) => percent(end));
    return ends.every((end) => end === shown) ? shown : `${shown} [${ends.join(" to ")}]`;
}
