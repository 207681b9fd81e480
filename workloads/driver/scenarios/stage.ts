import { setTimeout as sleep } from "node:timers/promises";
import { Agent, request } from "undici";
import { type AvailabilityArgs, replacement, resolveAvailability, watchedProbes } from "../../../model/availability.ts";
import { messageOf } from "../../../model/error.ts";
import { scheduleName } from "../../../model/names.ts";
import { agentPort, readerAgentPort, variables } from "../../../model/ports.ts";
import type { InjectionEvent, Instance } from "../../../model/scenarios.ts";
import { type End, NotInjected, type PodView, type Stage } from "../../injections/scenario.ts";
import type { Schedule } from "../../scenario/api.ts";
import { epochSeconds } from "../../scenario/epoch.ts";
import type { KubeClient, KubeObject } from "../kube-client.ts";
import { ClusterObjects } from "./objects.ts";
import { type Change, changesOf, instanceOf, type PodWatch, unschedulable, viewOf, wasEvicted } from "./pod-watch.ts";
import type { SharedEvent } from "./shared-event.ts";

/** Which container of which Pod is an end of a topology. */
interface Container {
    component: string;
    container: string;
    port: number;
}
const ends: Record<string, Record<End, Container>> = {
    network: {
        initiator: { component: "sender", container: "sender", port: agentPort },
        responder: { component: "receiver", container: "receiver", port: agentPort },
    },
    volume: {
        initiator: { component: "shared-volume", container: "writer", port: agentPort },
        responder: { component: "shared-volume", container: "reader", port: readerAgentPort },
    },
};
/** Requests to agents take milliseconds; a cut network does not answer. */
const agentSeconds = 5;
/** How long a ready Pod may be out of reach. */
const reachSeconds = 20;
/** How long Pods may take to start, and to end. */
const startSeconds = 90;
const endSeconds = 60;

/** An instance with its Pods, from before they are started until they are gone. */
export class InstanceStage implements Stage {
    readonly instance: Instance;
    readonly signal: AbortSignal;
    readonly kube: ClusterObjects;
    /** Times are the driver's, in seconds since 1970. */
    readonly seen: (InjectionEvent & Change)[] = [];
    readonly #client: KubeClient;
    readonly #watch: PodWatch;
    readonly #event: SharedEvent | undefined;
    readonly #agent = new Agent({ pipelining: 0, connect: { timeout: agentSeconds * 1000 } });
    readonly #ignore: () => void;
    /** Uids of the Pods that have had an address since it was restored. */
    readonly #served: Record<End, Set<string>> = { initiator: new Set(), responder: new Set() };
    /** When each Pod of the responder was ready first, and when it began to end, since it was restored; by uid. */
    readonly replicas = new Map<string, { readySeconds: number; endSeconds?: number }>();

