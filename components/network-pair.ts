import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { controlPort, uploadPort } from "../workloads/control-api.ts";
import { refuse } from "./argument-error.ts";
import { childOptions } from "./child-options.ts";
import type { NetworkEndpoints } from "./endpoints.ts";
import { labelsOf, measuredDeployment, selectorOf, servedAtOnce } from "./measured-pod.ts";
import {
    type MeasuredPodArgs,
    type MeasuredPodSettings,
    measuredPodProblems,
    resolveMeasuredPodArgs,
} from "./measured-pod-args.ts";
import { hostOf, startTimeouts } from "./readiness.ts";
import { WorkloadCode } from "./workload-code.ts";

/** Arguments of {@link NetworkPair}. */
export type NetworkPairArgs = MeasuredPodArgs;

/** Two Pods that talk HTTP through a ClusterIP Service: the network side of the comparison. */
export class NetworkPair extends pulumi.ComponentResource {
    /** Where it is reached from within its namespace, as a plan names it; known once its Pods are ready. */
    readonly endpoints: pulumi.Output<NetworkEndpoints>;

    /** @throws ArgumentError with all that is wrong with `args` */
    constructor(name: string, args: NetworkPairArgs, opts?: pulumi.ComponentResourceOptions) {
        const settings = resolveMeasuredPodArgs(args);
        refuse(`NetworkPair "${name}"`, measuredPodProblems(settings));
        super("hopcost:index:NetworkPair", name, args, opts);
        const child = childOptions(this, opts);
        const { namespace } = settings;

        const started = { ...child, customTimeouts: startTimeouts(settings.startSeconds) };
        const [sender, receiver] = (["sender", "receiver"] as const).map((role) => {
            const code = new WorkloadCode(`${name}-${role}-code`, { namespace, role }, child);
            const manifest = pairDeployment(name, role, code.configMapName, settings);
            const deployment = new k8s.apps.v1.Deployment(`${name}-${role}`, manifest, started);
            const service = new k8s.core.v1.Service(`${name}-${role}`, pairService(name, role, namespace), child);
            return hostOf(service, deployment);
        }) as [pulumi.Output<string>, pulumi.Output<string>];

        this.endpoints = pulumi
            .all([sender, receiver])
            .apply(([sender, receiver]) => networkEndpoints(sender, receiver));
        this.registerOutputs({ endpoints: this.endpoints });
    }
}

/** The two roles of the pair. */
type PairRole = "sender" | "receiver";

/** The Deployment of one role. */
export function pairDeployment(
    name: string,
    role: PairRole,
    code: pulumi.Input<string>,
    settings: MeasuredPodSettings,
) {
    const container = { role, code, controlPort, ...(role === "receiver" ? { uploadPort } : {}) };
    const pod = { instance: name, component: role, initiator: role === "sender", containers: [container] };
    return measuredDeployment(`${name}-${role}`, pod, settings);
}

/** The Service of one role: the receiver's carries the measured traffic, the sender's only the driver's calls. */
export function pairService(name: string, role: PairRole, namespace: pulumi.Input<string>) {
    return {
        metadata: { name: `${name}-${role}`, namespace, labels: labelsOf(name, role), annotations: servedAtOnce },
        spec: {
            type: "ClusterIP",
            selector: selectorOf(name, role),
            ports: [
                { name: "control", port: controlPort, targetPort: controlPort },
                ...(role === "receiver" ? [{ name: "upload", port: uploadPort, targetPort: uploadPort }] : []),
            ],
        },
    };
}

function networkEndpoints(sender: string, receiver: string): NetworkEndpoints {
    return {
        initiator: { control: `http://${sender}:${controlPort}` },
        responder: { control: `http://${receiver}:${controlPort}` },
        uploadUrl: `http://${receiver}:${uploadPort}/upload`,
    };
}
