/** Simulated injections, as a driver would journal them, and the results of a run with them. */
import { schemaVersion } from "../../model/fields.ts";
import type { Outcome } from "../../model/outcomes.ts";
import type { Results } from "../../model/results.ts";
import {
    type Expectation,
    type FlowRecord,
    flowsOf,
    type Injection,
    type ScenarioPlan,
    sham,
} from "../../model/scenarios.ts";
import { aggregate } from "../../report/findings/results.ts";
import { binsOf } from "../../statistics/flow.ts";
import { disruptionOf, type Slot } from "../../statistics/injection.ts";
import { injectionSchedule } from "../../statistics/injection-schedule.ts";
import { type Random, seededRandom } from "../../statistics/random.ts";
import { journalOf, normal, planOf } from "../model/fixtures.ts";

/** How the simulated load is offered. */
export const load = { ratePerSecond: 20, deadlineSeconds: 0.1, secondsBefore: 6, secondsAfter: 75 } as const;

/** What an injection does to the slots that are due in a time; later ones win. */
export interface Effect {
    from: number;
    to: number;
    outcome: Outcome;
    /** Latency of the acknowledged slots. */
    seconds?: number;
}

/** What is expected of the simulated scenarios; all of it holds, except that `hang` recovers in one Pod. */
const expected: Expectation[] = [
    expectation("kill-process", "network", "outage of 1 to 3 s and readiness; retry loses nothing", [
        { flow: "once", figure: "outageSeconds", least: 1, most: 4 },
        { flow: "retry", figure: "lost", most: 0 },
    ]),
    expectation("kill-process", "volume", "restart at once, no routing; retry loses nothing", [
        { flow: "once", figure: "outageSeconds", least: 0.5, most: 3 },
        { flow: "retry", figure: "lost", most: 0 },
    ]),
    expectation("hang", "network", "never over without a liveness probe", [
        { flow: "once", figure: "recoverySeconds", never: true },
    ]),
    expectation("hang", "volume", "never over without a liveness probe", [
        { flow: "once", figure: "recoverySeconds", never: true },
    ]),
    expectation("not-ready", "network", "refused after 1 to 2 periods, for 35 s", [
        { flow: "once", figure: "outageSeconds", least: 30, most: 40 },
    ]),
    expectation("not-ready", "volume", "no effect", [{ flow: "once", figure: "outageSeconds", most: 0.1 }]),
    expectation("start-up", "network", "two Pods, their endpoint and its name", [
        { flow: "once", figure: "recoverySeconds", least: 1, most: 20 },
    ]),
    expectation("start-up", "volume", "one sandbox, two containers", [
        { flow: "once", figure: "recoverySeconds", least: 1, most: 20 },
    ]),
];

function expectation(scenario: string, topology: string, text: string, bounds: Expectation["bounds"]): Expectation {
    return { scenario, topology, text, bounds };
}

/** Four scenarios with 20 injections each and as many shams. */
export function scenarioPlanOf(change: Partial<ScenarioPlan> = {}): ScenarioPlan {
    const names = change.names ?? ["kill-process", "hang", "not-ready", "start-up"];
    return {
        names,
        injections: 20,
        shams: 20,
        ratePerSecond: load.ratePerSecond,
        payloadBytes: 1024,
        deadlineSeconds: load.deadlineSeconds,
        expected: expected.filter(({ scenario }) => names.includes(scenario)),
        ...change,
    };
}

/** An injection of the effects on each flow. @param watched seconds after the event */
export function injectionOf(
    { index, scenario, topology }: Pick<Injection, "index" | "scenario" | "topology">,
    effectsOf: (flow: string) => readonly Effect[],
    { random = seededRandom(index), ...change }: Partial<Injection> & { random?: Random } = {},
): Injection {
    return {
        schemaVersion,
        runId: "run-1",
        ...{ index, scenario, topology },
        startedAt: new Date(Date.UTC(2026, 11, 1) + 120_000 * index).toISOString(),
        seconds: 110,
        state: "ok",
        ...(scenario !== sham && { proof: "the restart count went from 0 to 1" }),
        watchedSeconds: load.secondsAfter,
        uncertaintySeconds: 0.002,
        initiatorCores: 0.04,
        events: [],
        flows: flowsOf(topology).map((flow) => flowOf(flow, effectsOf(flow), random)),
        ...change,
    };
}

