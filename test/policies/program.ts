/** A small program that passes every policy: both topologies, a Job, and their namespace. Tests change one value. */

/** An object as in a manifest. */
export interface Manifest {
    apiVersion: string;
    kind: string;
    metadata: { name: string } & Record<string, unknown>;
    [field: string]: unknown;
}

const labels = {
    "app.kubernetes.io/name": "shop",
    "app.kubernetes.io/instance": "one",
    "app.kubernetes.io/part-of": "shop",
    "app.kubernetes.io/managed-by": "pulumi",
};
/** The namespace of all objects. */
export const namespaceName = "shop";
/** A digest in the format of registries. */
export const digest = `sha256:${"0123456789abcdef".repeat(4)}`;
const image = `registry.example/node:24.21.0@${digest}`;

const metadata = (name: string) => ({ name, namespace: namespaceName, labels });

const container = (name: string) => ({
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["node", "server.mjs"],
    env: [{ name: "NODE_OPTIONS", value: "--max-semi-space-size=16" }],
    resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "512Mi" } },
    securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
    },
});

const podSpec = (...names: string[]) => ({
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
    containers: names.map(container),
});

const measured = (name: string, role: object, spec: object): Manifest => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata(name),
    spec: {
        selector: { matchLabels: { app: name } },
        template: {
            metadata: { labels: { ...labels, app: name, "hopcost.io/measured": "true", ...role } },
            spec,
        },
    },
});

const initiator = { "hopcost.io/initiator": "true" };

/** A measured Pod with one container, which takes the times. */
export const sender = measured("net-sender", initiator, podSpec("sender"));
/** The responder. */
export const receiver = measured("net-receiver", {}, podSpec("receiver"));
/** A measured Pod with two containers that share a volume. */
export const pair = measured("vol-pod", initiator, {
    ...podSpec("writer", "reader"),
    volumes: [{ name: "shared", emptyDir: { medium: "Memory", sizeLimit: "128Mi" } }],
});
/** A Deployment that isn't measured. */
export const web = changed({ ...measured("web", {}, podSpec("app")) }, "spec.template.metadata.labels", {
    ...labels,
    app: "web",
});

export const namespace: Manifest = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
        name: namespaceName,
        labels: { ...labels, "pod-security.kubernetes.io/enforce": "restricted" },
    },
};
export const denyAll: Manifest = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadata("default-deny"),
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
};
export const service: Manifest = {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata("net-receiver"),
    spec: { type: "ClusterIP", selector: { app: "net-receiver" }, ports: [{ port: 8080 }] },
};
export const configMap: Manifest = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata("code-0123abcd"),
    immutable: true,
    data: { "server.mjs": "console.log(1)" },
};
export const account: Manifest = { apiVersion: "v1", kind: "ServiceAccount", metadata: metadata("driver") };
export const role: Manifest = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: metadata("driver"),
    rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "create"] }],
};
export const binding: Manifest = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: metadata("driver"),
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "driver" },
    subjects: [{ kind: "ServiceAccount", name: "driver", namespace: namespaceName }],
};
export const job: Manifest = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadata("driver"),
    spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: 600,
        template: {
            metadata: { labels },
            spec: {
                ...podSpec("driver"),
                restartPolicy: "Never",
                serviceAccountName: "driver",
                automountServiceAccountToken: true,
            },
        },
    },
};

/** All objects. */
export const goodProgram: readonly Manifest[] = [
    ...[namespace, denyAll, account, role, binding],
    ...[configMap, sender, receiver, service, pair, web, job],
];

/** Another object of the program, with the common labels. */
export function another(apiVersion: string, kind: string, name: string, rest: object): Manifest {
    return { apiVersion, kind, metadata: metadata(name), ...rest };
}

/**
 * A copy with one value changed.
 * @param path e.g. `spec.template.spec.containers.0.image`; missing parents are created. Write a dot in a key as `\.`
 * @param value undefined removes it
 */
export function changed(manifest: Manifest, path: string, value: unknown): Manifest {
    const copy = structuredClone(manifest);
    const keys = path.split(/(?<!\\)\./).map((key) => key.replaceAll("\\.", "."));
    const last = keys.pop() as string;
    let parent = copy as Record<string, unknown>;
    for (const [index, key] of keys.entries()) {
        const isList = /^\d+$/.test(keys[index + 1] ?? last);
        parent[key] ??= isList ? [] : {};
        parent = parent[key] as Record<string, unknown>;
    }
    if (value === undefined) delete parent[last];
    else parent[last] = value;
    return copy;
}

/** The program with some objects added; they replace those of the same kind and name. */
export function programWith(...manifests: Manifest[]): Manifest[] {
    const isSame = (one: Manifest) => (other: Manifest) =>
        one.kind === other.kind && one.metadata.name === other.metadata.name;
    const kept = goodProgram.map((one) => manifests.find(isSame(one)) ?? one);
    return [...kept, ...manifests.filter((one) => !goodProgram.some(isSame(one)))];
}
