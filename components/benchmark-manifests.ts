import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Rule } from "../model/driver-rules.ts";
import { jobName, planName, runIdLabel } from "../model/names.ts";
import { agentPort, codePath, planPath, readerAgentPort, variables } from "../model/ports.ts";
import { type ContainerResources, fromPod, labelsOf, restrictedContainer } from "./measured-pod.ts";
import { prometheusPort } from "./metrics/prometheus.ts";
import { networkPolicy, podsOf, tcp, toApiServer, toDns } from "./network-policies.ts";
import { type PodArgs, podSettings } from "./pod-settings.ts";

/** Seconds Pulumi waits after the Job's own deadline, so that the Job's message is the one shown. */
const graceSeconds = 60;

/** What the manifests of a run are built from. */
export interface DriverSettings {
    /** Name of the component. */
    name: string;
    namespace: pulumi.Input<string>;
    image: pulumi.Input<string>;
    runId: string;
    deadlineSeconds: number;
    apiServerPorts: pulumi.Input<readonly number[]> | undefined;
    /** What its Role allows. */
    rules: readonly Rule[];
    pod: PodArgs;
}

/** Labels of every object of the driver. */
export function driverLabels(name: string): Record<string, string> {
    return labelsOf(name, "driver");
}

/** The driver's identity. Only the driver's Pod mounts its token. */
export function driverServiceAccount({ name, namespace }: DriverSettings) {
    return {
        metadata: { name: `${name}-driver`, namespace, labels: driverLabels(name) },
        automountServiceAccountToken: false,
    };
}

/** What the driver may do, only in its namespace. */
export function driverRole({ name, namespace, rules }: DriverSettings) {
    return { metadata: { name: `${name}-driver`, namespace, labels: driverLabels(name) }, rules: [...rules] };
}

/** Gives the Role to the ServiceAccount. */
export function driverRoleBinding(
    { name, namespace }: DriverSettings,
    role: pulumi.Input<string>,
    serviceAccount: pulumi.Input<string>,
) {
    return {
        metadata: { name: `${name}-driver`, namespace, labels: driverLabels(name) },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role },
        subjects: [{ kind: "ServiceAccount", name: serviceAccount, namespace }],
    };
}

/** The driver may call the agents, Prometheus and the API server. Nothing calls the driver. */
export function driverNetworkPolicy({ name, namespace, apiServerPorts }: DriverSettings) {
    const measured = podsOf(["sender", "receiver", "far-receiver", "shared-volume"]);
    const egress = [
        { to: measured, ports: tcp([agentPort, readerAgentPort]) },
        { to: podsOf(["prometheus"]), ports: tcp([prometheusPort]) },
        toApiServer(apiServerPorts),
        ...toDns,
    ];
    return networkPolicy(`${name}-driver`, { instance: name, component: "driver" }, namespace, { ingress: [], egress });
}

/** The ConfigMap with the plan; immutable, so that a run always matches its plan. */
export function planConfigMap({ name, namespace, runId }: DriverSettings, plan: pulumi.Input<string>) {
    return {
        metadata: {
            name: planName(runId),
            namespace,
            labels: { ...driverLabels(name), [runIdLabel]: runId },
        },
        immutable: true,
        data: { "plan.json": plan },
    };
}

/** The Job: one attempt within its deadline. Its results stay in the cluster until the stack is destroyed. */
export function driverJob(
    settings: DriverSettings,
    refs: { plan: pulumi.Input<string>; code: pulumi.Input<string>; serviceAccount: pulumi.Input<string> },
): k8s.batch.v1.JobArgs {
    const { name, namespace, image, runId, deadlineSeconds } = settings;
    const labels = { ...driverLabels(name), [runIdLabel]: runId };
    return {
        metadata: {
            name: jobName(runId),
            namespace,
            labels,
            // The next `up` recreates a failed Job, which resumes after its last finished trial.
            annotations: { "pulumi.com/replaceUnready": "true" },
        },
        spec: {
            backoffLimit: 0,
            activeDeadlineSeconds: deadlineSeconds,
            template: {
                metadata: { labels },
                spec: {
                    ...podSettings(settings.pod),
                    restartPolicy: "Never",
                    // At its deadline, or if cancelled, the driver still writes what it has.
                    terminationGracePeriodSeconds: 30,
                    serviceAccountName: refs.serviceAccount,
                    automountServiceAccountToken: true,
                    containers: [driverContainer(name, image)],
                    volumes: [
                        { name: "code", configMap: { name: refs.code } },
                        { name: "plan", configMap: { name: refs.plan } },
                    ],
                },
            },
        },
    };
}

/** How long Pulumi waits for the Job. */
export function jobTimeouts(deadlineSeconds: number): pulumi.CustomTimeouts {
    return { create: `${deadlineSeconds + graceSeconds}s` };
}

/** Resources of the driver. */
export const driverResources: ContainerResources = {
    requests: { cpu: "100m", memory: "512Mi" },
    limits: { memory: "512Mi" },
};

function driverContainer(name: string, image: pulumi.Input<string>): k8s.types.input.core.v1.Container {
    return {
        ...restrictedContainer,
        name: "driver",
        image,
        command: ["node", `${codePath}/driver.mjs`],
        env: [
            fromPod(variables.namespace, "metadata.namespace"),
            fromPod(variables.podName, "metadata.name"),
            { name: variables.networkPolicy, value: `${name}-driver` },
        ],
        // The end of its log, if it ends without a message of its own.
        terminationMessagePolicy: "FallbackToLogsOnError",
        resources: driverResources,
        volumeMounts: [
            { name: "code", mountPath: codePath, readOnly: true },
            { name: "plan", mountPath: planPath.slice(0, planPath.lastIndexOf("/")), readOnly: true },
        ],
    };
}
