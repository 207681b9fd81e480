import type { Volume } from "../../model/arms.ts";
import type { AvailabilityArgs } from "../../model/availability.ts";
import type { Rule } from "../../model/driver-rules.ts";
import type { Expectation, Instance } from "../../model/scenarios.ts";

/** The topologies that scenarios hurt. */
export const hurtTopologies = ["network", "volume"] as const;
export type HurtTopology = (typeof hurtTopologies)[number];

/** What happens, as `hopcost:scenarios` groups it. */
export type Group = "failures" | "rollouts" | "scaling";

/** How far apart instances begin, in seconds: Pods that start at once take each other's CPU. */
export const apartSeconds = 2.5;

/** A load that is higher for a while, and the autoscaler that follows it. */
export interface Surge {
    /** How long the use of CPU is measured before any message, then at the higher rate, and then at the usual one. */
    idleSeconds: number;
    higherSeconds: number;
    usualSeconds: number;
    /** How long the autoscaler is there before the load rises. */
    knownSeconds: number;
    /** How many times as high it is as the usual one, which is so much lower than in other scenarios; and for how long. */
    factor: number;
    seconds: number;
    /** How long it is watched after the load is back. */
    calmSeconds: number;
    /** Most Pods that the autoscaler may ask for. */
    mostReplicas: number;
    /** How long it must have wanted fewer Pods before it removes one. */
    stabilizationSeconds: number;
}

/** One scenario: what it does, how it is undone, what shows that it happened, and what theory expects. */
export interface Scenario {
    /** With its variant if the scenario has several: `delete-pod/grace-0`. */
    name: string;
    group: Group;
    /** For docs and `--help`; e.g. `SIGKILL of the responder's process, which ends its container`. */
    does: string;
    /** The event comes at a random moment of this many seconds: the longest control loop that reacts. */
    phaseSeconds: number;
    /** How long it is watched after the event, at most. */
    watchSeconds: number;
    /**
     * What it adds to the time that an injection takes without any effect: the mean over both topologies, as measured in the
     * sandbox. Only to say beforehand how long a run takes.
     */
    usualSeconds: number;
    /**
     * Injections into each topology at most, however many a run has: for what takes minutes, and for the cells of a matrix.
     * @default no limit
     */
    mostInjections?: number;
    /** Whether the event is the start of the Pods; then nothing runs before it. @default false */
    startsEmpty?: boolean;
    /** The shared volume that messages pass. @default "main" */
    volume?: Volume;
    /** How the responder's Pods are kept running. @default {@link hurtAvailability} */
    availability?: AvailabilityArgs;
    /**
     * Pods of the responder before the event, and the most at any time, if there are several. Then each Pod with a shared
     * volume has a load of its own, whose messages count by themselves, and it is recorded how many messages each Pod
     * receives. @default always one: Pods only replace each other, and a message counts as delivered if one of them has it
     * `instances`: how many instances of each topology can do it at once; many Pods that start take each other's CPU, and that of
     * others. @default 1
     */
    replicas?: { before: number; most: number; instances?: number };
    /** Whether the reader must be a native sidecar of the writer. @default false */
    sidecar?: boolean;
    /** Whether the initiator's Pod is kept running and rolled out like the responder's; only in a pair. @default false */
    rollsInitiator?: boolean;
    /** Whether it needs a PodDisruptionBudget. @default false */
    needsBudget?: boolean;
    /** How the load changes at the event; an autoscaler is there from before it until the injection ends. @default not at all */
    surge?: Surge;
    /** Whether its event is the cluster's, so that it meets every instance at once. @default false */
    meetsAll?: boolean;
    /** Whether no other injection goes on meanwhile: its figures are about the machines. @default false */
    isAlone?: boolean;
    /** So many pairs at once are measured, each number in turn, instead of an event: `inject` does nothing. @default none */
    pairs?: readonly number[];
    /** What theory expects on each topology that it can be done to; it is done to no other. */
    expects: Partial<Record<HurtTopology, Pick<Expectation, "text" | "bounds">>>;
    /** What the driver's Role needs for it, besides what every scenario needs. */
    rules: readonly Rule[];
    /**
     * Does the whole event, and undoes it. If it is aborted, it undoes what it did.
     * @returns what shows that it happened
     * @throws NotInjected if that can't be shown, or it did not happen
     * @throws Impossible if this cluster can't do it
     */
    inject(stage: Stage): Promise<string>;
}

/** The event did not happen: the injection is void. */
export class NotInjected extends Error {
    override name = "NotInjected";
}

