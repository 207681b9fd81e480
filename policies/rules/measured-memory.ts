import { measuredContainerRule } from "../measured-rules.ts";
import { amountOf, resourcesOf } from "../quantities.ts";

/** @see https://kubernetes.io/docs/tasks/configure-pod-container/quality-service-pod/ */
export const measuredMemory = measuredContainerRule(
    {
        name: "measured-memory",
        group: "fairness",
        description:
            "Measured containers have equal memory requests and limits. Other Pods then can't take their memory, and they are not the first to be OOM-killed.",
    },
    (container) => {
        const { requests, limits } = resourcesOf(container);
        const [request, limit] = [requests.memory, limits.memory];
        if (request !== undefined && limit !== undefined && amountOf(request) === amountOf(limit)) return undefined;
        return `requests ${request ?? "no memory"}, and its memory limit is ${limit ?? "not set"}; set resources.requests.memory and resources.limits.memory to the same value`;
    },
);
