import { measuredContainerRule } from "../measured-rules.ts";

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
        if (limit === undefined || coresOf(limit) >= minCores) return undefined;
        return `may use ${limit} CPU, and ${minCores} cores are the least; remove resources.limits.cpu, or raise it`;
    },
);

/** Cores of a Kubernetes quantity such as `250m` or `2`; one that is none is Kubernetes' own business. */
function coresOf(quantity: string): number {
    return quantity.endsWith("m") ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}
