import { setTimeout as sleep } from "node:timers/promises";
import { partOfHopcost } from "../../../model/names.ts";
import type { PodView } from "../../injections/scenario.ts";
import type { KubeClient, KubeObject } from "../kube-client.ts";

/** The parts of a Pod that injections look at. */
export interface Pod extends KubeObject {
    metadata: KubeObject["metadata"] & { uid: string; creationTimestamp?: string; deletionTimestamp?: string };
    spec?: { nodeName?: string };
    status?: {
        phase?: string;
        reason?: string;
        podIP?: string;
        conditions?: { type: string; status: string; reason?: string; message?: string }[];
        containerStatuses?: ContainerStatus[];
        /** With those of native sidecars. */
        initContainerStatuses?: ContainerStatus[];
    };
}

interface ContainerStatus {
    name: string;
    restartCount: number;
    state?: { running?: object; waiting?: { reason?: string } };
    lastState?: { terminated?: { reason?: string; exitCode?: number } };
}

/** Called with a Pod that changed, and with how it was before. */
export type OnChange = (pod: Pod, before: Pod | undefined, isGone: boolean) => void;

/** Waits before the watch is repeated after it failed. */
const repeatMs = 500;
/** From the answer to a watch until what exists was listed. */
const listMs = 1000;

/** All Pods of hopcost in the namespace, as one watch reports them. It goes on when the API server comes back. */
export class PodWatch {
    readonly #pods = new Map<string, Pod>();
    readonly #listeners = new Set<OnChange>();
    readonly #stopping = new AbortController();
    readonly #done: Promise<void>;

    constructor(kube: KubeClient) {
        this.#done = this.#watch(kube);
    }

