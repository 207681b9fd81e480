import type { Results } from "../../model/results.ts";
import type { ScenarioCell, ScenarioResults } from "../../model/scenarios.ts";

const noBins: ScenarioCell["bins"] = {
    ...{ fromSeconds: 0, outcomes: {} },
    ...{ p50Microseconds: [], p99Microseconds: [], maxMicroseconds: [] },
};

/** Without what only plots show: bins, the outages of single injections, and events. */
export function withoutTimeLines(results: Results): Results {
    return changed(results, (scenarios) => ({
        ...scenarios,
        cells: scenarios.cells.map((cell) => ({ ...cell, bins: noBins, outages: [], recoveries: [] })),
        events: [],
        ...(scenarios.shares && { shares: scenarios.shares.map((cell) => ({ ...cell, arrivals: {} })) }),
        ...(scenarios.density && { density: scenarios.density.map((cell) => ({ ...cell, points: [] })) }),
        ...(scenarios.elasticity && { elasticity: scenarios.elasticity.map(({ example, ...cell }) => cell) }),
    }));
}

/** With the cells of these flows only. */
export function withFlows(results: Results, ...flows: readonly string[]): Results {
    return changed(results, (scenarios) => ({
        ...scenarios,
        cells: scenarios.cells.filter(({ flow }) => flows.includes(flow)),
        ...(scenarios.shares && { shares: scenarios.shares.filter(({ flow }) => flows.includes(flow)) }),
    }));
}

/** With the verdicts, and of the rest only what is wrong: no cells, and only expectations that don't hold. */
export function withOnlyVerdicts(results: Results): Results {
    return changed(results, ({ shares, ...scenarios }) => ({
        ...scenarios,
        cells: [],
        expected: scenarios.expected.filter(({ holds }) => holds === false),
        void: [],
    }));
}

/** The same object without scenarios, so that nothing counts as left out. */
function changed(results: Results, change: (scenarios: ScenarioResults) => ScenarioResults): Results {
    const { scenarios } = results;
    return scenarios === undefined ? results : { ...results, scenarios: change(scenarios) };
}
