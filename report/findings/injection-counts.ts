import { densityName } from "../../model/density.ts";
import { type ScenarioResults, sham } from "../../model/scenarios.ts";
import { plannedOf } from "../../statistics/injection-schedule.ts";

/** Injections of a scenario into a topology. */
export interface InjectionCounts {
    scenario: string;
    topology: string;
    planned: number;
    /** Those that were made, void ones included; at most as many as planned. */
    made: number;
    void: number;
}

/**
 * How many injections of each scenario and topology were planned and made, as `injectionSchedule` plans them: each scenario on
 * each topology for which there is an expectation, and shams of each of these topologies. Without those that the cluster
 * can't do.
 */
export function injectionCounts(scenarios: Omit<ScenarioResults, "summary">): InjectionCounts[] {
    const { plan, cells, expected, skipped, density = [] } = scenarios;
    const all = [
        ...expected.map(({ scenario, topology }) => ({ scenario, topology, planned: plannedOf(plan, scenario) })),
        ...[...new Set(expected.map(({ topology }) => topology))].map((topology) => ({
            ...{ scenario: sham, topology },
            planned: plan.shams,
        })),
    ];
    return all.flatMap(({ scenario, topology, planned }) => {
        const isSame = (one: { scenario: string; topology: string }) =>
            one.scenario === scenario && one.topology === topology;
        if (skipped.some(isSame)) return [];
        const measured =
            scenario === densityName ? density.filter((one) => one.topology === topology) : cells.filter(isSame);
        const counted = Math.max(0, ...measured.map(({ injections }) => injections));
        const notCounted = scenarios.void.filter(isSame).length;
        return [{ scenario, topology, planned, made: Math.min(planned, counted + notCounted), void: notCounted }];
    });
}

/** The sums over all scenarios and topologies. */
export function injectionSums(scenarios: Omit<ScenarioResults, "summary">): Pick<InjectionCounts, "planned" | "made"> {
    const counts = injectionCounts(scenarios);
    const sum = (figure: "planned" | "made") => counts.reduce((total, one) => total + one[figure], 0);
    return { planned: sum("planned"), made: sum("made") };
}
