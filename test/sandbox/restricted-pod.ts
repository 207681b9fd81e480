import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, KubeConfig, type V1Pod, type V1PodSpec } from "@kubernetes/client-node";
import {
    sandboxContext,
    sandboxKubeconfig,
    sandboxNodeImage,
    sandboxPrometheusImage,
} from "../../sandbox/cluster/cluster.ts";

/** Options of a Pod besides its script. */
export interface PodNeeds {
    /** Name of the node it must run on. */
    node?: string;
    /** Name of the claim mounted at /data. */
    claim?: string;
    fsGroup?: number;
}

/** A Pod for a namespace with PSS `restricted` that runs a script in Node, with 16 MiB of memory as /memory. */
export function restrictedPod(script: string, { node, claim, fsGroup }: PodNeeds = {}): V1PodSpec {
    const memory = { name: "memory", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } };
    const data = { name: "data", persistentVolumeClaim: { claimName: claim ?? "" } };
    const volumes = claim === undefined ? [memory] : [memory, data];
    const container = {
        name: "main",
        image: sandboxNodeImage,
        imagePullPolicy: "IfNotPresent",
        command: ["node", "-e", script],
        volumeMounts: volumes.map(({ name }) => ({ name, mountPath: `/${name}` })),
        securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        },
    };
    return {
        restartPolicy: "Never",
        terminationGracePeriodSeconds: 0,
        // Not nodeName, which would bypass the scheduler, which binds claims.
        ...(node !== undefined && { nodeSelector: { "kubernetes.io/hostname": node } }),
        securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: "RuntimeDefault" },
            ...(fsGroup !== undefined && { fsGroup }),
        },
        volumes,
        containers: [container],
    };
}

/** A Pod of Prometheus as deployed elsewhere, with its data in memory and the image's user. */
export function prometheusPod(name: string): V1Pod {
    const { containers, securityContext, ...spec } = restrictedPod("");
    const args = ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/memory"];
    const { runAsUser: _, ...context } = securityContext ?? {};
    return {
        metadata: { name },
        spec: {
            ...spec,
            securityContext: context,
            containers: containers.map(({ command: _command, ...container }) => {
                return { ...container, image: sandboxPrometheusImage, args };
            }),
        },
    };
}

/** A client of the sandbox's API server. */
export function sandboxCore(): CoreV1Api {
    const config = new KubeConfig();
    config.loadFromFile(sandboxKubeconfig);
    assert.equal(config.getCurrentContext(), sandboxContext);
    return config.makeApiClient(CoreV1Api);
}

/** Creates a namespace with PSS `restricted`. */
export async function createRestrictedNamespace(core: CoreV1Api, name: string): Promise<void> {
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await core.createNamespace({ body: { metadata: { name, labels } } });
}

/** Runs a Pod until it ends. @param labels its labels; default: `app` with its name @returns its output */
export async function outputOf(
    core: CoreV1Api,
    namespace: string,
    name: string,
    spec: V1PodSpec,
    labels: Record<string, string> = { app: name },
): Promise<string> {
    await core.createNamespacedPod({ namespace, body: { metadata: { name, labels }, spec } });
    for (;;) {
        const { status } = await core.readNamespacedPod({ namespace, name });
        assert.notEqual(status?.phase, "Failed", JSON.stringify(status));
        if (status?.phase === "Succeeded") return await core.readNamespacedPodLog({ namespace, name });
        await sleep(200);
    }
}
