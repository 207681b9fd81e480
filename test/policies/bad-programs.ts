import {
    another,
    changed,
    configMap,
    denyAll,
    digest,
    job,
    type Manifest,
    namespace,
    pair,
    programWith,
    receiver,
    role,
    sender,
    service,
    web,
} from "./program.ts";

/** A program that one policy refuses, and no other. */
export interface BadProgram {
    policy: string;
    manifests: Manifest[];
    /** The whole text of the only finding. */
    finding: string;
}

const pod = "spec.template.spec";
const container = `${pod}.containers.0`;
const app = 'Deployment "web", container "app"';

/** The good program with one value of it changed. */
function bad(policy: string, manifest: Manifest, path: string, value: unknown, finding: string): BadProgram {
    return { policy, manifests: programWith(changed(manifest, path, value)), finding };
}

/** The good program with one more object. */
function more(policy: string, manifest: Manifest, finding: string): BadProgram {
    return { policy, manifests: programWith(manifest), finding };
}

/** Only one measured Pod, with one value changed: beside others, its arm would differ from theirs. */
function onePod(policy: string, path: string, value: unknown, finding: string): BadProgram {
    return { policy, manifests: [namespace, denyAll, changed(sender, path, value)], finding };
}

/** One for each policy of the pack. */
export const badPrograms: readonly BadProgram[] = [
    bad(
        "run-as-non-root",
        web,
        `${container}.securityContext.runAsNonRoot`,
        false,
        `${app}: can run as root; set securityContext.runAsNonRoot: true in the Pod or the container`,
    ),
    bad(
        "no-privilege-escalation",
        web,
        `${container}.securityContext.allowPrivilegeEscalation`,
        true,
        `${app}: can gain privileges; set securityContext.allowPrivilegeEscalation: false`,
    ),
    bad(
        "drop-capabilities",
        web,
        `${container}.securityContext.capabilities`,
        undefined,
        `${app}: keeps capabilities; set securityContext.capabilities.drop: ["ALL"]`,
    ),
    bad(
        "seccomp-profile",
        web,
        `${pod}.securityContext.seccompProfile`,
        undefined,
        `${app}: has no seccomp profile; set securityContext.seccompProfile.type: RuntimeDefault in the Pod or the container`,
    ),
    bad(
        "no-host-namespaces",
        web,
        `${pod}.hostPID`,
        true,
        `Deployment "web": shares a namespace of its node; remove hostPID from the Pod's spec`,
    ),
    bad(
        "no-host-paths",
        web,
        `${pod}.volumes`,
        [{ name: "logs", hostPath: { path: "/var/log" } }],
        `Deployment "web": volume "logs" mounts /var/log of the node; use an emptyDir or a PersistentVolumeClaim`,
    ),
    bad(
        "no-host-ports",
        web,
        `${container}.ports`,
        [{ containerPort: 80, hostPort: 8080 }],
        `${app}: takes port 8080 of its node; remove hostPort, and use a Service`,
    ),
    bad(
        "restricted-volumes",
        web,
        `${pod}.volumes`,
        [{ name: "share", nfs: { server: "nas", path: "/" } }],
        `Deployment "web": volume "share" is of type nfs; use one of configMap, csi, downwardAPI, emptyDir, ephemeral, image, persistentVolumeClaim, projected, secret`,
    ),
    bad(
        "kernel-defaults",
        web,
        `${container}.securityContext.procMount`,
        "Unmasked",
        `${app}: has procMount: Unmasked; remove it from securityContext`,
    ),
    bad(
        "no-probe-hosts",
        web,
        `${container}.startupProbe`,
        { httpGet: { path: "/", port: 80, host: "10.0.0.1" } },
        `${app}: its startupProbe calls host "10.0.0.1"; remove that host`,
    ),
    bad(
        "read-only-root",
        web,
        `${container}.securityContext.readOnlyRootFilesystem`,
        undefined,
        `${app}: can write to its root file system; set securityContext.readOnlyRootFilesystem: true, and mount an emptyDir for the files it writes`,
    ),
    bad(
        "no-idle-tokens",
        web,
        `${pod}.automountServiceAccountToken`,
        undefined,
        `Deployment "web": mounts the token of ServiceAccount "default", but no binding of this program grants it permissions; set automountServiceAccountToken: false in the Pod's spec`,
    ),
    bad(
        "no-wildcard-roles",
        role,
        "rules.0.verbs",
        ["*"],
        `Role "driver": rule 1 has a wildcard in verbs; list what is used`,
    ),
    more(
        "no-cluster-roles",
        changed(
            another("rbac.authorization.k8s.io/v1", "ClusterRole", "nodes", { rules: [] }),
            "metadata.namespace",
            undefined,
        ),
        `ClusterRole "nodes": grants permissions in the whole cluster; use a Role and a RoleBinding, or configure no-cluster-roles.allowed with nodes`,
    ),
    bad(
        "no-secret-literals",
        web,
        `${container}.env`,
        [{ name: "DB_PASSWORD", value: "hunter2" }],
        `Deployment "web": container "app", variable DB_PASSWORD looks like a secret; put it into a Secret, and reference the Secret`,
    ),
    bad(
        "restricted-namespace",
        namespace,
        "metadata.labels.pod-security\\.kubernetes\\.io/enforce",
        "baseline",
        `Namespace "shop": enforces "baseline"; set the label pod-security.kubernetes.io/enforce: restricted`,
    ),
    bad(
        "dedicated-namespace",
        configMap,
        "metadata.namespace",
        "default",
        `ConfigMap "code-0123abcd": is in the namespace "default"; set metadata.namespace to a dedicated namespace`,
    ),
    bad(
        "default-deny",
        denyAll,
        "spec.policyTypes",
        ["Ingress"],
        `Namespace "shop": the namespace "shop" has no NetworkPolicy that denies by default; add one with podSelector: {}, policyTypes: [Ingress, Egress] and no rules`,
    ),
    bad(
        "cluster-ip-services",
        service,
        "spec.type",
        "NodePort",
        `Service "net-receiver": is of type NodePort; set spec.type: ClusterIP, or configure cluster-ip-services.allowed`,
    ),
    bad(
        "image-tag",
        web,
        `${container}.image`,
        `registry.example/app:latest@${digest}`,
        `${app}: image "registry.example/app:latest@${digest}" has the tag "latest", which is not a version; use a version tag, e.g. 1.29.3`,
    ),
    bad(
        "image-digest",
        web,
        `${container}.image`,
        "registry.example/app:1.2.3",
        `${app}: image "registry.example/app:1.2.3" has no digest; append @sha256:... as the registry shows it, or configure image-digest.exempt`,
    ),
    bad(
        "pull-policy",
        web,
        `${container}.imagePullPolicy`,
        "Always",
        `${app}: has the imagePullPolicy Always; set IfNotPresent, which fits an image that is pinned`,
    ),
    bad(
        "immutable-config-maps",
        configMap,
        "immutable",
        undefined,
        `ConfigMap "code-0123abcd": can be changed under running Pods; set immutable: true`,
    ),
    bad(
        "config-map-size",
        configMap,
        "data.large",
        "x".repeat(901 * 1024),
        `ConfigMap "code-0123abcd": holds 902 KiB, more than the maximum of 900 KiB; split it, or put the data into an image`,
    ),
    bad(
        "recommended-labels",
        service,
        "metadata.labels.app\\.kubernetes\\.io/instance",
        undefined,
        `Service "net-receiver": lacks app.kubernetes.io/instance; add them to metadata.labels`,
    ),
    more(
        "stable-api-versions",
        another("example.com/v1beta1", "Thing", "one", { spec: { size: 1 } }),
        `Thing "one": uses example.com/v1beta1; use the stable version of Thing (kubectl api-resources), or configure stable-api-versions.exempt`,
    ),
    bad(
        "job-deadline",
        job,
        "spec.activeDeadlineSeconds",
        undefined,
        `Job "driver": has no deadline; set activeDeadlineSeconds to at most 86400`,
    ),
    bad("job-single-attempt", job, "spec.backoffLimit", 3, `Job "driver": runs up to 4 times; set backoffLimit: 0`),
    bad(
        "same-image",
        receiver,
        `${container}.image`,
        `registry.example/node:26.0.0@${digest}`,
        `Deployment "net-receiver", container "receiver": its image is "registry.example/node:26.0.0@${digest}", but "registry.example/node:24.21.0@${digest}" in Deployment "net-sender", container "sender"; give both arms the same image`,
    ),
    bad(
        "same-resources",
        receiver,
        `${container}.resources.requests.cpu`,
        "500m",
        `Deployment "net-receiver", container "receiver": its set of requests and limits is {"limits":{"memory":"512Mi"},"requests":{"cpu":"500m","memory":"512Mi"}}, but {"limits":{"memory":"512Mi"},"requests":{"cpu":"250m","memory":"512Mi"}} in Deployment "net-sender", container "sender"; give both arms the same resources`,
    ),
    bad(
        "same-node-flags",
        receiver,
        `${container}.env`,
        undefined,
        `Deployment "net-receiver", container "receiver": its list of Node flags is [], but ["--max-semi-space-size=16"] in Deployment "net-sender", container "sender"; give both arms the same flags`,
    ),
    bad(
        "same-placement",
        receiver,
        `${pod}.nodeSelector`,
        { disk: "ssd" },
        `Deployment "net-receiver": its choice of nodes is {"nodeSelector":{"disk":"ssd"}}, but {} in Deployment "net-sender"; give both arms the same placement`,
    ),
    onePod(
        "measured-memory",
        `${container}.resources.requests.memory`,
        "256Mi",
        `Deployment "net-sender", container "sender": requests 256Mi, and its memory limit is 512Mi; set resources.requests.memory and resources.limits.memory to the same value`,
    ),
    onePod(
        "measured-cpu-limit",
        `${container}.resources.limits.cpu`,
        "500m",
        `Deployment "net-sender", container "sender": has a CPU limit of 500m, below the minimum of 1 CPU; remove resources.limits.cpu, or raise it`,
    ),
    bad(
        "measured-volumes",
        pair,
        `${pod}.volumes.0.emptyDir.sizeLimit`,
        undefined,
        `Deployment "vol-pod": volume "shared" has no size limit; set emptyDir.sizeLimit, e.g. 128Mi`,
    ),
    more(
        "no-autoscaling",
        another("autoscaling/v2", "HorizontalPodAutoscaler", "more", {
            spec: {
                scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "net-receiver" },
                maxReplicas: 3,
            },
        }),
        `HorizontalPodAutoscaler "more": scales Deployment "net-receiver", which is measured; remove it, or add the label hopcost.io/scenario if it belongs to a scenario`,
    ),
    bad(
        "no-mesh-sidecars",
        sender,
        "spec.template.metadata.annotations",
        { "linkerd.io/inject": "enabled" },
        `Deployment "net-sender": requests a mesh proxy (linkerd.io/inject: enabled); remove that from its Pod template`,
    ),
    more(
        "no-disruption-budgets",
        another("policy/v1", "PodDisruptionBudget", "keep", {
            spec: { minAvailable: 1, selector: { matchLabels: { app: "net-sender" } } },
        }),
        `PodDisruptionBudget "keep": covers the Pods of Deployment "net-sender", which are measured; remove it, or add the label hopcost.io/scenario if it belongs to a scenario`,
    ),
    bad(
        "quiet-probes",
        receiver,
        `${container}.livenessProbe`,
        { httpGet: { path: "/healthz", port: 8080 } },
        `Deployment "net-receiver", container "receiver": has a livenessProbe, which runs during the measurement; use a startupProbe, which ends once it succeeds`,
    ),
    more(
        "chaos-scope",
        another("chaos-mesh.org/v1alpha1", "PodChaos", "kill", {
            spec: { action: "pod-kill", mode: "one", selector: { namespaces: ["shop", "other"] } },
        }),
        `PodChaos "kill": reaches other; set the namespaces and pods of each selector to only its own namespace, shop`,
    ),
];
