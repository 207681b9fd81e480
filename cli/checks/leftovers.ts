import { CoreV1Api, type V1Namespace } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import { ofHopcost } from "../../model/names.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { type Outcome, ok, warning } from "./check.ts";
import { probePrefix } from "./probe-pod.ts";
import { orNotPermitted } from "./view.ts";

/** A probe's namespace that is younger may be that of another doctor at work, which deletes it itself. */
const probeMs = 60_000;

/** Looks for namespaces of hopcost's beside the stack's own. */
export async function checkLeftovers({ kubeConfig }: Cluster, config: HopcostConfig): Promise<Outcome> {
    const list = kubeConfig.makeApiClient(CoreV1Api).listNamespace({ labelSelector: ofHopcost });
    const found = await orNotPermitted(list);
    return leftoversOutcome(config, found?.items, Date.now());
}

/**
 * Names what other runs, stacks and doctors left.
 * @param found namespaces of hopcost's; undefined where they may not be listed
 * @param now milliseconds since 1970; a clock that is wrong by a minute only makes a young probe an old one
 */
export function leftoversOutcome(
    config: HopcostConfig,
    found: readonly V1Namespace[] | undefined,
    now: number,
): Outcome {
    if (found === undefined) {
        return warning(
            `Whether other runs left anything in context "${config.context}" can't be told: you may not list namespaces`,
            "ask for that right",
        );
    }
    const others = found.filter((it) => it.metadata?.name !== config.namespace && !isYoungProbe(it, now));
    if (others.length === 0) return ok("nothing of other runs or stacks is there");
    const names = others.map(({ metadata }) => metadata?.name ?? "");
    return warning(
        `Of other runs or stacks there is ${others.map(text).join(", ")}; what runs there disturbs what is measured`,
        `if nobody needs it: pulumi destroy --stack STACK for that of a stack, ${kubectl(config)} delete namespace ${names.join(" ")} for all of it`,
    );
}

function isYoungProbe({ metadata }: V1Namespace, now: number): boolean {
    const age = now - (metadata?.creationTimestamp?.getTime() ?? 0);
    return (metadata?.name?.startsWith(probePrefix) ?? false) && age < probeMs;
}

function text({ metadata }: V1Namespace): string {
    const stack = metadata?.labels?.["hopcost.io/stack"];
    const isProbe = metadata?.name?.startsWith(probePrefix);
    const whose = stack ? `of stack "${stack}"` : isProbe ? "of an interrupted doctor" : "of an unnamed stack";
    const going = metadata?.deletionTimestamp ? ", being deleted" : "";
    return `namespace ${metadata?.name} (${whose}, since ${metadata?.creationTimestamp?.toISOString()}${going})`;
}
