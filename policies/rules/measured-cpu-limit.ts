import { measuredContainerRule } from "../measured-rules.ts";
import { amountOf } from "../quantities.ts";

/** @see https://docs.kernel.org/scheduler/sched-bwc.html */
export const measuredCpuLimit = measuredContainerRule<{ minCores: number }>(
    {
        name: "measured-cpu-limit",
        group: "fairness",
        description:
            "Measured containers have no CPU limit, or one that is not below a floor. A quota below the need stops all threads for the rest of each 100 ms, which tears holes into the tail.",
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
        return `may use ${limit} CPU, and ${minCores} cores are the least; remove resources.limits.cpu, or raise it`;
    },
);
