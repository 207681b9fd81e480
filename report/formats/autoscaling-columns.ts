import type { ElasticityCell } from "../../model/elasticity.ts";
import type { Reading } from "../../model/reading.ts";
import { durationColumns, durationNames } from "./duration-columns.ts";

const mismatches = [
    ["under_time_share", "under", "timeShare"],
    ["under_depth", "under", "depth"],
    ["over_time_share", "over", "timeShare"],
    ["over_depth", "over", "depth"],
] as const;

/** The columns of how an autoscaler followed the load. */
export const autoscalingColumns: readonly string[] = [
    ...["needed_replicas", "most_ready_replicas"],
    ...["first_pod", "scaled_down"].flatMap(durationNames),
    ...mismatches.flatMap(([column]) => [column, `${column}_low`, `${column}_high`]),
];

/** Their figures for a flow of a scenario; none without an autoscaler. */
export function autoscalingFigures(
    elasticity: readonly ElasticityCell[],
    { scenario, topology, flow }: { scenario: string; topology: string; flow: string },
): Record<string, Reading<number>> {
    const cell = elasticity.find((one) => one.scenario === scenario && one.topology === topology);
    const ofFlow = cell?.flows.find((one) => one.flow === flow);
    if (cell === undefined || ofFlow === undefined) return {};
    return {
        needed_replicas: cell.needed.median,
        most_ready_replicas: cell.mostReady.median,
        ...durationColumns("first_pod", cell.firstPod, cell),
        ...durationColumns("scaled_down", cell.scaledDown, { watchedSeconds: cell.calmSeconds }),
        ...Object.fromEntries(
            mismatches.flatMap(([column, side, figure]) => {
                const { median, interval } = ofFlow[side][figure];
                const ends = interval?.map((end, index) => [`${column}_${index === 0 ? "low" : "high"}`, end]) ?? [];
                return [[column, median], ...ends];
            }),
        ),
    };
}
