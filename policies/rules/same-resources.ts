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
            "All measured containers have the same requests and limits. Who has more CPU is faster, whatever the channel.",
    },
    (objects) =>
        sameInAll(
            objects,
            "what it requests and may use",
            ({ resources = {} }) => canonical({ requests: resources.requests ?? {}, limits: resources.limits ?? {} }),
            "give both arms the same resources",
            amountsOf,
        ),
);
