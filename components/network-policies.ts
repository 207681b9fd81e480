import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { partOfHopcost } from "../model/names.ts";
import { labelsOf, selectorOf } from "./measured-pod.ts";

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Port = k8s.types.input.networking.v1.NetworkPolicyPort;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/**
 * Ports of API servers. What a NetworkPolicy sees is mostly the address behind the Service `kubernetes`, not its own: 443
 * (EKS), 6443 (kubeadm, k3s), 8443 (minikube).
 */
export const apiServerPorts = [443, 6443, 8443];

/** To the API server. It has no Pods that a policy could select: any address, but no other port. */
export const toApiServer: EgressRule = { ports: tcp(apiServerPorts) };

/** To the cluster's DNS: any address, since a cache on the node (NodeLocal DNSCache) has no Pod that could be selected. */
export const toDns: EgressRule = { ports: ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })) };

/** Ports as a policy names them. */
export function tcp(ports: readonly number[]): Port[] {
    return ports.map((port) => ({ protocol: "TCP", port }));
}

/** Pods of ours in the same namespace. @param components their parts, e.g. `driver` */
export function podsOf(components: readonly string[]): Peer[] {
    const isOneOf = { key: "app.kubernetes.io/component", operator: "In", values: [...components] };
    return [{ podSelector: { matchLabels: partOfHopcost, matchExpressions: [isOneOf] } }];
}

/** Who may call the agents of measured Pods: the driver, and Prometheus, which scrapes them. */
export const agentClients = podsOf(["driver", "prometheus"]);

/** Denies every Pod of a namespace all traffic; each component opens for its own Pods what they need. */
export function defaultDeny(name: string, instance: string, namespace: pulumi.Input<string>) {
    return {
        metadata: { name, namespace, labels: labelsOf(instance, name) },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    };
}

/**
 * What the Pods of one part of a component may receive and send, and nothing else. Probes come from the kubelet of their
 * own node, which Kubernetes lets through, and a port-forward ends inside the Pod, as do calls between its containers.
 */
export function networkPolicy(
    name: string,
    { instance, component }: { instance: string; component: string },
    namespace: pulumi.Input<string>,
    { ingress, egress }: Required<Pick<Spec, "ingress" | "egress">>,
) {
    const podSelector = { matchLabels: selectorOf(instance, component) };
    return {
        metadata: { name, namespace, labels: labelsOf(instance, component) },
        spec: { podSelector, policyTypes: ["Ingress", "Egress"], ingress, egress },
    };
}