    /** The Pods of an instance, oldest first. */
    of(instance: string): Pod[] {
        return [...this.#pods.values()].filter((pod) => instanceOf(pod) === instance).sort(byAge);
    }

    /** @returns ends it */
    onChange(listener: OnChange): () => void {
        this.#listeners.add(listener);
        return () => void this.#listeners.delete(listener);
    }

    async close(): Promise<void> {
        this.#stopping.abort();
        await this.#done;
    }

    async #watch(kube: KubeClient): Promise<void> {
        const { signal } = this.#stopping;
        while (!signal.aborted) {
            const seen = new Set<string>();
            let isListed = false;
            let forget: NodeJS.Timeout | undefined;
            const opened = () => {
                forget = setTimeout(() => {
                    // What the new watch did not list has gone meanwhile.
                    isListed = true;
                    for (const [uid, pod] of this.#pods) if (!seen.has(uid)) this.#changed(pod, true);
                }, listMs);
            };
            try {
                for await (const { type, object } of kube.watch<Pod>("pods", partOfHopcost, signal, opened)) {
                    if (type === "ERROR") break;
                    if (type === "BOOKMARK") continue;
                    if (!isListed) seen.add(object.metadata.uid);
                    this.#changed(object, type === "DELETED");
                }
            } catch {
                // The API server is away, or the run is over.
            } finally {
                clearTimeout(forget);
            }
            await sleep(repeatMs, undefined, { signal }).catch(() => {});
        }
    }

    #changed(pod: Pod, isGone: boolean): void {
        const { uid } = pod.metadata;
        const before = this.#pods.get(uid);
        if (isGone) this.#pods.delete(uid);
        else this.#pods.set(uid, pod);
        for (const listener of this.#listeners) listener(pod, before, isGone);
    }
}

/** The component instance that a Pod belongs to. */
export function instanceOf({ metadata: { labels = {} } }: Pod): string | undefined {
    return labels["app.kubernetes.io/instance"];
}

/** @param container its name, e.g. `receiver` */
export function viewOf(pod: Pod, container: string): PodView {
    const { metadata, status = {} } = pod;
    const own = statusesOf(pod).find(({ name }) => name === container);
    const { terminated } = own?.lastState ?? {};
    return {
        name: metadata.name,
        uid: metadata.uid,
        ip: status.podIP ?? "",
        node: pod.spec?.nodeName ?? "",
        version: metadata.labels?.["pod-template-hash"] ?? "",
        isReady: conditionOf(pod, "Ready") === "True",
        isEnding: isEnding(pod) || wasEvicted(pod),
        restarts: own?.restartCount ?? 0,
        lastEnd: terminated && { reason: terminated.reason ?? "", exitCode: terminated.exitCode ?? -1 },
    };
}

/** What people see of a Pod that changed. */
export interface Change {
    /** e.g. `receiver not ready`, `receiver restarted (1)`. */
    what: string;
    /** Whether Kubernetes shows by it that something is wrong, or does something about it. */
    isReaction: boolean;
}

/** The changes of a Pod since `before`. */
export function changesOf(pod: Pod, before: Pod | undefined, isGone: boolean): Change[] {
    const part = pod.metadata.labels?.["app.kubernetes.io/component"] ?? pod.metadata.name;
    if (isGone) return [reaction(`${part} gone`)];
    if (before === undefined) return [reaction(`${part} created`)];
    const changed = <T>(read: (pod: Pod) => T, say: (now: T) => Change | undefined): Change[] => {
        const now = read(pod);
        const said = now === read(before) ? undefined : say(now);
        return said === undefined ? [] : [said];
    };
    const containers = statusesOf(pod).map(({ name }) => name);
    const statusOf = (pod: Pod, container: string) => statusesOf(pod).find(({ name }) => name === container);
    return [
        ...changed(isEnding, () => reaction(`${part} ending`)),
        ...changed(
            (pod) => conditionOf(pod, "PodScheduled"),
            (now) => (now === "True" ? step(`${part} scheduled`) : undefined),
        ),
        ...containers.flatMap((container) => [
            ...changed(
                (pod) => statusOf(pod, container)?.restartCount ?? 0,
                (now) => reaction(`${container} restarted (${now})`),
            ),
            ...changed(
                (pod) => statusOf(pod, container)?.state?.running !== undefined,
                (now) => (now ? step(`${container} running`) : reaction(`${container} not running`)),
            ),
        ]),
        ...changed(
            (pod) => conditionOf(pod, "Ready"),
            (now) => (now === "True" ? step(`${part} ready`) : reaction(`${part} not ready`)),
        ),
        ...changed(
            // One that is deleted also ends as if it had done its work.
            (pod) => (wasEvicted(pod) && !isEnding(pod) ? (pod.status?.reason ?? "evicted") : undefined),
            (now) => (now === undefined ? undefined : reaction(`${part} ${now.toLowerCase()}`)),
        ),
    ];
}

function statusesOf({ status = {} }: Pod): ContainerStatus[] {
    return [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
}

function reaction(what: string): Change {
    return { what, isReaction: true };
}

/** A step of a Pod's start. */
function step(what: string): Change {
    return { what, isReaction: false };
}

function isEnding({ metadata }: Pod): boolean {
    return metadata.deletionTimestamp !== undefined;
}

/**
 * Whether it was evicted: its containers, which are always restarted otherwise, have ended for good, but its object stays. If
 * they exited with 0 at the SIGTERM, the kubelet calls that Pod `Succeeded`, and gives no reason.
 */
export function wasEvicted({ status }: Pod): boolean {
    return status?.phase === "Failed" || status?.phase === "Succeeded";
}

/** Why the scheduler finds no node for it, in the first sentence of its words; undefined if it has one, or was not looked at yet. */
export function unschedulable({ status }: Pod): string | undefined {
    const placed = status?.conditions?.find(({ type }) => type === "PodScheduled");
    const words = placed?.message ?? placed?.reason ?? "no node takes it";
    return placed?.status === "False" ? words.split(/\.( |$)/)[0] : undefined;
}

function conditionOf({ status }: Pod, type: string): string | undefined {
    return status?.conditions?.find((condition) => condition.type === type)?.status;
}

function byAge(one: Pod, other: Pod): number {
    return (one.metadata.creationTimestamp ?? "") < (other.metadata.creationTimestamp ?? "") ? -1 : 1;
}
