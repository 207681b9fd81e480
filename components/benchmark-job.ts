import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { driverRules } from "../model/driver-rules.ts";
import { resultsName } from "../model/names.ts";
import { type Profile, profiles } from "../model/profiles.ts";
import type { Results } from "../model/results.ts";
import type { Instance } from "../model/scenarios.ts";
import { outline } from "../report/findings/outline.ts";
import { scenarioRules } from "../workloads/injections/scenarios.ts";
import { ArgumentError, oneOf, refuse } from "./argument-error.ts";
import {
    driverJob,
    driverNetworkPolicy,
    driverRole,
    driverRoleBinding,
    driverServiceAccount,
    jobTimeouts,
    planConfigMap,
} from "./benchmark-manifests.ts";
import {
    type BenchmarkPlan,
    type PlanOverrides,
    planDocument,
    planProblems,
    resolvePlan,
    type Topologies,
} from "./benchmark-plan.ts";
import { childOptions } from "./child-options.ts";
import type { NetworkEndpoints, VolumeEndpoints } from "./endpoints.ts";
import { type PodArgs, podProblems } from "./pod-settings.ts";
import { readResults } from "./read-results.ts";
import { WorkloadCode } from "./workload-code.ts";

/** Arguments of {@link BenchmarkJob}. */
export interface BenchmarkJobArgs extends PodArgs {
    /** Namespace of every child: that of the topologies, whose URLs resolve only there. */
    namespace: pulumi.Input<string>;
    /** The `endpoints` of a `NetworkPair`. @default no arm that needs one */
    network?: NetworkEndpoints;
    /** The `endpoints` of a `SharedVolumePod`, with the same image and placement. @default no arm that needs one */
    volume?: VolumeEndpoints;
    /**
     * What is measured, how often and for how long: `quick` takes a minute, `standard` 20, `full` is for published results. Arms
     * whose topology is not given are left out. @default "quick"
     */
    profile?: Profile;
    /** What is measured otherwise than the profile says, e.g. `{ cells: [{ arm, mode, sizes }], rounds: 5 }`. @default {} */
    overrides?: PlanOverrides;
    /** A new one measures again; with the same one, and the same arguments, nothing is done. @default "1" */
    runId?: string;
    /**
     * What `overrides.scenarios` may hurt: the `instance` of each `NetworkPair` and `SharedVolumePod` with `servesScenarios`
     * and without replicas, which the driver adds and removes. @default none
     */
    instances?: pulumi.Input<Instance>[];
    /** Base URL of the Prometheus that scrapes the topologies, e.g. that of a `MetricsStack`. @default a run without metrics */
    prometheusUrl?: pulumi.Input<string>;
    /**
     * ConfigMap with the code of the driver: the `configMapName` of a `WorkloadCode`, to share it with other components.
     * @default that of a `WorkloadCode` of its own
     */
    code?: pulumi.Input<string>;
    /** Ports of the API server that NetworkPolicies allow. @default those of usual clusters */
    apiServerPorts?: pulumi.Input<readonly number[]>;
    /** Whether to read the results; impossible if manifests are only rendered. @default true */
    readResults?: boolean;
}

/**
 * Runs the benchmark as a Job and reads its results. The Job starts once the targets are known; those of our topologies
 * are known when their Pods are ready. A new run id replaces only the Job and its plan.
 */
export class BenchmarkJob extends pulumi.ComponentResource {
    /** The measured results, checked for schema, checksum and run id; unknown until the Job is done. */
    readonly results: pulumi.Output<Results> | undefined;
    /** The results as a stack output takes them: at most 64 KiB as JSON; what doesn't fit is left out. */
    readonly outline: pulumi.Output<Results> | undefined;
    /** The verdict in one sentence. */
    readonly summary: pulumi.Output<string> | undefined;

