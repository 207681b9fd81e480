import type { PodView, Stage } from "../../../workloads/injections/scenario.ts";
import { NotInjected } from "../../../workloads/injections/scenario.ts";

/** A Pod as an injection finds it. */
export const running: PodView = {
    name: "hurt-net-1-receiver-a",
    uid: "a",
    ip: "10.0.0.1",
    node: "one",
    version: "1",
    isReady: true,
    isEnding: false,
    restarts: 0,
    lastEnd: undefined,
};

/** What a test's cluster and agents do. */
export interface World {
    topology?: string;
    /** Answers of agents, by `METHOD path`, with or without the query; called with the body, or else the path, and the Pod. @default `{}` */
    answers?: Record<string, (body: unknown, pod?: PodView) => unknown>;
    kube?: Partial<Stage["kube"]>;
    apiServer?: Partial<Stage["apiServer"]>;
}

/** A stage without a cluster, whose time passes at once. `calls` are its requests, in order, `pod` is the responder's. */
export function fakeStage({ topology = "network", answers = {}, kube = {}, apiServer = {} }: World) {
    const calls: string[] = [];
    const note = async (call: string, does: (() => unknown) | undefined) => {
        calls.push(call);
        return does?.();
    };
    const world = {
        ...{ calls, pod: { ...running } as PodView | undefined, seconds: 0 },
        pods: undefined as PodView[] | undefined,
        ...{ marks: [] as string[], evicted: [] as string[] },
    };
    const stage: Stage = {
        responderContainer: "receiver",
        instance: { name: "hurt-net-1", topology, deployments: ["d"], networkPolicy: "p", budget: "b" },
        signal: new AbortController().signal,
        pod: () => world.pod,
        pods: () => world.pods ?? (world.pod === undefined ? [] : [world.pod]),
        live: (end) => stage.pods(end).filter(({ isEnding }) => !isEnding),
        hasLost: () => false,
        evicted: () => world.evicted,
        until: async (what, holds, seconds) => {
            if (!holds()) throw new NotInjected(`${what} was not seen within ${seconds} s`);
        },
        wait: async (seconds) => {
            world.seconds += seconds;
        },
        scale: async (replicas) => void (await note(`scale ${replicas}`, undefined)),
        agent: async <T>(end: string, method: string, path: string, body?: object, pod?: PodView) => {
            const answer = answers[`${method} ${path}`] ?? answers[`${method} ${path.split("?")[0]}`];
            return (await note(`${end} ${method} ${path}`, () => answer?.(body ?? path, pod) ?? {})) as T;
        },
        kube: {
            patchResponder: async (patch) =>
                void (await note(`patch responder ${JSON.stringify(patch)}`, () => kube.patchResponder?.(patch))),
            patchInitiator: async (patch) =>
                void (await note(`patch initiator ${JSON.stringify(patch)}`, () => kube.patchInitiator?.(patch))),
            deletePod: async (name, grace) =>
                void (await note(`delete ${name} ${grace}`, () => kube.deletePod?.(name, grace))),
            patchNetworkPolicy: async (name, patch) =>
                void (await note(`patch ${name} ${JSON.stringify(patch)}`, () =>
                    kube.patchNetworkPolicy?.(name, patch),
                )),
            labelPod: async (name, labels) =>
                void (await note(`label ${name} ${JSON.stringify(labels)}`, () => kube.labelPod?.(name, labels))),
            evictPod: async (name) => (await note(`evict ${name}`, () => kube.evictPod?.(name))) as string | undefined,
            setMinAvailable: async (name, pods) =>
                void (await note(`budget ${name} ${pods}`, () => kube.setMinAvailable?.(name, pods))),
            disruptionsAllowed: async (name) =>
                kube.disruptionsAllowed === undefined ? 0 : kube.disruptionsAllowed(name),
            readNetworkPolicy: async () => ({ spec: { ingress: ["as before"] } }),
            createAutoscaler: async (_, cores) => void (await note(`autoscaler at ${cores.toFixed(4)}`, undefined)),
            readAutoscaler: async () => kube.readAutoscaler?.(),
            deleteAutoscaler: async () => void (await note("delete autoscaler", undefined)),
            resizePod: async (name, patch) =>
                void (await note(`resize ${name} ${JSON.stringify(patch)}`, () => kube.resizePod?.(name, patch))),
        },
        apiServer: { goDown: async () => {}, comeBack: async () => 0, ...apiServer },
        mark: (what) => world.marks.push(what),
    };
    return { stage, world };
}
