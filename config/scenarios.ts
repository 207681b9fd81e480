import { type Profile, profiles } from "../model/profiles.ts";
import type { ScenarioPlan } from "../model/scenarios.ts";
import {
    expectationsOf,
    scenarioOf,
    scenarios,
    scenariosNamed,
    scenarioWords,
    volumeOf,
} from "../workloads/injections/scenarios.ts";
import { noPersistentVolume } from "./plan.ts";
import type { ConfigValues } from "./values.ts";

/**
 * Messages per second of each flow; bytes of each; seconds until one is late. All flows of all instances together are about 400
 * messages a second, which two cores carry beside Kubernetes; more, and the shams had outages.
 */
const load = { ratePerSecond: 12, payloadBytes: 1024, deadlineSeconds: 1 } as const;

/** What is injected; undefined: nothing. */
export function scenariosOf(
    config: ConfigValues,
    profile: Profile,
    storageClass: string | undefined,
): ScenarioPlan | undefined {
    const key = "hopcost:scenarios";
    const { injections: usual } = profiles[profile];
    const injections = config.number("hopcost:injections", usual, 1, 1000);
    const isWord = (item: string) => (scenariosNamed(item) === undefined ? undefined : item);
    const words = config.list<string>(key, [], isWord, `one of ${scenarioWords.join(", ")}`);
    const asked = new Set(words.flatMap((word) => scenariosNamed(word) ?? []));
    if (asked.size === 0) return undefined;
    const names = scenarios.map(({ name }) => name).filter((name) => asked.has(name));
    const impossible = (name: string) => volumeOf(name) === "claim" && storageClass === undefined;
    const skipped = expectationsOf(names.filter(impossible)).map(({ scenario, topology }) => ({
        ...{ scenario, topology, reason: noPersistentVolume },
    }));
    const expected = expectationsOf(names.filter((name) => !impossible(name)));
    const countOf = (name: string) => Math.min(injections, scenarioOf(name).mostInjections ?? injections);
    const most = Math.max(...names.map(countOf));
    const fewer = names.filter((name) => countOf(name) < most).map((name): [string, number] => [name, countOf(name)]);
    return {
        ...{ names, injections: most, shams: most, ...load, expected },
        ...(fewer.length > 0 && { fewer: Object.fromEntries(fewer) }),
        ...(skipped.length > 0 && { skipped }),
    };
}
