import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { resolveAvailability } from "../model/availability.ts";
import type { Target } from "../model/plan.ts";
import { agentPort, uploadPort } from "../model/ports.ts";
import type { Instance } from "../model/scenarios.ts";
import { refuse } from "./argument-error.ts";
import { disruptionBudget } from "./availability.ts";
import { childOptions } from "./child-options.ts";
import type { NetworkEndpoints } from "./endpoints.ts";
import { labelsOf, type MeasuredContainer, measuredDeployment, notAwaited, selectorOf } from "./measured-pod.ts";
import {
    type MeasuredPodArgs,
    type MeasuredPodSettings,
    measuredPodProblems,
    resolveMeasuredPodArgs,
} from "./measured-pod-args.ts";
import { agentClients, networkPolicy, podsOf, tcp, toDns } from "./network-policies.ts";
import { hostOf, startTimeouts } from "./readiness.ts";
import { WorkloadCode } from "./workload-code.ts";

/** Arguments of {@link NetworkPair}. */
export interface NetworkPairArgs extends MeasuredPodArgs {
    /**
     * Whether there is a second receiver, on a different node than the sender. Pulumi doesn't wait for it: if the
     * cluster has no such node, its Pod stays pending, and a run reports its arm as unavailable. @default false
     */
    crossNode?: boolean;
}

/** Two Pods that talk HTTP through a ClusterIP Service: the network side of the comparison. */
export class NetworkPair extends pulumi.ComponentResource {
    /** Where a `BenchmarkJob` finds it, and what it is. */
    readonly endpoints: NetworkEndpoints;
    /** What scenarios may hurt, as a plan names it; known once its objects are created. */
    readonly instance: pulumi.Output<Instance>;

    /** @throws ArgumentError that lists everything wrong with `args` */
    constructor(name: string, args: NetworkPairArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = resolveMeasuredPodArgs(args);
        refuse("NetworkPair", name, measuredPodProblems(settings));
        super("hopcost:index:NetworkPair", name, args, opts);
        const child = childOptions(this, opts);
        const { namespace } = settings;

        const code = args.code ?? new WorkloadCode(`${name}-code`, { namespace }, child).configMapName;
        const started = { ...child, customTimeouts: startTimeouts(settings.startSeconds) };
        const deploy = (part: PairPart) => {
            const own = part === "sender" ? { ...settings, availability: undisturbed(settings) } : settings;
            const manifest = pairDeployment(name, part, code, own);
            const labels = labelsOf(name, part);
            const selector = selectorOf(name, part);
            const budget = disruptionBudget(
                `${name}-${part}`,
                own.availability,
                { namespace, labels },
                selector,
                child,
            );
            const rules = pairNetworkPolicy(name, part, namespace);
            const policy = new k8s.networking.v1.NetworkPolicy(`${name}-${part}`, rules, child);
            const deployment = new k8s.apps.v1.Deployment(`${name}-${part}`, manifest, {
                ...started,
                dependsOn: [policy],
            });
            const service = new k8s.core.v1.Service(`${name}-${part}`, pairService(name, part, namespace), child);
            return { host: hostOf(service, deployment), deployment, policy, budget };
        };
        const { host: sender, deployment: senders } = deploy("sender");
        const { host: receiver, deployment: receivers, policy, budget } = deploy("receiver");
        const { image, placement } = settings;
        const far = (args.crossNode ?? false) && { "cross-node": targetOf(sender, deploy("far-receiver").host) };
        this.endpoints = { targets: { network: targetOf(sender, receiver), ...far }, image, placement };
        this.instance = pulumi
            .all([receiver, senders.metadata.name, receivers.metadata.name, policy.metadata.name, budget])
            .apply(([host, sender, receiver, networkPolicy, budget]) => ({
                ...{ name, topology: "network", deployments: [sender, receiver], networkPolicy },
                ...(budget !== undefined && { budget }),
                uploadUrl: uploadUrlOf(host),
            }));
        this.registerOutputs({ endpoints: this.endpoints, instance: this.instance });
    }
}

/** The sender is the observer: nothing disturbs it. Without receivers there is none either. */
function undisturbed({ availability: { replicas } }: MeasuredPodSettings) {
    return resolveAvailability({ replicas: Math.min(1, replicas) });
}

/** The Pods of the pair; the far receiver is a second receiver, on another node. */
type PairPart = "sender" | "receiver" | "far-receiver";

/** The Deployment of one part. */
export function pairDeployment(
    name: string,
    part: PairPart,
    code: pulumi.Input<string>,
    settings: MeasuredPodSettings,
) {
    const container: MeasuredContainer =
        part === "sender" ? { role: "sender", agentPort } : { role: "receiver", agentPort, uploadPort };
    const pod = {
        instance: name,
        component: part,
        initiator: part === "sender",
        containers: [container],
        code,
        ...(part === "far-receiver" ? { awayFrom: selectorOf(name, "sender") } : {}),
    };
    return measuredDeployment(`${name}-${part}`, pod, settings);
}

/** The Service of one part. The receivers' carry measured traffic, the sender's only the driver's calls. */
export function pairService(name: string, part: PairPart, namespace: pulumi.Input<string>) {
    return {
        metadata: { name: `${name}-${part}`, namespace, labels: labelsOf(name, part), annotations: notAwaited },
        spec: {
            type: "ClusterIP",
            selector: selectorOf(name, part),
            ports: [
                { name: "agent", port: agentPort, targetPort: agentPort },
                ...(part === "sender" ? [] : [{ name: "upload", port: uploadPort, targetPort: uploadPort }]),
            ],
        },
    };
}

/** What may reach one part, and what it may call: the sender only resolves receivers' names and uploads. */
export function pairNetworkPolicy(name: string, part: PairPart, namespace: pulumi.Input<string>) {
    const toAgent = { from: agentClients, ports: tcp([agentPort]) };
    const uploads = tcp([uploadPort]);
    const rules =
        part === "sender"
            ? { ingress: [toAgent], egress: [{ to: podsOf(["receiver", "far-receiver"]), ports: uploads }, ...toDns] }
            : { ingress: [toAgent, { from: podsOf(["sender"]), ports: uploads }], egress: [] };
    return networkPolicy(`${name}-${part}`, { instance: name, component: part }, namespace, rules);
}

function targetOf(sender: pulumi.Output<string>, receiver: pulumi.Output<string>): pulumi.Output<Target> {
    return pulumi.all([sender, receiver]).apply(([sender, receiver]) => ({
        initiator: { agent: `http://${sender}:${agentPort}` },
        responder: { agent: `http://${receiver}:${agentPort}` },
        uploadUrl: uploadUrlOf(receiver),
    }));
}

function uploadUrlOf(receiver: string): string {
    return `http://${receiver}:${uploadPort}/upload`;
}
