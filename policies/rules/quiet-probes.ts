import { measuredContainerRule } from "../measured-rules.ts";

/** @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/ */
export const quietProbes = measuredContainerRule(
    {
        name: "quiet-probes",
        group: "fairness",
        description:
            "No probe calls a measured container after its start. A call every few seconds slows down only some of the round trips.",
    },
    ({ livenessProbe, readinessProbe }) =>
        Object.entries({ livenessProbe, readinessProbe }).map(([field, probe]) =>
            probe === undefined
                ? undefined
                : `has a ${field}, which runs during the measurement; use a startupProbe, which ends once it succeeds`,
        ),
);
