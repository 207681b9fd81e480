import { metricsServerImage } from "../images/images.ts";
import { controlNode } from "../layout.ts";
import { type ClusterObject, kindOf } from "./cluster-objects.ts";

const name = "metrics-server";
const namespace = "kube-system";
const labels = { "k8s-app": name };
const rbac = "rbac.authorization.k8s.io";
const port = 10250;
const subjects = [{ kind: "ServiceAccount", name, namespace }];

/**
 * The objects that serve metrics.k8s.io, from upstream's manifest except the Pod. The second last is the Deployment,
 * whose image must be loaded. The APIService comes last, because while it is unavailable no namespace can be deleted.
 * @see https://github.com/kubernetes-sigs/metrics-server/tree/v0.8.0/manifests/base
 */
export const metricsServerObjects: readonly ClusterObject[] = [
    {
        path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
        object: { ...kindOf("v1", "ServiceAccount"), metadata: { name, namespace } },
    },
    role("system:aggregated-metrics-reader", [rule("metrics.k8s.io", ["pods", "nodes"], ["get", "list", "watch"])], {
        "rbac.authorization.k8s.io/aggregate-to-view": "true",
        "rbac.authorization.k8s.io/aggregate-to-edit": "true",
        "rbac.authorization.k8s.io/aggregate-to-admin": "true",
    }),
    role(`system:${name}`, [
        rule("", ["nodes/metrics"], ["get"]),
        rule("", ["pods", "nodes"], ["get", "list", "watch"]),
    ]),
    binding(`system:${name}`, `system:${name}`),
    binding(`${name}:system:auth-delegator`, "system:auth-delegator"),
    {
        path: `/apis/${rbac}/v1/namespaces/${namespace}/rolebindings`,
        object: {
            ...kindOf(`${rbac}/v1`, "RoleBinding"),
            metadata: { name: `${name}-auth-reader`, namespace },
            roleRef: { apiGroup: rbac, kind: "Role", name: "extension-apiserver-authentication-reader" },
            subjects,
        },
    },
    {
        path: `/api/v1/namespaces/${namespace}/services`,
        object: {
            ...kindOf("v1", "Service"),
            metadata: { name, namespace, labels },
            spec: { selector: labels, ports: [{ name: "https", port: 443, targetPort: port, appProtocol: "https" }] },
        },
    },
    {
        path: `/apis/apps/v1/namespaces/${namespace}/deployments`,
        object: {
            ...kindOf("apps/v1", "Deployment"),
            metadata: { name, namespace, labels },
            spec: {
                replicas: 1,
                selector: { matchLabels: labels },
                template: { metadata: { labels }, spec: metricsServerPod() },
            },
        },
    },
    {
        path: "/apis/apiregistration.k8s.io/v1/apiservices",
        object: {
            ...kindOf("apiregistration.k8s.io/v1", "APIService"),
            metadata: { name: "v1beta1.metrics.k8s.io", labels },
            spec: {
                service: { name, namespace },
                group: "metrics.k8s.io",
                version: "v1beta1",
                insecureSkipTLSVerify: true,
                groupPriorityMinimum: 100,
                versionPriority: 100,
            },
        },
    },
];

function metricsServerPod(): Record<string, unknown> {
    const alive = { httpGet: { path: "/livez", port, scheme: "HTTPS" } };
    return {
        serviceAccountName: name,
        priorityClassName: "system-cluster-critical",
        nodeSelector: { "kubernetes.io/hostname": controlNode.name },
        securityContext: { seccompProfile: { type: "RuntimeDefault" } },
        containers: [
            {
                name,
                image: metricsServerImage,
                imagePullPolicy: "IfNotPresent",
                args: [
                    "--cert-dir=/tmp",
                    `--secure-port=${port}`,
                    "--kubelet-preferred-address-types=InternalIP",
                    "--kubelet-use-node-status-port",
                    // The kubelets' certificates are self-signed, as with kubeadm, minikube and k3d.
                    "--kubelet-insecure-tls",
                    "--metric-resolution=10s",
                    // Must be less than the resolution, or it doesn't start.
                    "--kubelet-request-timeout=9s",
                ],
                ports: [{ name: "https", containerPort: port }],
                volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
                resources: { requests: { cpu: "20m", memory: "64Mi" } },
                // Not a readiness probe: the API must be available at once, and a readiness probe would run during
                // measurements.
                startupProbe: { ...alive, periodSeconds: 1, failureThreshold: 60 },
                livenessProbe: { ...alive, periodSeconds: 30, timeoutSeconds: 5 },
                securityContext: {
                    allowPrivilegeEscalation: false,
                    readOnlyRootFilesystem: true,
                    runAsNonRoot: true,
                    capabilities: { drop: ["ALL"] },
                },
            },
        ],
        volumes: [{ name: "tmp", emptyDir: {} }],
    };
}

function rule(apiGroup: string, resources: readonly string[], verbs: readonly string[]): Record<string, unknown> {
    return { apiGroups: [apiGroup], resources, verbs };
}

function role(roleName: string, rules: readonly unknown[], roleLabels: Record<string, string> = {}): ClusterObject {
    const metadata = { name: roleName, labels: { ...labels, ...roleLabels } };
    return {
        path: `/apis/${rbac}/v1/clusterroles`,
        object: { ...kindOf(`${rbac}/v1`, "ClusterRole"), metadata, rules },
    };
}

function binding(bindingName: string, roleName: string): ClusterObject {
    return {
        path: `/apis/${rbac}/v1/clusterrolebindings`,
        object: {
            ...kindOf(`${rbac}/v1`, "ClusterRoleBinding"),
            metadata: { name: bindingName, labels },
            roleRef: { apiGroup: rbac, kind: "ClusterRole", name: roleName },
            subjects,
        },
    };
}
