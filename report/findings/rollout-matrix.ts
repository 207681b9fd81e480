import { undeliveredOf } from "../../model/outcomes.ts";
import { type Rollout, rollouts, scenarioOfRollout } from "../../model/rollouts.ts";
import type { ScenarioCell, ScenarioResults } from "../../model/scenarios.ts";
import type { UndeliveredFigure } from "../words/rollout-words.ts";

/** One rollout of the matrix; without a figure it was not measured. */
export interface MatrixCell {
    rollout: Rollout;
    scenario: string;
    figure: UndeliveredFigure | undefined;
}

/** The rollouts of a topology: updates without and with preStop, and in each row readiness without and with drain. */
export interface RolloutMatrix {
    topology: string;
    rows: MatrixCell[][];
}

/** The flow whose messages count: one attempt each, so that no second one hides what failed. */
export const rolloutFlow = "once";
const columns = 4;
/** With fewer rollouts there is nothing to compare. */
const leastCells = 2;

/** The matrix of each topology with at least two of its rollouts, from the names of scenarios; none in a run without. */
export function rolloutMatrices(scenarios: Pick<ScenarioResults, "cells"> | undefined): RolloutMatrix[] {
    const cells = (scenarios?.cells ?? []).filter(({ flow }) => flow === rolloutFlow);
    const topologies = [...new Set(cells.map(({ topology }) => topology))];
    return topologies.flatMap((topology) => {
        const all = rollouts.map((rollout): MatrixCell => {
            const scenario = scenarioOfRollout(rollout);
            const cell = cells.find((one) => one.scenario === scenario && one.topology === topology);
            return { rollout, scenario, figure: cell && undeliveredFigure(cell) };
        });
        if (all.filter(({ figure }) => figure !== undefined).length < leastCells) return [];
        const rows = Array.from({ length: all.length / columns }, (_, row) =>
            all.slice(columns * row, columns * (row + 1)),
        );
        return [{ topology, rows }];
    });
}

/** The messages of a cell that never arrived. */
export function undeliveredFigure({
    undelivered,
    outcomes,
    injections,
}: Pick<ScenarioCell, "undelivered" | "outcomes" | "injections">): UndeliveredFigure {
    return { ...undelivered, total: undeliveredOf(outcomes), rollouts: injections };
}

/** `surge, preStop`: what a row of the matrix has in common. */
export function rowTitle([first]: readonly MatrixCell[]): string {
    return first === undefined ? "" : `${first.rollout.update}${first.rollout.preStop ? ", preStop" : ""}`;
}

/** `surge-ready` of `rolling-update/surge-ready`, `sidecar/surge` of `rolling-update-sidecar/surge`. */
export function variantOf(scenario: string): string {
    return scenario.replace(/^rolling-update[-/]/, "");
}
