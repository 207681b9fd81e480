/** The program of every stack, for `pulumi up` and for the `hopcost` command alike. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { BenchmarkJob } from "./components/benchmark-job.ts";
import type { MeasuredPodArgs } from "./components/measured-pod-args.ts";
import { NetworkPair } from "./components/network-pair.ts";
import { saveResults } from "./components/saved-results.ts";
import { SharedVolumePod } from "./components/shared-volume-pod.ts";
import { type HopcostConfig, readConfig } from "./config.ts";
import { familyOf } from "./report/arms.ts";
import type { Results } from "./report/schema.ts";

/** The outputs of a stack; `results` and `summary` are absent where manifests are only rendered. */
export interface Outputs {
    results?: pulumi.Output<Results>;
    summary?: pulumi.Output<string>;
    runId: string;
    namespace: pulumi.Output<string>;
    context: string;
}

// The one export: Pulumi calls it, and takes what it returns as the stack's outputs. The provider is the default one, so
// that every key `kubernetes:...` of the stack counts; which context that is was named in the configuration.
export default async function hopcost(): Promise<Outputs> {
    const config = readConfig(pulumi.getStack(), pulumi.runtime.allConfig());
    const { plan, context } = config;

    const space = new k8s.core.v1.Namespace("namespace", restrictedNamespace(config));
    const namespace = space.metadata.name;
    const inNamespace = { deletedWith: space };

    const families = new Set(plan.arms.map(familyOf));
    const pod = measuredPod(config, namespace);
    const { volumeMedium: medium, volumeSize: sizeLimit } = config;
    const network = families.has("network") ? new NetworkPair("net", pod, inNamespace) : undefined;
    const volume = families.has("volume")
        ? new SharedVolumePod("vol", { ...pod, medium, sizeLimit }, inNamespace)
        : undefined;

    const run = new BenchmarkJob(
        "run",
        {
            namespace,
            plan,
            ...(network && { network: network.endpoints }),
            ...(volume && { volume: volume.endpoints }),
            readResults: !config.rendersOnly,
        },
        inNamespace,
    );
    if (config.reportDir !== undefined && run.results !== undefined) {
        await saveResults("report", { folder: config.reportDir, results: run.results });
    }
    return {
        ...(run.results && { results: run.results }),
        ...(run.summary && { summary: run.summary }),
        runId: config.runId,
        namespace,
        context,
    };
}

/** Both topologies and the run live in a namespace of their own, which admits only Pods that PSS `restricted` allows. */
function restrictedNamespace({ namespace, stack }: HopcostConfig): k8s.core.v1.NamespaceArgs {
    const security = ["enforce", "warn", "audit"].flatMap((mode) => [
        [`pod-security.kubernetes.io/${mode}`, "restricted"],
        [`pod-security.kubernetes.io/${mode}-version`, "latest"],
    ]);
    const labels = {
        "app.kubernetes.io/part-of": "hopcost",
        "app.kubernetes.io/managed-by": "pulumi",
        "hopcost.io/stack": stack,
    };
    return { metadata: { name: namespace, labels: { ...labels, ...Object.fromEntries(security) } } };
}

/** What both topologies have in common. */
function measuredPod(config: HopcostConfig, namespace: pulumi.Input<string>): MeasuredPodArgs {
    const { image, placement, cpuRequest, cpuLimit, memory } = config;
    return { namespace, image, placement, cpuRequest, memory, ...(cpuLimit !== undefined && { cpuLimit }) };
}
