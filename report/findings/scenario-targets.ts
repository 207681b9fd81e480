import type { Results } from "../../model/results.ts";
import { type ScenarioCell, type ScenarioResults, sham } from "../../model/scenarios.ts";
import { enoughInjections } from "../../statistics/outage-verdict.ts";
import { plural } from "../words/sentences.ts";

/** A scenario, done to a topology. */
export interface ScenarioTarget {
    scenario: string;
    topology: string;
}

/** The flow whose figures are judged and compared: one attempt per message, so that no second one hides what failed. */
const judgedFlow = "once";

/**
 * The scenarios of a run with the topologies that each was to be done to, also if it could not be; in the order of the run,
 * without shams.
 */
export function scenarioTargets({ scenarios }: Pick<Results, "scenarios">): ScenarioTarget[] {
    if (scenarios === undefined) return [];
    const { plan, cells, expected, skipped, verdicts } = scenarios;
    // A small stack output has only the verdicts, which are about both topologies.
    const ofVerdicts = verdicts.flatMap(({ scenario }) =>
        ["network", "volume"].map((topology) => ({ scenario, topology })),
    );
    const seen = [...cells, ...expected, ...skipped, ...ofVerdicts].filter(({ scenario }) => scenario !== sham);
    const names = new Set([...plan.names, ...seen.map(({ scenario }) => scenario)]);
    return [...names].flatMap((scenario) => {
        const topologies = seen.filter((one) => one.scenario === scenario).map(({ topology }) => topology);
        return [...new Set(topologies)].sort().map((topology) => ({ scenario, topology }));
    });
}

/** Whether a limit's scenario means this one: `delete-pod` means all its variants, and is less specific than one of them. */
export function isMeant(asked: string, scenario: string): boolean {
    return scenario === asked || scenario.startsWith(`${asked}/`);
}

/** Its figures in a run, with the {@link judgedFlow}; undefined if the run has none. */
export function judgedCell(target: ScenarioTarget, scenarios: ScenarioResults | undefined): ScenarioCell | undefined {
    return scenarios?.cells.find((one) => isSameTarget(one, target) && one.flow === judgedFlow);
}

/** Why so many injections give no interval. */
export function tooFew(injections: number): string {
    return `only ${plural(injections, "injection")}; an interval needs ${enoughInjections}`;
}

/** Why a run has no figures of a scenario on a topology. */
export function whyWithout(target: ScenarioTarget, scenarios: ScenarioResults | undefined): string {
    const skipped = scenarios?.skipped.find((one) => isSameTarget(one, target));
    if (skipped !== undefined) return `it was skipped: ${skipped.reason}`;
    const [first, ...others] = scenarios?.void.filter((one) => isSameTarget(one, target)) ?? [];
    if (first !== undefined) {
        const all = others.length === 0 ? "its only injection is" : `all ${others.length + 1} injections are`;
        return `${all} void: ${first.reason}`;
    }
    const isLeftOut = scenarios?.verdicts.some(({ scenario }) => scenario === target.scenario);
    return isLeftOut ? "the stack output leaves it out; use the run's folder" : "it was not done";
}

/** Whether both are the same scenario on the same topology. */
export function isSameTarget(one: ScenarioTarget, other: ScenarioTarget): boolean {
    return one.scenario === other.scenario && one.topology === other.topology;
}
