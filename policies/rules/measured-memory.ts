import { measuredContainerRule } from "../measured-rules.ts";

/** @see https://kubernetes.io/docs/tasks/configure-pod-container/quality-service-pod/ */
export const measuredMemory = measuredContainerRule(
    {
        name: "measured-memory",
        group: "fairness",
        description:
            "Measured containers request as much memory as they may use. Then no neighbour's need takes from it, and it is not the first to be killed.",
    },
    ({ resources }) => {
        const [request, limit] = [resources?.requests?.memory, resources?.limits?.memory];
        if (request !== undefined && request === limit) return undefined;
        return `requests ${request ?? "no memory"} and may use ${limit ?? "any"}; set resources.requests.memory and resources.limits.memory to the same`;
    },
);
