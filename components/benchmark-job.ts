import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { driverRules } from "../model/driver-rules.ts";
import { resultsName } from "../model/names.ts";
import type { Target } from "../model/plan.ts";
import type { Results } from "../model/results.ts";
import type { Instance } from "../model/scenarios.ts";
import { outline } from "../report/findings/outline.ts";
import { scenarioRules } from "../workloads/injections/scenarios.ts";
import { refuse } from "./argument-error.ts";
import {
    driverJob,
    driverNetworkPolicy,
    driverRole,
    driverRoleBinding,
    driverServiceAccount,
    jobTimeouts,
    planConfigMap,
} from "./benchmark-manifests.ts";
import { type BenchmarkPlan, planDocument, planProblems } from "./benchmark-plan.ts";
import { childOptions } from "./child-options.ts";
import { type PodArgs, podProblems } from "./pod-settings.ts";
import { readResults } from "./read-results.ts";
import { WorkloadCode } from "./workload-code.ts";

/** Arguments of {@link BenchmarkJob}. */
export interface BenchmarkJobArgs extends PodArgs {
    /** Namespace of every child: that of the topologies, whose URLs resolve only there. */
    namespace: pulumi.Input<string>;
    /** What to measure. A new `runId` measures again; an unchanged plan isn't run again. */
    plan: BenchmarkPlan;
    /**
     * Addresses of the topologies that the plan's arms need, by name: `network`, `cross-node`, `volume`. Take the
     * `targets` of `NetworkPair` and `SharedVolumePod`.
     */
    targets: Record<string, pulumi.Input<Target>>;
    /**
     * What the plan's scenarios may hurt: the `instance` of each `NetworkPair` and `SharedVolumePod` with `servesScenarios`
     * and without replicas, which the driver adds and removes. @default none
     */
    instances?: pulumi.Input<Instance>[];
    /** Base URL of the Prometheus that scrapes the topologies, e.g. that of a `MetricsStack`. @default a run without metrics */
    prometheusUrl?: pulumi.Input<string>;
    /** Code of the driver, to share it with other components. @default a `WorkloadCode` of its own */
    code?: WorkloadCode;
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
        const { namespace, plan, targets, instances = [], prometheusUrl } = args;
        const problems = planProblems(plan, Object.keys(targets), instances.length);
        refuse(`BenchmarkJob "${name}"`, [...problems, ...podProblems(args)]);
        super("hopcost:index:BenchmarkJob", name, args, opts);
        const child = childOptions(this, opts);
        const { runId, image, deadlineSeconds } = plan;
        const { apiServerPorts } = args;
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
            .output({ targets, instances, prometheusUrl })
            .apply((reached) => planDocument(plan, reached));
        const planMap = new k8s.core.v1.ConfigMap(`${name}-plan`, planConfigMap(settings, document), child);
        const code = args.code ?? new WorkloadCode(`${name}-code`, { namespace }, child);
        const refs = {
            plan: planMap.metadata.name,
            code: code.configMapName,
            serviceAccount: serviceAccount.metadata.name,
        };
        const policy = new k8s.networking.v1.NetworkPolicy(`${name}-driver`, driverNetworkPolicy(settings), child);
        const job = new k8s.batch.v1.Job(`${name}-job`, driverJob(settings, refs), {
            ...child,
            dependsOn: [binding, policy],
            customTimeouts: jobTimeouts(deadlineSeconds),
        });

        if (args.readResults ?? true) {
            this.results = resultsOf(`${name}-results`, job, plan, child);
            this.outline = this.results.apply((results) => outline(results));
            this.summary = this.results.apply(({ summary }) => summary);
        }
        this.registerOutputs({ results: this.outline, summary: this.summary });
    }
}

/** Reads the results that the driver of a Job wrote. */
function resultsOf(
    name: string,
    job: k8s.batch.v1.Job,
    plan: BenchmarkPlan,
    child: pulumi.CustomResourceOptions,
): pulumi.Output<Results> {
    // The id depends on the Job: in the preview of a new run it is unknown, so nothing is read.
    const id = pulumi.all([job.id, job.metadata.namespace]).apply(([, space]) => `${space}/${resultsName(plan.runId)}`);
    const found = k8s.core.v1.ConfigMap.get(name, id, { ...child, dependsOn: [job] });
    return pulumi.all([id, found.data]).apply(([id, data]) => readResults(id, data, plan));
}
