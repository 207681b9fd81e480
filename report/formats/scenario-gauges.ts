import { outcomes } from "../../model/outcomes.ts";
import type { Results } from "../../model/results.ts";
import type { DurationFigure } from "../../model/scenario-fields.ts";
import type { ScenarioCell } from "../../model/scenarios.ts";
import type { ShareCell } from "../../model/shares.ts";

interface Value {
    labels: Record<string, string | number>;
    value: number;
}

const durationHelp = {
    outage: "The longest time without service",
    recovery: "From the injection until service is as before",
    detection: "From the injection to the first message that is not on time",
    reaction: "From the injection to the first reaction in the API",
} as const;

const elasticityHelp = {
    timeShare: "Share of the time in which",
    depth: "Missing or surplus replicas per replica needed, over all the time, if",
    firstPod: "From the injection until an autoscaler's first new Pod is ready",
    scaledDown: "From the return of the load until no more Pods are ready than are needed",
} as const;

/**
 * The scenarios as gauges, with the labels `run_id`, `scenario`, `topology` and `flow`. A duration longer than watched is
 * `+Inf`, which is what a threshold should compare with.
 */
export const scenarioGauges: readonly { name: string; help: string; of: (results: Results) => Value[] }[] = [
    ...(["outage", "recovery", "detection", "reaction"] as const).flatMap((figure) => [
        {
            name: `hopcost_scenario_${figure}_seconds`,
            help: `${durationHelp[figure]}: median over injections (quantile 0.5), and the longest one (1) if it is known`,
            of: (results: Results) => ofCells(results, (cell) => quantilesOf(cell, figure)),
        },
        {
            name: `hopcost_scenario_${figure}_bound_seconds`,
            help: `End of the 95% interval of the median of hopcost_scenario_${figure}_seconds`,
            of: (results: Results) => ofCells(results, (cell) => boundsOf(cell[figure])),
        },
    ]),
    {
        name: "hopcost_scenario_messages",
        help: "Messages over all injections, by outcome; they sum to all messages",
        of: (results) =>
            ofCells(results, (cell) =>
                outcomes.map((outcome) => ({ labels: { outcome }, value: cell.outcomes[outcome] })),
            ),
    },
    {
        name: "hopcost_scenario_duplicated_messages",
        help: "Messages that arrived more than once, over all injections",
        of: (results) => ofCells(results, ({ duplicated }) => [{ labels: {}, value: duplicated }]),
    },
    {
        name: "hopcost_scenario_injections",
        help: "Injections that count, and those in which service did not recover while it was watched (censored)",
        of: (results) =>
            ofCells(results, ({ injections, recovery }) => [
                { labels: { state: "recovered" }, value: injections - recovery.censored },
                { labels: { state: "censored" }, value: recovery.censored },
            ]),
    },
    ...(["under", "over"] as const).flatMap((side) =>
        (["timeShare", "depth"] as const).map((figure) => ({
            name: `hopcost_scenario_${side}_provisioned_${figure === "depth" ? "depth" : "time"}_ratio`,
            help: `${elasticityHelp[figure]} ${side === "under" ? "too few" : "too many"} replicas receive messages: median over injections`,
            of: ({ runId, scenarios }: Results) =>
                (scenarios?.elasticity ?? []).flatMap(({ scenario, topology, flows }) =>
                    flows.map((one) => ({
                        labels: { run_id: runId, scenario, topology, flow: one.flow },
                        value: one[side][figure].median,
                    })),
                ),
        })),
    ),
    ...(["firstPod", "scaledDown"] as const).map((figure) => ({
        name: figure === "firstPod" ? "hopcost_scenario_first_pod_seconds" : "hopcost_scenario_scaled_down_seconds",
        help: `${elasticityHelp[figure]}: median over injections`,
        of: ({ runId, scenarios }: Results) =>
            (scenarios?.elasticity ?? []).flatMap((cell) => {
                const { scenario, topology, [figure]: found } = cell;
                const labels = { run_id: runId, scenario, topology };
                return found === undefined ? [] : [{ labels, value: orInfinite(found.median) }];
            }),
    })),
    {
        name: "hopcost_scenario_busiest_share_ratio",
        help: "Share of the busiest replica of the responder, 0 to 1: median over injections",
        of: (results) => ofShares(results, ({ busiest }) => [{ labels: {}, value: busiest.median }]),
    },
    {
        name: "hopcost_scenario_busiest_share_bound_ratio",
        help: "End of the 95% interval of hopcost_scenario_busiest_share_ratio",
        of: (results) => ofShares(results, ({ busiest: { interval = [] } }) => interval.map(boundOf)),
    },
    {
        name: "hopcost_scenario_share_seconds",
        help: "From when a new replica is ready until it receives half of its fair share: median over injections",
        of: (results) =>
            ofShares(results, ({ untilShare }) =>
                untilShare === undefined ? [] : [{ labels: {}, value: orInfinite(untilShare.median) }],
            ),
    },
    {
        name: "hopcost_scenario_share_bound_seconds",
        help: "End of the 95% interval of hopcost_scenario_share_seconds",
        of: (results) => ofShares(results, ({ untilShare }) => boundsOf(untilShare)),
    },
    {
        name: "hopcost_scenario_as_expected",
        help: "1 if the figures are as theory expects, 0 if not; absent if undecided",
        of: ({ runId, scenarios }) =>
            (scenarios?.expected ?? []).flatMap(({ scenario, topology, holds }) =>
                holds === undefined ? [] : [{ labels: { run_id: runId, scenario, topology }, value: holds ? 1 : 0 }],
            ),
    },
];

function ofCells({ runId, scenarios }: Results, values: (cell: ScenarioCell) => Value[]): Value[] {
    return labelled(runId, scenarios?.cells ?? [], values);
}

function ofShares({ runId, scenarios }: Results, values: (cell: ShareCell) => Value[]): Value[] {
    return labelled(runId, scenarios?.shares ?? [], values);
}

function labelled<Cell extends ScenarioCell | ShareCell>(
    runId: string,
    cells: readonly Cell[],
    values: (cell: Cell) => Value[],
): Value[] {
    return cells.flatMap((cell) => {
        const { scenario, topology, flow } = cell;
        return values(cell).map(({ labels, value }) => ({
            labels: { run_id: runId, scenario, topology, flow, ...labels },
            value,
        }));
    });
}

function quantilesOf(cell: ScenarioCell, figure: keyof typeof durationHelp): Value[] {
    const median = cell[figure]?.median;
    if (median === undefined) return [];
    const single = figure === "outage" ? cell.outages : figure === "recovery" ? cell.recoveries : [];
    return [
        { labels: { quantile: 0.5 }, value: orInfinite(median) },
        ...(single.length === 0 ? [] : [{ labels: { quantile: 1 }, value: Math.max(...single.map(orInfinite)) }]),
    ];
}

function boundsOf(figure: DurationFigure | undefined): Value[] {
    return (figure?.interval ?? []).map(boundOf);
}

/** An end of an interval. @param index 0: the lower one */
export function boundOf(end: number | null, index: number): Value {
    return { labels: { bound: index === 0 ? "lower" : "upper" }, value: orInfinite(end) };
}

function orInfinite(seconds: number | null): number {
    return seconds ?? Number.POSITIVE_INFINITY;
}
