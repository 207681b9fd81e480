import type { ScenarioPlan } from "../model/scenarios.ts";
import { sham } from "../model/scenarios.ts";
import { seededRandom, shuffled } from "./random.ts";

/** One execution of a scenario on one topology. */
export interface ScheduledInjection {
    /** Position in the run, from 0. */
    index: number;
    /** {@link sham} for one that does everything but the event. */
    scenario: string;
    topology: string;
    /** When the event comes within the longest control loop: a share of it, 0 to 1. */
    phase: number;
}

/**
 * The injections in the order in which they begin: rounds, each with every scenario once on each topology that it can be done
 * to, shuffled. The last round has the longest first, so that no long one begins when the instances have little else to do.
 * Scenarios that have fewer injections, and shams, are spread evenly over the rounds. The same plan and seed always give the same
 * order.
 * @param secondsOf how long an injection of a scenario usually takes
 */
export function injectionSchedule(
    plan: Pick<ScenarioPlan, "injections" | "fewer" | "shams" | "expected">,
    seed: number,
    secondsOf: (scenario: string) => number,
): ScheduledInjection[] {
    const random = seededRandom(seed);
    const scheduled: ScheduledInjection[] = [];
    const topologies = [...new Set(plan.expected.map(({ topology }) => topology))];
    const before = (count: number, round: number) => Math.floor((count * round) / plan.injections);
    const inRound = (count: number, round: number) => before(count, round + 1) - before(count, round);
    for (let round = 0; round < plan.injections; round++) {
        const all = [
            ...plan.expected.map(({ scenario, topology }) => ({
                scenario,
                topology,
                count: plannedOf(plan, scenario),
            })),
            ...topologies.map((topology) => ({ scenario: sham, topology, count: plan.shams })),
        ];
        const ofRound = all.flatMap((one) => Array.from({ length: inRound(one.count, round) }, () => one));
        const order = shuffled(ofRound, random);
        if (round === plan.injections - 1)
            order.sort((one, other) => secondsOf(other.scenario) - secondsOf(one.scenario));
        for (const { scenario, topology } of order)
            scheduled.push({ index: scheduled.length, scenario, topology, phase: random() });
    }
    return scheduled;
}

/** Injections of a scenario into each topology. */
export function plannedOf(
    { injections, fewer = {} }: Pick<ScenarioPlan, "injections" | "fewer">,
    scenario: string,
): number {
    return Math.min(injections, fewer[scenario] ?? injections);
}
