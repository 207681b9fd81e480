import { measuredContainerRule } from "../measured-rules.ts";
import { amountOf, resourcesOf } from "../quantities.ts";

/** @see https://kubernetes.io/docs/tasks/configure-pod-container/quality-service-pod/ */
export const measuredMemory = measuredContainerRule(
    {
        name: "measured-memory",
        group: "fairness",
        description:
            "Measured containers request as much memory as they may use. Then no neighbour's need takes from it, and it is not the first to be killed.",
    },
    (container) => {
        const { requests, limits } = resourcesOf(container);
        const [request, limit] = [requests.memory, limits.memory];
        if (request !== undefined && limit !== undefined && amountOf(request) === amountOf(limit)) return undefined;
        return `requests ${request ?? "no memory"} and may use ${limit ?? "any"}; set resources.requests.memory and resources.limits.memory to the same`;
    },
);
