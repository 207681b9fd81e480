import type { Socket } from "node:net";
import { Writable } from "node:stream";
import { CoreV1Api, type KubeConfig, PortForward, type V1Pod } from "@kubernetes/client-node";

/** What serves a part of a stack now: a ready Pod, or why none is ready; undefined if there is no Pod. */
export type Serving = { pod: string } | { trouble: string } | undefined;

/** A port of whichever Pod serves a part of a stack. */
export class PodPort {
    private readonly config: KubeConfig;
    private readonly namespace: string;
    private readonly component: string;
    private readonly port: number;

    /** @param component label of its Pods, e.g. `prometheus` */
    constructor(config: KubeConfig, namespace: string, component: string, port: number) {
        this.config = config;
        this.namespace = namespace;
        this.component = component;
        this.port = port;
    }

    /** @throws ApiException if the user isn't allowed to list the Pods */
    async serving(): Promise<Serving> {
        const labelSelector = `app.kubernetes.io/name=hopcost,app.kubernetes.io/component=${this.component}`;
        const core = this.config.makeApiClient(CoreV1Api);
        const { items } = await core.listNamespacedPod({ namespace: this.namespace, labelSelector });
        return servingPod(items);
    }

    /**
     * Joins a connection with the Pod that serves at this moment; a later connection may go to a new Pod.
     * @param socket ended when the Pod's end is; destroyed with an error if the Pod refuses
     * @throws Error if no Pod serves or the cluster doesn't forward
     */
    async join(socket: Socket): Promise<void> {
        const found = await this.serving();
        if (found === undefined) throw new Error(`there is no Pod of ${this.component} in namespace ${this.namespace}`);
        if ("trouble" in found) throw new Error(found.trouble);
        const refused = new Writable({
            write: (reason: Buffer, _encoding, done) => {
                if (reason.length > 0) socket.destroy(new Error(`Pod ${found.pod}: ${String(reason).trim()}`));
                done();
            },
        });
        const tunnel = await new PortForward(this.config)
            .portForward(this.namespace, found.pod, [this.port], socket, refused, socket)
            .catch((error: { message?: string }) => {
                throw new Error(`Pod ${found.pod}: ${error.message}`); // an event, not an error
            });
        if (typeof tunnel === "function") throw new TypeError("a tunnel without retries is a WebSocket");
        tunnel.onclose = () => socket.end();
        socket.on("close", () => tunnel.close());
        if (socket.destroyed) tunnel.close();
    }
}

/** The Pod to connect with: the newest that is ready and not being deleted. */
export function servingPod(pods: readonly V1Pod[]): Serving {
    const staying = pods
        .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
        .sort((one, other) => startOf(other) - startOf(one));
    const ready = staying.find(({ status }) =>
        status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True"),
    );
    if (ready !== undefined) return { pod: ready.metadata?.name ?? "" };
    const [newest] = staying;
    if (newest === undefined) return pods.length === 0 ? undefined : { trouble: "its Pod is being deleted" };
    const waiting = newest.status?.containerStatuses?.map(({ state }) => state?.waiting?.reason).find(Boolean);
    const state = [newest.status?.phase ?? "unknown", ...(waiting === undefined ? [] : [waiting])].join(", ");
    return { trouble: `Pod ${newest.metadata?.name} is not ready (${state})` };
}

function startOf({ metadata }: V1Pod): number {
    return metadata?.creationTimestamp?.getTime() ?? 0;
}
