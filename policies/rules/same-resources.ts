import { sameInAll } from "../measured.ts";
import { canonical } from "../objects.ts";
import { amountsOf } from "../quantities.ts";
import { stackRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ */
export const sameResources = stackRule(
    {
        name: "same-resources",
        group: "fairness",
        description:
            "All measured containers have the same requests and limits. A container with more CPU is faster on any channel.",
    },
    (objects) =>
        sameInAll(
            objects,
            "its set of requests and limits",
            ({ resources = {} }) => canonical({ requests: resources.requests ?? {}, limits: resources.limits ?? {} }),
            "give both arms the same resources",
            amountsOf,
        ),
);
