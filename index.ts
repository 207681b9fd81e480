/** The program of every stack, for both `pulumi up` and the `hopcost` command. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { BenchmarkJob } from "./components/benchmark-job.ts";
import { labelsOf, restrictedLabels } from "./components/measured-pod.ts";
import type { MeasuredPodArgs } from "./components/measured-pod-args.ts";
import { MetricsStack } from "./components/metrics-stack.ts";
import { NetworkPair } from "./components/network-pair.ts";
import { apiServicePort, defaultDeny, usualApiServerPorts } from "./components/network-policies.ts";
import type { PodArgs } from "./components/pod-settings.ts";
import { saveResults } from "./components/saved-results.ts";
import { scenarioInstances } from "./components/scenario-instances.ts";
import { SharedVolumePod, type SharedVolumePodArgs } from "./components/shared-volume-pod.ts";
import { WorkloadCode } from "./components/workload-code.ts";
import { type HopcostConfig, readConfig } from "./config/config.ts";
import type { SecretName } from "./config/pods.ts";
import { usedBy, type Volume } from "./model/arms.ts";
import { armsOf } from "./model/plan.ts";
import type { Results } from "./model/results.ts";

/** The outputs of a stack; `results` and `summary` are absent if manifests are only rendered. */
export interface Outputs {
    /** At most 64 KiB as JSON. */
    results?: pulumi.Output<Results>;
    summary?: pulumi.Output<string>;
    runId: string;
    namespace: pulumi.Output<string>;
    context: string;
}

// The only export: Pulumi calls it and uses the result as the stack's outputs. The provider is the default one, so that
// every `kubernetes:...` key of the stack applies; the configuration must name the context.
export default async function hopcost(): Promise<Outputs> {
    const config = readConfig(pulumi.getStack(), pulumi.runtime.allConfig());
    const { plan, context } = config;

    const space = new k8s.core.v1.Namespace("namespace", restrictedNamespace(config), {
        hooks: { beforeCreate: config.rendersOnly ? [] : [refusingExisting(config)] },
    });
    const namespace = space.metadata.name;
    const inNamespace = { deletedWith: space };
    new k8s.networking.v1.NetworkPolicy(
        "default-deny",
        defaultDeny("default-deny", config.stack, namespace),
        inNamespace,
    );

    // Only what an arm uses is deployed: anything else would take CPU and memory from what is measured.
    const { topologies, volumes } = usedBy(armsOf(plan));
    const code = new WorkloadCode("workload-code", { namespace }, inNamespace).configMapName;
    const { pod: settings, apiServerPorts } = siteOf(config, namespace, inNamespace);
    const pod = { ...measuredPod(config, namespace), ...settings, code };
    const pair = topologies.has("network") || topologies.has("cross-node");
    const network = pair
        ? new NetworkPair("net", { ...pod, crossNode: topologies.has("cross-node") }, inNamespace)
        : undefined;
    const volume = topologies.has("volume")
        ? new SharedVolumePod("vol", { ...pod, ...sharedVolumes(config, volumes) }, inNamespace)
        : undefined;

    const instances = scenarioInstances(plan.scenarios, pod, config.storageClass, inNamespace);

    const metrics =
        config.metrics &&
        new MetricsStack("metrics", { namespace, ...config.metrics, ...settings, apiServerPorts }, inNamespace);

    const run = new BenchmarkJob(
        "run",
        {
            namespace,
            ...{ profile: config.profile, runId: config.runId, overrides: plan },
            ...(network && { network: network.endpoints }),
            ...(volume && { volume: volume.endpoints }),
            instances,
            code,
            ...settings,
            apiServerPorts,
            ...(metrics && { prometheusUrl: metrics.prometheusUrl }),
            readResults: !config.rendersOnly,
        },
        inNamespace,
    );
    if (config.reportDir !== undefined && run.results !== undefined) {
        await saveResults("report", { folder: config.reportDir, results: run.results });
    }
    return {
        ...(run.outline && { results: run.outline }),
        ...(run.summary && { summary: run.summary }),
        runId: config.runId,
        namespace,
        context,
    };
}

/** The stack's own namespace, for both topologies, metrics and the run. It enforces PSS `restricted`. */
function restrictedNamespace({ namespace, stack }: HopcostConfig): k8s.core.v1.NamespaceArgs {
    const labels = {
        ...restrictedLabels,
        ...labelsOf(stack, "namespace"),
        "hopcost.io/stack": stack,
    };
    return { metadata: { name: namespace, labels } };
}

/** Ends `pulumi up` before it creates a namespace that somebody else has. Loaded late: most runs of the program need no client. */
function refusingExisting(config: HopcostConfig): pulumi.ResourceHook {
    return new pulumi.ResourceHook("refuse-existing-namespace", async () => {
        const { refuseExisting } = await import("./cli/cluster/existing-namespace.ts");
        await refuseExisting(config);
    });
}

/** What is particular to the cluster: for every Pod, and the ports of its API server. */
function siteOf(config: HopcostConfig, namespace: pulumi.Input<string>, inNamespace: pulumi.CustomResourceOptions) {
    const { imagePullSecret, apiServerPort, rendersOnly } = config;
    const copy = imagePullSecret && copyOfSecret(imagePullSecret, namespace, inNamespace);
    const pod: PodArgs = { ...config.pod, ...(copy && { imagePullSecrets: [copy.metadata.name] }) };
    if (apiServerPort !== undefined) return { pod, apiServerPorts: [apiServicePort, apiServerPort] };
    return { pod, apiServerPorts: rendersOnly ? usualApiServerPorts : readApiServerPorts() };
}

/** The ports of this cluster's API server: those behind the Service `kubernetes`. */
function readApiServerPorts(): pulumi.Output<number[]> {
    const slice = k8s.discovery.v1.EndpointSlice.get("api-server", "default/kubernetes");
    return slice.ports.apply((ports) => {
        const behind = (ports ?? []).flatMap(({ port }) => port ?? []);
        return [...new Set([apiServicePort, ...behind])];
    });
}

/** Copies a Secret into the namespace. Its content stays a secret in Pulumi's state. */
function copyOfSecret(source: SecretName, namespace: pulumi.Input<string>, inNamespace: pulumi.CustomResourceOptions) {
    const { data, type } = k8s.core.v1.Secret.get("image-pull-source", `${source.namespace}/${source.name}`);
    const metadata = { name: "image-pull", namespace, labels: labelsOf("image-pull", "image-pull") };
    return new k8s.core.v1.Secret("image-pull", { metadata, type, data, immutable: true }, inNamespace);
}

/** Arguments of both topologies. */
function measuredPod(config: HopcostConfig, namespace: pulumi.Input<string>): MeasuredPodArgs {
    const { image, placement, cpuRequest, cpuLimit, memory } = config;
    return { namespace, image, placement, cpuRequest, memory, ...(cpuLimit !== undefined && { cpuLimit }) };
}

/** Volumes of the shared-volume Pod; the main one is always there. */
function sharedVolumes(config: HopcostConfig, volumes: Set<Volume>): Partial<SharedVolumePodArgs> {
    const { volumeMedium: medium, volumeSize: sizeLimit, storageClass } = config;
    const claim = volumes.has("claim") && storageClass !== undefined;
    return { medium, sizeLimit, disk: volumes.has("disk"), ...(claim && { storageClass }) };
}
