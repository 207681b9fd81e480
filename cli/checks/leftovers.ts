import { AutoscalingV2Api, CoreV1Api, type V1Namespace, type V1Pod } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import { ofHopcost, scenarioLabel } from "../../model/names.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { shellWord } from "../terminal/shell-word.ts";
import { type Outcome, ok, warning } from "./check.ts";
import { probePrefix } from "./probe-pod.ts";
import { orNotPermitted } from "./view.ts";

/** A younger probe namespace may belong to another doctor that still runs and will delete it, ms. */
const probeMs = 60_000;
const [hurtLabel = ""] = Object.keys(scenarioLabel);

/**
 * Looks for what a dead driver left in the stack's namespace, and for hopcost's other namespaces.
 * @param pods those of all namespaces; undefined if the user isn't allowed to list them
 */
export async function checkLeftovers(
    { kubeConfig }: Cluster,
    config: HopcostConfig,
    pods: Promise<readonly V1Pod[] | undefined>,
): Promise<Outcome> {
    const list = kubeConfig.makeApiClient(CoreV1Api).listNamespace({ labelSelector: ofHopcost });
    const autoscalers = kubeConfig
        .makeApiClient(AutoscalingV2Api)
        .listNamespacedHorizontalPodAutoscaler({ namespace: config.namespace, labelSelector: hurtLabel });
    const [found, scaling] = await Promise.all([orNotPermitted(list), orNotPermitted(autoscalers)]);
    return (
        injectedOutcome(config, (await pods) ?? [], scaling?.items) ??
        leftoversOutcome(config, found?.items, Date.now())
    );
}

/**
 * Names instances whose Pods run, or which have an autoscaler, although no driver is there to end them: it died in the middle of an
 * injection.
 * @param pods those that have not ended
 * @param autoscalers those of scenarios
 */
export function injectedOutcome(
    config: HopcostConfig,
    pods: readonly V1Pod[],
    autoscalers: readonly Pick<V1Pod, "metadata">[] = [],
): Outcome | undefined {
    const own = pods.filter(({ metadata }) => metadata?.namespace === config.namespace);
    const labelOf = ({ metadata }: Pick<V1Pod, "metadata">, label: string) =>
        metadata?.labels?.[`app.kubernetes.io/${label}`];
    if (own.some((pod) => labelOf(pod, "component") === "driver")) return undefined;
    const hurt = own.filter(({ metadata }) => metadata?.labels?.[hurtLabel] !== undefined);
    if (hurt.length + autoscalers.length === 0) return undefined;
    const instances = [...new Set([...hurt, ...autoscalers].map((one) => labelOf(one, "instance") ?? ""))].sort();
    const selector = `app.kubernetes.io/instance in (${instances.join(",")})`;
    const command = `${kubectl(config)} --namespace ${config.namespace}`;
    const commands = [
        ...(autoscalers.length > 0 ? [`${command} delete horizontalpodautoscaler --selector ${hurtLabel}`] : []),
        `${command} scale deployment --replicas 0 --selector ${shellWord(selector)}`,
    ];
    return warning(
        `A driver that died left ${autoscalers.length > 0 ? "Pods or autoscalers" : "Pods"} of scenarios: ${instances.join(", ")}`,
        `the next run with these scenarios ends them; or end them with ${commands.join(" && ")}`,
    );
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