/** This cluster can't do it: the injection is skipped. */
export class Impossible extends Error {
    override name = "Impossible";
}

/** The machine is too busy for an injection, which is made again later; nothing was injected. */
export class TooBusy extends Error {
    override name = "TooBusy";
}

/** Which Pod of an instance; in a Pod that shares a volume both are the same. */
export type End = "initiator" | "responder";

/** What an injection sees of a Pod. */
export interface PodView {
    name: string;
    uid: string;
    ip: string;
    /** Its node; empty while it has none. */
    node: string;
    /** Of its template: the same for all Pods of a version. */
    version: string;
    isReady: boolean;
    /** Whether it is being deleted, or was evicted. */
    isEnding: boolean;
    /** Of the end's container. */
    restarts: number;
    /** How its last container ended; undefined if it has not been restarted. */
    lastEnd: { reason: string; exitCode: number } | undefined;
}

/** What an injection works on: one instance, whose Pods serve. */
export interface Stage {
    instance: Instance;
    /** Name of the responder's container. */
    responderContainer: string;
    /** Aborted if the run is stopped. */
    signal: AbortSignal;
    /** The newest Pod of an end that is not ending; undefined if there is none. */
    pod(end: End): PodView | undefined;
    /** All Pods of an end that have an address, oldest first; also those that are ending, but not those that were evicted. */
    pods(end: End): PodView[];
    /** Those of {@link pods} that are not ending. */
    live(end: End): PodView[];
    /** Whether a Pod of an end that was there is there no more, or is ending. */
    hasLost(end: End): boolean;
    /** Names of its Pods that were evicted. */
    evicted(): string[];
    /** Waits until the Pods show something. @throws NotInjected that it was not seen within so many seconds */
    until(what: string, holds: () => boolean, seconds: number): Promise<void>;
    wait(seconds: number): Promise<void>;
    /** Creates or removes Pods. @param replicas of the responder's Deployment; a sender's has one, or none with 0 */
    scale(replicas: number): Promise<void>;
    /**
     * Calls an agent's `/scenario/...`; see workloads/scenario/api.ts.
     * @param pod whose agent it is. @default that of {@link pod}
     * @throws Error if it does not answer in 5 s
     */
    agent<T>(
        end: End,
        method: "GET" | "PUT" | "POST" | "DELETE",
        path: string,
        body?: object,
        pod?: PodView,
    ): Promise<T>;
    kube: InstanceObjects;
    /** The cluster's API server; only for scenarios that meet all instances, which share one outage. */
    apiServer: {
        /** Asks for an outage of so many seconds, and waits until it begins. @throws Impossible if nobody stops it */
        goDown(seconds: number): Promise<void>;
        /** Waits until the outage is over. @returns for how many seconds it did not answer @throws NotInjected if it is not */
        comeBack(): Promise<number>;
    };
    /** Puts something on the time line, e.g. `partition ends`. */
    mark(what: string): void;
}

/** What an injection does to the objects of an instance. */
export interface InstanceObjects {
    /** A strategic merge patch of the Deployment that has the responder. */
    patchResponder(patch: object): Promise<void>;
    /** The same of the one that has the initiator; in a Pod that shares a volume it is the same Deployment. */
    patchInitiator(patch: object): Promise<void>;
    deletePod(name: string, graceSeconds: number): Promise<void>;
    labelPod(name: string, labels: Record<string, string>): Promise<void>;
    /** @returns why it is refused at the moment; undefined if it is not */
    evictPod(name: string): Promise<string | undefined>;
    /** Pods that the PodDisruptionBudget must leave. */
    setMinAvailable(budget: string, pods: number): Promise<void>;
    /** Evictions that it would allow now; undefined while nobody has counted. */
    disruptionsAllowed(budget: string): Promise<number | undefined>;
    /** A merge patch. */
    patchNetworkPolicy(name: string, patch: object): Promise<void>;
    readNetworkPolicy(name: string): Promise<{ spec: object }>;
    /**
     * Creates an autoscaler of the responder's Deployment.
     * @param targetCores mean CPU of the responder's containers that it aims at
     * @throws Impossible if the cluster refuses it
     */
    createAutoscaler(surge: Surge, targetCores: number): Promise<void>;
    /** What it asks for, and its complaints; undefined if there is none. */
    readAutoscaler(): Promise<{ wanted: number; complaints: string[] } | undefined>;
    deleteAutoscaler(): Promise<void>;
    /** A strategic merge patch of `pods/resize`. */
    resizePod(name: string, patch: object): Promise<void>;
}
