import type { ScenarioPlan } from "../model/scenarios.ts";
import { injectionSchedule } from "../statistics/injection-schedule.ts";
import { secondsUntilDone, usualSecondsOf } from "../workloads/injections/duration.ts";
import { apartSeconds } from "../workloads/injections/scenario.ts";
import { hurtBy } from "./scenario-instances.ts";

/** How many injections a plan has, and how long they take, in seconds, if each recovers as it usually does. */
export function lengthOf(plan: ScenarioPlan | undefined, seed: number): { injections: number; seconds: number } {
    if (plan === undefined) return { injections: 0, seconds: 0 };
    const scheduled = injectionSchedule(plan, seed, usualSecondsOf);
    const instances = hurtBy(plan).map((instance, at) => ({ instance, seconds: at * apartSeconds }));
    return { injections: scheduled.length, seconds: secondsUntilDone(instances, scheduled) };
}
