import type { ResourceValidationPolicy } from "@pulumi/policy";
import { isMeasured } from "./measured.ts";
import type { Container } from "./pod-specs.ts";
import { type About, containerRule } from "./rule.ts";
import type { Findings } from "./unknowns.ts";

/** A rule about each container of each measured Pod. */
export function measuredContainerRule<Config = object>(
    about: About<Config>,
    check: (container: Container, config: Config) => Findings,
): ResourceValidationPolicy {
    return containerRule<Config>(about, (container, pod, config) =>
        isMeasured(pod) ? check(container, config) : undefined,
    );
}