/** The record of a flow, from its slots, as the driver makes it. */
export function flowOf(flow: string, effects: readonly Effect[], random: Random): FlowRecord {
    const { ratePerSecond, deadlineSeconds, secondsBefore, secondsAfter } = load;
    const slots = Array.from({ length: (secondsBefore + secondsAfter) * ratePerSecond }, (_, index): Slot => {
        const at = index / ratePerSecond - secondsBefore;
        const effect = effects.findLast(({ from, to }) => at >= from && at < to);
        const usual = 0.001 * (1 + 0.08 * random());
        if (effect === undefined) return { at, outcome: "on-time", seconds: usual };
        const { outcome, seconds } = effect;
        return { at, outcome, ...(seconds !== undefined && { seconds }) };
    });
    const { detectionSeconds, ...disruption } = disruptionOf(slots, ratePerSecond, deadlineSeconds);
    return {
        flow,
        slots: slots.length,
        duplicated: 0,
        corrupt: 0,
        outOfOrder: 0,
        ...disruption,
        ...(detectionSeconds !== undefined && { firstBadSeconds: detectionSeconds }),
        lateness: { p50Seconds: 0.0001, p99Seconds: 0.0008, maxSeconds: 0.003 },
        bins: binsOf(slots),
    };
}

/** What a scenario does to a flow of a topology, with some spread between injections. */
function effectsOf(scenario: string, topology: string, flow: string, stretch: number): Effect[] {
    const isRetry = flow.startsWith("retry");
    const down = (from: number, to: number): Effect[] => [
        { from, to, ...(isRetry ? { outcome: "late", seconds: to - from } : { outcome: "failed" }) },
        { from: to, to: to + 0.3, outcome: "late", seconds: 0.15 },
    ];
    const isNetwork = topology === "network";
    if (scenario === "kill-process") return down(0, (isNetwork ? 2 : 1) * stretch);
    // A liveness probe ends it in one Pod in most injections; the others, and those of two Pods, hang to the end.
    if (scenario === "hang") return down(0, !isNetwork && stretch < 1.15 ? 12 * stretch : load.secondsAfter);
    if (scenario === "not-ready") return isNetwork ? down(1.5 * stretch, 35) : [];
    if (scenario === "start-up")
        return [{ from: -load.secondsBefore, to: (isNetwork ? 5 : 3) * stretch, outcome: "not-offered" }];
    return [];
}

/**
 * A whole journal: every planned injection, of which one is void. Unknown scenarios do nothing.
 * @param seed of what differs between injections
 */
export function injectionsOf(plan: ScenarioPlan = scenarioPlanOf(), seed = 3): Injection[] {
    const random = seededRandom(seed);
    const next = normal(random);
    return injectionSchedule(plan, seed, () => 0).map((scheduled) => {
        const { scenario, topology } = scheduled;
        const stretch = Math.exp(0.2 * next());
        if (scheduled.index === 7) {
            const reason = "the process ran on: its start time did not change";
            return injectionOf(scheduled, () => [], { state: "void", reason, flows: [] });
        }
        return injectionOf(scheduled, (flow) => effectsOf(scenario, topology, flow, stretch), {
            random,
            ...(scenario !== sham && { reactionSeconds: 0.4 * stretch }),
            events: eventsOf(scenario, stretch),
        });
    });
}

function eventsOf(scenario: string, stretch: number): Injection["events"] {
    if (scenario === sham) return [];
    const all = [
        { atSeconds: 0, what: `${scenario} begins` },
        { atSeconds: 0.02, what: "SIGKILL sent" },
        { atSeconds: 0.4 * stretch, what: "container terminated" },
        { atSeconds: 0.9 * stretch, what: "container running" },
        { atSeconds: 1.8 * stretch, what: "receiver ready" },
    ];
    return all.map(({ atSeconds, what }) => ({ atSeconds: Number(atSeconds.toFixed(3)), what }));
}

/** The results of a run with scenarios: {@link injectionsOf} unless others are given. */
export function scenarioRunOf(
    plan: ScenarioPlan = scenarioPlanOf(),
    injections: readonly Injection[] = injectionsOf(plan),
): Results & { scenarios: NonNullable<Results["scenarios"]> } {
    const whole = planOf({ rounds: 3, scenarios: plan });
    const results = aggregate({ plan: whole, trials: journalOf(whole), injections });
    if (results.scenarios === undefined) throw new Error("the plan has no scenarios");
    return { ...results, scenarios: results.scenarios };
}
