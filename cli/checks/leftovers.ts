import { CoreV1Api, type V1Namespace } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import { ofHopcost } from "../../model/names.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { type Outcome, ok, warning } from "./check.ts";
import { probePrefix } from "./probe-pod.ts";
import { orNotPermitted } from "./view.ts";

/** A younger probe namespace may belong to another doctor that still runs and will delete it, ms. */
const probeMs = 60_000;

/** Looks for hopcost's namespaces other than the stack's own. */
export async function checkLeftovers({ kubeConfig }: Cluster, config: HopcostConfig): Promise<Outcome> {
    const list = kubeConfig.makeApiClient(CoreV1Api).listNamespace({ labelSelector: ofHopcost });
    const found = await orNotPermitted(list);
    return leftoversOutcome(config, found?.items, Date.now());
}

/**
 * Names what other runs, stacks and doctors left.
 * @param found hopcost's namespaces; undefined if the user isn't allowed to list them
 * @param now milliseconds since 1970; a clock that is wrong by a minute only makes a young probe look old
 */
export function leftoversOutcome(
    config: HopcostConfig,
    found: readonly V1Namespace[] | undefined,
    now: number,
): Outcome {
    if (found === undefined) {
        return warning(
            `Can't check whether other runs left anything in context "${config.context}": you aren't allowed to list namespaces`,
            "ask for that permission",
        );
    }
    const others = found.filter((it) => it.metadata?.name !== config.namespace && !isYoungProbe(it, now));
    if (others.length === 0) return ok("nothing left by other runs or stacks");
    const names = others.map(({ metadata }) => metadata?.name ?? "");
    return warning(
        `Other runs or stacks left ${others.map(text).join(", ")}; anything running there disturbs the measurement`,
        `if nobody needs it, remove one stack with pulumi destroy --stack STACK, or everything with ${kubectl(config)} delete namespace ${names.join(" ")}`,
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