    /** @throws ArgumentError that lists everything wrong with `args` */
    constructor(name: string, args: BenchmarkJobArgs, opts?: pulumi.ComponentResourceOptions) {
        const { namespace, network, volume, instances = [], prometheusUrl, apiServerPorts } = args;
        const { profile = "quick", runId = "1", overrides = {} } = args;
        const topologies = { ...(network && { network }), ...(volume && { volume }) };
        const unknown = oneOf("profile", profile, Object.keys(profiles));
        refuse("BenchmarkJob", name, [unknown, ...podProblems(args)]);
        const plan = resolvePlan({ profile, runId, overrides, ...topologies });
        refuse("BenchmarkJob", name, planProblems(plan, topologies, instances.length));
        super("hopcost:index:BenchmarkJob", name, args, opts);
        const child = childOptions(this, opts);
        const { deadlineSeconds } = plan;
        const image = imageOf(topologies);
        const rules = [...driverRules, ...scenarioRules(plan.scenarios?.names ?? [])];
        const settings = { name, namespace, image, runId, deadlineSeconds, apiServerPorts, rules, pod: args };

        const serviceAccount = new k8s.core.v1.ServiceAccount(`${name}-driver`, driverServiceAccount(settings), child);
        const role = new k8s.rbac.v1.Role(`${name}-driver`, driverRole(settings), child);
        const binding = new k8s.rbac.v1.RoleBinding(
            `${name}-driver`,
            driverRoleBinding(settings, role.metadata.name, serviceAccount.metadata.name),
            child,
        );
        const document = pulumi
            .output({ image, targets: { ...network?.targets, ...volume?.targets }, instances, prometheusUrl })
            .apply((reached) => planDocument(plan, reached));
        const planMap = new k8s.core.v1.ConfigMap(`${name}-plan`, planConfigMap(settings, document), child);
        const code = args.code ?? new WorkloadCode(`${name}-code`, { namespace }, child).configMapName;
        const refs = {
            plan: planMap.metadata.name,
            code,
            serviceAccount: serviceAccount.metadata.name,
        };
        const policy = new k8s.networking.v1.NetworkPolicy(`${name}-driver`, driverNetworkPolicy(settings), child);
        const job = new k8s.batch.v1.Job(`${name}-job`, driverJob(settings, refs), {
            ...child,
            dependsOn: [binding, policy],
            customTimeouts: jobTimeouts(deadlineSeconds),
        });

        if (args.readResults ?? true) {
            this.results = resultsOf(`${name}-results`, job, plan, image, child);
            this.outline = this.results.apply((results) => outline(results));
            this.summary = this.results.apply(({ summary }) => summary);
        }
        this.registerOutputs({ results: this.outline, summary: this.summary });
    }
}

/**
 * The image of all containers.
 * @throws ArgumentError, once both are known, if the topologies have different ones
 */
export function imageOf(topologies: Topologies): pulumi.Input<string> {
    const images = Object.values(topologies).map(({ image }) => image);
    if (images.every((image) => typeof image === "string")) return images[0] ?? "";
    return pulumi.all(images).apply((known) => {
        if (new Set(known).size > 1)
            throw new ArgumentError(`network and volume must have the same image, got ${known.join(" and ")}`);
        return known[0] ?? "";
    });
}

/** Reads the results that the driver of a Job wrote. */
function resultsOf(
    name: string,
    job: k8s.batch.v1.Job,
    plan: BenchmarkPlan,
    image: pulumi.Input<string>,
    child: pulumi.CustomResourceOptions,
): pulumi.Output<Results> {
    // The id depends on the Job: in the preview of a new run it is unknown, so nothing is read.
    const id = pulumi.all([job.id, job.metadata.namespace]).apply(([, space]) => `${space}/${resultsName(plan.runId)}`);
    const found = k8s.core.v1.ConfigMap.get(name, id, { ...child, dependsOn: [job] });
    return pulumi.all([id, found.data, image]).apply(([id, data, image]) => readResults(id, data, { ...plan, image }));
}
