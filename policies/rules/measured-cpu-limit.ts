import { measuredContainerRule } from "../measured-rules.ts";
import { amountOf } from "../quantities.ts";

/** @see https://docs.kernel.org/scheduler/sched-bwc.html */
export const measuredCpuLimit = measuredContainerRule<{ minCores: number }>(
    {
        name: "measured-cpu-limit",
        group: "fairness",
        description:
            "Measured containers have no CPU limit, or one that is not below a minimum. A quota below the demand stops all threads for the rest of each 100 ms period, which distorts the tail latencies.",
        config: {
            minCores: {
                type: "number",
                minimum: 0,
                default: 1,
                description: "Lowest CPU limit that a measured container may have, in cores.",
            },
        },
    },
    ({ resources }, { minCores }) => {
        const limit = resources?.limits?.cpu;
        if (limit === undefined || amountOf(limit) >= minCores) return undefined;
        return `has a CPU limit of ${limit}, below the minimum of ${minCores} CPU; remove resources.limits.cpu, or raise it`;
    },
);
