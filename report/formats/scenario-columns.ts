import { outcomes } from "../../model/outcomes.ts";
import type { Reading } from "../../model/reading.ts";
import type { ScenarioResults } from "../../model/scenarios.ts";
import type { ShareCell } from "../../model/shares.ts";
import { autoscalingFigures } from "./autoscaling-columns.ts";
import { durationColumns, durationNames } from "./duration-columns.ts";

const durations = ["outage", "recovery", "detection", "reaction"] as const;
const outcomeColumns = outcomes.map((outcome) => `slots_${outcome.replaceAll("-", "_")}`);

/** The columns of scenarios in a CSV, in order: the key, durations over injections, sums of messages, load balancing. */
export const scenarioColumns: readonly string[] = [
    ...["scenario", "topology", "flow", "injections", "watched_seconds"],
    ...durations.flatMap(durationNames),
    ...["bad_seconds", "slots", ...outcomeColumns],
    ...["duplicated", "corrupt", "out_of_order", "undelivered", "undelivered_low", "undelivered_high"],
    ...["lossy_injections", "lateness_p99_seconds"],
    ...["replicas", "busiest_share", "busiest_share_low", "busiest_share_high"],
    ...durationNames("share"),
    "expected",
];

/** The figures of each cell of the scenarios by column, in SI units; a duration longer than watched says so. */
export function scenarioRows({
    cells,
    expected,
    shares = [],
    elasticity = [],
}: ScenarioResults): Record<string, Reading<number> | string>[] {
    return cells.map((cell) => {
        const { scenario, topology, flow, injections, slots, undelivered } = cell;
        const holds = expected.find((one) => one.scenario === scenario && one.topology === topology)?.holds;
        return {
            mode: "scenario",
            ...{ scenario, topology, flow, injections, slots },
            watched_seconds: cell.watchedSeconds,
            ...Object.assign({}, ...durations.map((name) => durationColumns(name, cell[name], cell))),
            bad_seconds: cell.badSeconds,
            ...Object.fromEntries(outcomes.map((outcome, index) => [outcomeColumns[index], cell.outcomes[outcome]])),
            duplicated: cell.duplicated,
            corrupt: cell.corrupt,
            out_of_order: cell.outOfOrder,
            undelivered: undelivered.median,
            ...(undelivered.interval && {
                undelivered_low: undelivered.interval[0],
                undelivered_high: undelivered.interval[1],
            }),
            lossy_injections: cell.lossy.injections,
            lateness_p99_seconds: cell.latenessP99Seconds,
            ...(holds !== undefined && { expected: holds ? "yes" : "no" }),
            ...shareColumns(
                shares.find((one) => one.scenario === scenario && one.topology === topology && one.flow === flow),
            ),
            ...autoscalingFigures(elasticity, cell),
        };
    });
}

function shareColumns(cell: ShareCell | undefined): Record<string, Reading<number>> {
    if (cell === undefined) return {};
    const { replicas, busiest, untilShare } = cell;
    const [low, high] = busiest.interval ?? [];
    return {
        replicas,
        busiest_share: busiest.median,
        ...(low !== undefined && { busiest_share_low: low }),
        ...(high !== undefined && { busiest_share_high: high }),
        ...durationColumns("share", untilShare, cell),
    };
}
