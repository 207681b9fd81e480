import type { ResourceValidationPolicy } from "@pulumi/policy";
import { isMeasured } from "./measured.ts";
import { type Container, lastingContainersOf, podOf } from "./pod-specs.ts";
import { type About, eachObject } from "./rule.ts";
import type { Findings } from "./unknowns.ts";

/** A rule about each long-running container of each measured Pod: an init container ends before the measurement. */
export function measuredContainerRule<Config = object>(
    about: About<Config>,
    check: (container: Container, config: Config) => Findings,
): ResourceValidationPolicy {
    return eachObject<Config>(about, function* (object, config) {
        const pod = podOf(object);
        if (pod === undefined || !isMeasured(pod)) return;
        for (const named of lastingContainersOf(pod)) {
            yield { title: named.title, look: () => check(named.container, config) };
        }
    });
}
