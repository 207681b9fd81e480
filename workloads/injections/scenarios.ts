/** The list of all scenarios. A new one is a file beside this one, and a line here. */

import type { Volume } from "../../model/arms.ts";
import type { Rule } from "../../model/driver-rules.ts";
import { type Expectation, sham } from "../../model/scenarios.ts";
import { apiServerDown } from "./api-server-down.ts";
import { autoscale } from "./autoscale.ts";
import { badRollout } from "./bad-rollout.ts";
import { cpuStarved } from "./cpu-starved.ts";
import { crashLoop } from "./crash-loop.ts";
import { deletePod } from "./delete-pod.ts";
import { density } from "./density.ts";
import { drain } from "./drain.ts";
import { hang, hangUnseen } from "./hang.ts";
import { killProcess } from "./kill-process.ts";
import { notReady } from "./not-ready.ts";
import { oom } from "./oom.ts";
import { partition } from "./partition.ts";
import { pausedRollout } from "./paused-rollout.ts";
import { rollingUpdates } from "./rolling-update.ts";
import { scaling } from "./scaling.ts";
import { hurtTopologies, type Scenario } from "./scenario.ts";
import { startUp } from "./start-up.ts";
import { volumeFull } from "./volume-full.ts";

/** In the order in which results show them. */
export const scenarios: readonly Scenario[] = [
    startUp,
    killProcess,
    crashLoop,
    hang,
    hangUnseen,
    ...deletePod,
    oom,
    cpuStarved,
    ...volumeFull,
    notReady,
    partition,
    ...drain,
    ...rollingUpdates,
    badRollout,
    pausedRollout,
    ...scaling,
    autoscale,
    apiServerDown,
    density,
];

/** What does everything but the event: the noise floor. */
export const shamScenario: Scenario = {
    name: sham,
    group: "failures",
    does: "nothing: everything but the event",
    phaseSeconds: 1,
    watchSeconds: 32,
    usualSeconds: 0,
    expects: {},
    rules: [],
    inject: async () => "",
};

const byName = new Map([...scenarios, shamScenario].map((scenario) => [scenario.name, scenario]));

/** @throws Error if there is none of that name */
export function scenarioOf(name: string): Scenario {
    const found = byName.get(name);
    if (found === undefined) throw new Error(`there is no scenario "${name}"`);
    return found;
}

/** The shared volume that a scenario's messages pass. */
export function volumeOf(name: string): Volume {
    return scenarioOf(name).volume ?? "main";
}

/** Whether one of some scenarios needs a PodDisruptionBudget. */
export function needBudget(names: readonly string[]): boolean {
    return names.some((name) => scenarioOf(name).needsBudget);
}

/** Whether an instance can serve a scenario's injections. */
export function canServe(
    { topology, volumes = [], replicas = 1, sidecar = false }: Serving,
    injection: { scenario: string; topology: string },
): boolean {
    const scenario = scenarioOf(injection.scenario);
    return (
        topology === injection.topology &&
        replicas >= (scenario.replicas?.most ?? 1) &&
        sidecar === (scenario.sidecar ?? false) &&
        (topology !== "volume" || volumes.includes(volumeOf(scenario.name)))
    );
}

/** What an instance has for scenarios; see `Instance`. */
type Serving = { topology: string; volumes?: readonly Volume[]; replicas?: number; sidecar?: boolean };

/** Names of a scenario's variants, of a group's scenarios, or of all; undefined if it is no such word. */
export function scenariosNamed(word: string): string[] | undefined {
    const found = scenarios.filter(
        ({ name, group }) => word === "all" || word === group || word === name || name.startsWith(`${word}/`),
    );
    return found.length === 0 ? undefined : found.map(({ name }) => name);
}

/** Every word that {@link scenariosNamed} knows, for messages. */
export const scenarioWords: readonly string[] = [
    ...new Set([
        "all",
        ...scenarios.map(({ group }) => group),
        ...scenarios.map(({ name }) => name.split("/")[0] ?? ""),
    ]),
];

/** What theory expects of some scenarios. */
export function expectationsOf(names: readonly string[]): Expectation[] {
    return names.flatMap((scenario) =>
        hurtTopologies.flatMap((topology) => {
            const expected = scenarioOf(scenario).expects[topology];
            return expected === undefined ? [] : { scenario, topology, ...expected };
        }),
    );
}

/** What the driver may do for every scenario: start and end the instances' Pods, and watch them. */
const everyScenario: readonly Rule[] = [
    { apiGroups: [""], resources: ["pods"], verbs: ["watch"] },
    { apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["patch"] },
];

/** What the driver's Role needs for some scenarios, besides what it needs anyway; none for none. */
export function scenarioRules(names: readonly string[]): Rule[] {
    if (names.length === 0) return [];
    return [...everyScenario, ...names.flatMap((name) => scenarioOf(name).rules)];
}
