import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { partOfHopcost } from "../model/names.ts";
import { labelsOf, selectorOf } from "./measured-pod.ts";

type Spec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Port = k8s.types.input.networking.v1.NetworkPolicyPort;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;
type EgressRule = k8s.types.input.networking.v1.NetworkPolicyEgressRule;

/**
 * Ports of API servers if the cluster's own can't be read: 443 (EKS, GKE, AKS), 6443 (kubeadm, k3s), 8443 (minikube),
 * 16443 (MicroK8s).
 */
export const usualApiServerPorts = [443, 6443, 8443, 16443];

/** Port of the Service `kubernetes`. Some network plugins compare it with a policy, most the port behind it. */
export const apiServicePort = 443;

/**
 * To the API server. Any address, but only these ports: it has no Pods that a policy could select, and its addresses
 * change. Some network plugins wouldn't match them anyway, since they are those of nodes.
 */
export function toApiServer(ports: pulumi.Input<readonly number[]> = usualApiServerPorts) {
    return { ports: pulumi.output(ports).apply((ports) => tcp(ports)) };
}

/** Labels of the Pods of a cluster's DNS, by namespace: on most clusters, and on OpenShift. */
const dnsPods: Record<string, Record<string, string>> = {
    "kube-system": { "k8s-app": "kube-dns" },
    "openshift-dns": { "dns.operator.openshift.io/daemonset-dns": "default" },
};

/**
 * To the cluster's DNS. Port 53 of any address, since a cache on the node (NodeLocal DNSCache) has no Pod that a policy
 * could select; and any port of the DNS's Pods, since a policy mostly sees the port of the Pod (OpenShift: 5353), not
 * that of the Service.
 */
export const toDns: EgressRule[] = [
    { ports: ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })) },
    {
        to: Object.entries(dnsPods).map(([namespace, matchLabels]) => ({
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
            podSelector: { matchLabels },
        })),
    },
];

/** TCP ports as a policy lists them. */
export function tcp(ports: readonly number[]): Port[] {
    return ports.map((port) => ({ protocol: "TCP", port }));
}

/** Our Pods in the same namespace. @param components their component labels, e.g. `driver` */
export function podsOf(components: readonly string[]): Peer[] {
    const isOneOf = { key: "app.kubernetes.io/component", operator: "In", values: [...components] };
    return [{ podSelector: { matchLabels: partOfHopcost, matchExpressions: [isOneOf] } }];
}

/** Pods that may call the agents of measured Pods: the driver's, and Prometheus, which scrapes them. */
export const agentClients = podsOf(["driver", "prometheus"]);

/** Denies all traffic to and from the Pods of a namespace; each component allows what its own Pods need. */
export function defaultDeny(name: string, instance: string, namespace: pulumi.Input<string>) {
    return {
        metadata: { name, namespace, labels: labelsOf(instance, name) },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    };
}

/**
 * The only traffic that the Pods of one part of a component may receive and send. It doesn't affect probes, which
 * Kubernetes allows from the kubelet of the Pod's node, nor port-forwards and calls between containers, which stay
 * inside the Pod.
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