    /** @param event what several instances meet at once, if they do */
    constructor(instance: Instance, client: KubeClient, watch: PodWatch, signal: AbortSignal, event?: SharedEvent) {
        this.instance = instance;
        this.signal = signal;
        this.#client = client;
        this.kube = new ClusterObjects(instance, client, this.responderContainer);
        this.#watch = watch;
        this.#event = event;
        this.#ignore = watch.onChange((pod, before, isGone) => {
            if (instanceOf(pod) !== instance.name) return;
            for (const end of ["initiator", "responder"] as const)
                for (const { uid } of this.pods(end)) this.#served[end].add(uid);
            this.#noteReplicas();
            for (const change of changesOf(pod, before, isGone)) this.#see(change);
        });
    }

    /** Sets how an end's Pods are kept running, while there are none; a driver that died may have left it otherwise. */
    async configure(args: AvailabilityArgs, end: End = "responder"): Promise<void> {
        const availability = resolveAvailability(args);
        const { strategy } = replacement(availability);
        const inPod = (Object.entries(ends[this.instance.topology] ?? {}) as [End, Container][]).filter(
            ([, { component }]) => component === this.#end(end).component,
        );
        const patchOf = ([, { container, port }]: [End, Container]) => ({
            name: container,
            // A patch removes only what it says is null.
            ...{ readinessProbe: null, livenessProbe: null, lifecycle: null },
            ...watchedProbes(availability, port),
            env: [{ name: variables.drain, value: String(availability.drain) }],
        });
        const isSidecar = ([of]: [End, Container]) => of === "responder" && (this.instance.sidecar ?? false);
        const sidecars = inPod.filter(isSidecar).map(patchOf);
        const template = {
            spec: {
                terminationGracePeriodSeconds: availability.graceSeconds,
                ...(sidecars.length > 0 && { initContainers: sidecars }),
                containers: inPod.filter((one) => !isSidecar(one)).map(patchOf),
            },
        };
        const spec = { paused: false, strategy: { rollingUpdate: null, ...strategy }, template };
        if (end === "responder") await this.kube.patchResponder({ spec });
        else await this.kube.patchInitiator({ spec });
    }

    /**
     * Starts its Pods, and waits until they serve and can be reached: network plugins let nobody in to a new Pod for a moment.
     * @param replicas of the responder
     */
    async start(replicas = 1): Promise<void> {
        await this.scale(replicas);
        const ready = (end: End) => this.live(end).filter(({ isReady }) => isReady);
        await this.until(
            "ready Pods",
            () => ready("initiator").length > 0 && ready("responder").length >= replicas,
            startSeconds,
        );
        for (const end of ["initiator", "responder"] as const)
            for (const pod of ready(end)) await this.untilReached(end, pod);
    }

    /** @throws Error if the agent can't be reached for too long */
    async untilReached(end: End, pod: PodView): Promise<void> {
        const until = performance.now() + 1000 * reachSeconds;
        for (;;) {
            try {
                await this.agent(end, "GET", "/healthz", undefined, pod);
                return;
            } catch (error) {
                if (performance.now() > until) throw error;
                await this.wait(0.2);
            }
        }
    }

    /**
     * Why Pods are missing: what the scheduler says, or why no more are created, e.g. because of a quota.
     * @param wanted how many Pods there should be
     */
    async shortage(wanted: number): Promise<string | undefined> {
        const pods = this.#watch.of(this.instance.name);
        const unplaced = pods.flatMap((pod) => unschedulable(pod) ?? []);
        if (unplaced.length > 0 || pods.length >= wanted) return unplaced[0];
        const deployments = this.instance.deployments.map((name) => this.#client.get<Deployment>("deployments", name));
        const conditions = (await Promise.all(deployments)).flatMap((one) => one?.status?.conditions ?? []);
        return conditions.find(({ type, status }) => type === "ReplicaFailure" && status === "True")?.message;
    }

    /** Everything is as before the injection: no Pod, and nothing that was changed. Also after a driver that died. */
    async restore(): Promise<void> {
        await this.kube.restore();
        await this.scale(0);
        // Its Deployment doesn't remove a Pod that was evicted. A Role without the right to has never let it come to that.
        for (const name of this.evicted()) await this.kube.deletePod(name, 0);
        await this.until("no Pod any more", () => this.#watch.of(this.instance.name).length === 0, endSeconds);
        for (const served of Object.values(this.#served)) served.clear();
        this.replicas.clear();
    }

    /** The schedule for processes that start while it goes on. */
    async write(schedule: Schedule): Promise<void> {
        const name = scheduleName(this.instance.name);
        const data = { "schedule.json": JSON.stringify(schedule) };
        const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
        await this.#client.put<KubeObject>("configmaps", map);
    }

    /** @param senders replicas of a sender's Deployment */
    async scale(replicas: number, senders: number = Math.min(1, replicas)): Promise<void> {
        const { deployments } = this.instance;
        for (const [index, deployment] of deployments.entries()) {
            const isResponder = index === deployments.length - 1;
            const spec = { replicas: isResponder ? replicas : senders };
            await this.#client.patch("deployments", [deployment, "scale"], { spec });
        }
    }

    #noteReplicas(): void {
        const pods = this.live("responder");
        for (const { uid, isReady } of pods)
            if (isReady && !this.replicas.has(uid)) this.replicas.set(uid, { readySeconds: epochSeconds() });
        for (const [uid, replica] of this.replicas)
            if (pods.every((pod) => pod.uid !== uid)) replica.endSeconds ??= epochSeconds();
    }

    get responderContainer(): string {
        return this.#end("responder").container;
    }

    pod(end: End): PodView | undefined {
        return this.#viewsOf(end).findLast(({ isEnding }) => !isEnding);
    }

    pods(end: End): PodView[] {
        return this.#viewsOf(end).filter(({ ip }) => ip !== "");
    }

    live(end: End): PodView[] {
        return this.pods(end).filter(({ isEnding }) => !isEnding);
    }

    hasLost(end: End): boolean {
        const left = this.live(end);
        return [...this.#served[end]].some((served) => left.every(({ uid }) => uid !== served));
    }

    /** Without those that were evicted. */
    #viewsOf(end: End): PodView[] {
        const { component, container } = this.#end(end);
        return this.#watch
            .of(this.instance.name)
            .filter((pod) => pod.metadata.labels?.["app.kubernetes.io/component"] === component && !wasEvicted(pod))
            .map((pod) => viewOf(pod, container));
    }

    evicted(): string[] {
        return this.#watch
            .of(this.instance.name)
            .filter(wasEvicted)
            .map(({ metadata: { name } }) => name);
    }

    async until(what: string, holds: () => boolean, seconds: number): Promise<void> {
        const until = performance.now() + 1000 * seconds;
        while (!holds()) {
            if (performance.now() > until)
                throw new NotInjected(`${this.instance.name}: ${what} was not seen within ${seconds} s`);
            await this.wait(0.05);
        }
    }

    /** Waits for the other instances that meet the event, if it is theirs too. */
    async meet(): Promise<void> {
        await this.#event?.meet(this.instance.name, (seconds) => this.wait(seconds));
    }

    get apiServer(): Stage["apiServer"] {
        if (this.#event === undefined) throw new Error(`${this.instance.name}: no other instance meets its event`);
        return this.#event;
    }

    async wait(seconds: number): Promise<void> {
        await sleep(1000 * seconds, undefined, { signal: this.signal });
    }

    async agent<T>(
        end: End,
        method: "GET" | "PUT" | "POST" | "DELETE",
        path: string,
        body?: object,
        pod: PodView | undefined = this.pod(end),
    ): Promise<T> {
        const { ip = "" } = pod ?? {};
        if (ip === "") throw new Error(`${this.instance.name}: its ${end}'s Pod has no address`);
        const url = `http://${ip.includes(":") ? `[${ip}]` : ip}:${this.#end(end).port}${path}`;
        const seconds = AbortSignal.timeout(1000 * agentSeconds);
        const answer = await request(url, {
            method,
            dispatcher: this.#agent,
            signal: AbortSignal.any([this.signal, seconds]),
            ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
        });
        const text = await answer.body.text();
        if (answer.statusCode === 200) return JSON.parse(text) as T;
        throw new Error(`${method} ${url}: answered ${answer.statusCode} ${text.slice(0, 300)}`);
    }

    mark(what: string): void {
        this.#see({ what, isReaction: false });
    }

    #see(change: Change): void {
        this.seen.push({ atSeconds: epochSeconds(), ...change });
    }

    async close(): Promise<void> {
        this.#ignore();
        await this.#agent.destroy();
    }

    #end(end: End) {
        const found = ends[this.instance.topology]?.[end];
        if (found === undefined) throw new Error(`no scenario hurts the topology ${this.instance.topology}`);
        return found;
    }
}

interface Deployment extends KubeObject {
    status?: { conditions?: { type: string; status: string; message?: string }[] };
}

/** Why an injection failed, as its journal entry has it. */
export function reasonOf(error: unknown): string {
    return messageOf(error).slice(0, 500);
}
