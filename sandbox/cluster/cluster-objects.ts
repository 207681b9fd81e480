import { corednsImage } from "../images/images.ts";
import { addressesOf, type IpFamily } from "../layout.ts";

/** An object to create, and where. */
export interface ClusterObject {
    /** Path of its collection in the API. */
    path: string;
    object: { kind: string; metadata: { name: string; namespace?: string; labels?: Record<string, string> } } & Record<
        string,
        unknown
    >;
}

const rbac = "/apis/rbac.authorization.k8s.io/v1";
const system = "kube-system";
/** Port of CoreDNS in its Pod, which needs no capability. */
const port = 1053;
const labels = { "k8s-app": "kube-dns" };

/** Only the cluster's own names: the nodes have no route outside, so other names would time out. */
const corefile = `.:${port} {
    errors
    health {
        lameduck 1s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        ttl 30
    }
    prometheus :9153
    cache 30
    loadbalance
}
`;

/** Objects that a cluster needs: permissions of the kubelet's client and of kube-router, and cluster DNS. */
export const clusterObjects = (family: IpFamily): readonly ClusterObject[] => [
    {
        path: `${rbac}/clusterrolebindings`,
        object: {
            ...kindOf("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
            metadata: { name: "hopcost:apiserver-kubelet" },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:kubelet-api-admin" },
            subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "kube-apiserver-kubelet-client" }],
        },
    },
    {
        path: `${rbac}/clusterroles`,
        object: {
            ...kindOf("rbac.authorization.k8s.io/v1", "ClusterRole"),
            metadata: { name: "system:kube-router" },
            rules: [
                { apiGroups: [""], resources: ["namespaces", "pods"], verbs: ["list", "watch"] },
                { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
                { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["list", "watch"] },
            ],
        },
    },
    {
        path: `${rbac}/clusterrolebindings`,
        object: {
            ...kindOf("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
            metadata: { name: "system:kube-router" },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:kube-router" },
            subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "system:kube-router" }],
        },
    },
    {
        path: `/api/v1/namespaces/${system}/serviceaccounts`,
        object: { ...kindOf("v1", "ServiceAccount"), metadata: { name: "coredns", namespace: system } },
    },
    {
        path: `${rbac}/clusterroles`,
        object: {
            ...kindOf("rbac.authorization.k8s.io/v1", "ClusterRole"),
            metadata: { name: "system:coredns" },
            rules: [
                {
                    apiGroups: [""],
                    resources: ["endpoints", "services", "pods", "namespaces"],
                    verbs: ["list", "watch"],
                },
                { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
            ],
        },
    },
    {
        path: `${rbac}/clusterrolebindings`,
        object: {
            ...kindOf("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
            metadata: { name: "system:coredns" },
            roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:coredns" },
            subjects: [{ kind: "ServiceAccount", name: "coredns", namespace: system }],
        },
    },
    {
        path: `/api/v1/namespaces/${system}/configmaps`,
        object: {
            ...kindOf("v1", "ConfigMap"),
            metadata: { name: "coredns", namespace: system },
            data: { Corefile: corefile },
        },
    },
    {
        path: `/api/v1/namespaces/${system}/services`,
        object: {
            ...kindOf("v1", "Service"),
            metadata: { name: "kube-dns", namespace: system, labels },
            spec: {
                clusterIP: addressesOf(family)[0].dns,
                clusterIPs: addressesOf(family).map(({ dns }) => dns),
                ipFamilyPolicy: family === "dual" ? "RequireDualStack" : "SingleStack",
                selector: labels,
                ports: [
                    { name: "dns", port: 53, protocol: "UDP", targetPort: port },
                    { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: port },
                ],
            },
        },
    },
];

/** The cluster DNS itself; load its image before creating it. */
export const corednsDeployment: ClusterObject = {
    path: `/apis/apps/v1/namespaces/${system}/deployments`,
    object: {
        ...kindOf("apps/v1", "Deployment"),
        metadata: { name: "coredns", namespace: system, labels },
        spec: {
            replicas: 1,
            selector: { matchLabels: labels },
            template: { metadata: { labels }, spec: corednsPod() },
        },
    },
};

function corednsPod(): Record<string, unknown> {
    return {
        serviceAccountName: "coredns",
        priorityClassName: "system-cluster-critical",
        dnsPolicy: "Default",
        securityContext: { seccompProfile: { type: "RuntimeDefault" } },
        containers: [
            {
                name: "coredns",
                image: corednsImage,
                imagePullPolicy: "IfNotPresent",
                args: ["-conf", "/etc/coredns/Corefile"],
                volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
                ports: [
                    { containerPort: port, name: "dns", protocol: "UDP" },
                    { containerPort: port, name: "dns-tcp", protocol: "TCP" },
                ],
                resources: { requests: { cpu: "20m", memory: "64Mi" } },
                readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
                livenessProbe: {
                    httpGet: { path: "/health", port: 8080 },
                    initialDelaySeconds: 30,
                    failureThreshold: 5,
                },
                securityContext: {
                    allowPrivilegeEscalation: false,
                    readOnlyRootFilesystem: true,
                    runAsNonRoot: true,
                    capabilities: { drop: ["ALL"] },
                },
            },
        ],
        volumes: [{ name: "config", configMap: { name: "coredns" } }],
    };
}

/** The first two fields of every object. */
export function kindOf(apiVersion: string, kind: string): { apiVersion: string; kind: string } {
    return { apiVersion, kind };
}
