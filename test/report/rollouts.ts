/** Simulated rollouts, as a driver would journal them, and the results of a run with a whole matrix of them. */
import { schemaVersion } from "../../model/fields.ts";
import type { Results } from "../../model/results.ts";
import { type Rollout, rollouts, scenarioOfRollout } from "../../model/rollouts.ts";
import type { Injection, ScenarioPlan } from "../../model/scenarios.ts";
import { injectionSchedule } from "../../statistics/injection-schedule.ts";
import { type Random, seededRandom } from "../../statistics/random.ts";
import { scenarioPlanOf, scenarioRunOf } from "./injections.ts";

const slots = 600;

const allRollouts: readonly Rollout[] = [
    ...rollouts,
    ...rollouts.map((rollout): Rollout => ({ ...rollout, kind: "sidecar" })),
];

/** Messages of one rollout that never arrive, whole and at most 600. */
export type Truth = (rollout: Rollout, topology: string, random: Random) => number;

/** A rollout of which so many messages never arrived: one flow, and nothing that plots of time show. */
export function rolloutOf(
    { index, scenario, topology }: Pick<Injection, "index" | "scenario" | "topology">,
    undelivered: number,
): Injection {
    const outageSeconds = undelivered / 12;
    const bins = { fromSeconds: 0, outcomes: {}, p50Microseconds: [], p99Microseconds: [], maxMicroseconds: [] };
    return {
        ...{ schemaVersion, runId: "run-1", index, scenario, topology, seconds: 60, state: "ok" },
        startedAt: new Date(Date.UTC(2026, 11, 1) + 60_000 * index).toISOString(),
        ...{ proof: "another Pod", watchedSeconds: 40, uncertaintySeconds: 0.002, events: [] },
        flows: [
            {
                ...{ flow: "once", slots, duplicated: 0, corrupt: 0, outOfOrder: 0 },
                outcomes: {
                    ...{ "on-time": slots - undelivered, late: 0, failed: undelivered, unknown: 0 },
                    ...{ "delivered-unacknowledged": 0, lost: 0, "not-offered": 0 },
                },
                ...{ outageSeconds, badSeconds: outageSeconds, recoverySeconds: outageSeconds, bins },
                lateness: { p50Seconds: 0.0001, p99Seconds: 0.0008, maxSeconds: 0.003 },
            },
        ],
    };
}

/** A plan of some rollouts, by default of the whole matrix, 20 times each. */
export function rolloutPlanOf(change: Partial<ScenarioPlan> = {}): ScenarioPlan {
    const names = change.names ?? rollouts.map(scenarioOfRollout);
    const expected = names.flatMap((scenario) =>
        ["network", "volume"].map((topology) => ({ scenario, topology, text: "", bounds: [] })),
    );
    return scenarioPlanOf({ names, injections: 20, shams: 0, ratePerSecond: 12, expected, ...change });
}

/** The journal of a plan's rollouts whose truth is known. */
export function rolloutJournal(plan: ScenarioPlan, truth: Truth, seed = 1): Injection[] {
    const random = seededRandom(seed);
    return injectionSchedule(plan, seed, () => 0).map((scheduled) => {
        const rollout = allRollouts.find((one) => scenarioOfRollout(one) === scheduled.scenario);
        if (rollout === undefined) throw new Error(`${scheduled.scenario} is not a rollout`);
        return rolloutOf(scheduled, truth(rollout, scheduled.topology, random));
    });
}

/** About so many messages: 15% more or fewer. */
export function about(messages: number, random: Random): number {
    return Math.round(messages * (0.85 + 0.3 * random()));
}

/** As rollouts are: only one Pod more helps, and what it leaves is removed by a readiness probe and a preStop pause together. */
export const plausible: Truth = ({ update, preStop, ready, drain }, topology, random) => {
    const base = topology === "network" ? 1 : 0.9;
    if (update === "recreate") return about(155 * base, random);
    if (update === "unavailable") return about(92 * base, random);
    if (!ready) return about((preStop ? 9 : 32) * base, random);
    if (!preStop) return about(14 * base, random);
    return drain || random() < 0.85 ? 0 : 1;
};

/** The results of a run with rollouts: the whole matrix, except what a cluster could not do. */
export function rolloutRunOf(
    plan: ScenarioPlan = rolloutPlanOf(),
    injections: readonly Injection[] = rolloutJournal(plan, plausible),
): Results & { scenarios: NonNullable<Results["scenarios"]> } {
    return scenarioRunOf(plan, injections);
}
