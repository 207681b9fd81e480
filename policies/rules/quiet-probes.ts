import { measuredContainerRule } from "../measured-rules.ts";

/** @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/ */
export const quietProbes = measuredContainerRule(
    {
        name: "quiet-probes",
        group: "fairness",
        description:
            "No probe calls a measured container once it has started. A call each few seconds is work that only some of the round trips pay for.",
    },
    ({ livenessProbe, readinessProbe }) =>
        Object.entries({ livenessProbe, readinessProbe }).map(([field, probe]) =>
            probe === undefined
                ? undefined
                : `has a ${field}, which runs while it is measured; use a startupProbe, which ends when it has succeeded`,
        ),
);
