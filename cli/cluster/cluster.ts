import { ApiException, BatchV1Api, CoreV1Api, type V1Pod, VersionApi } from "@kubernetes/client-node";
import { Value } from "@sinclair/typebox/value";
import { type EntryKind, type EntryOf, entryKinds, readEntry } from "../../model/journal.ts";
import { jobName, kindLabel, planName, progressName, resultsName, runIdLabel } from "../../model/names.ts";
import { parsePlan, parseResults } from "../../model/parse.ts";
import type { Plan } from "../../model/plan.ts";
import { Progress } from "../../model/progress.ts";
import type { Results } from "../../model/results.ts";
import type { Injection } from "../../model/scenarios.ts";
import type { Trial } from "../../model/trial.ts";
import type { KubectlConfig } from "./kube-user.ts";

/** The cluster of one kubeconfig context, as far as the command needs it. */
export class Cluster {
    readonly context: string;
    /** Path of the kubeconfig file; undefined if it is kubectl's default. */
    readonly kubeconfig: string | undefined;
    readonly server: string;
    /** For other clients of this cluster. */
    readonly kubeConfig: KubectlConfig;
    private readonly core: CoreV1Api;
    private readonly batch: BatchV1Api;

    /**
     * @param context name of the kubeconfig context; must exist
     * @param kubeconfig path of the kubeconfig file; without it, where kubectl looks (KUBECONFIG, ~/.kube/config)
     */
    constructor(config: KubectlConfig, context: string, kubeconfig: string | undefined) {
        config.setCurrentContext(context);
        this.context = context;
        this.kubeconfig = kubeconfig;
        this.kubeConfig = config;
        this.server = config.getCurrentCluster()?.server ?? "an unnamed server";
        this.core = config.makeApiClient(CoreV1Api);
        this.batch = config.makeApiClient(BatchV1Api);
    }

    /** What the driver is doing, or undefined while it has not reported anything. */
    async progress(namespace: string, runId: string): Promise<Progress | undefined> {
        const found = await orUndefined(this.core.readNamespacedConfigMap({ namespace, name: progressName(runId) }));
        const text = found?.data?.["progress.json"];
        if (text === undefined) return undefined;
        const progress: unknown = JSON.parse(text);
        return Value.Check(Progress, progress) ? progress : undefined;
    }

    /** The plan of a run as its driver got it, or undefined if the run did not get that far. */
    async plan(namespace: string, runId: string): Promise<Plan | undefined> {
        const found = await orUndefined(this.core.readNamespacedConfigMap({ namespace, name: planName(runId) }));
        return found && parsePlan(found.data?.["plan.json"] ?? "", { source: `ConfigMap ${planName(runId)}`, runId });
    }

    /** How the driver ended, or undefined if it has not or is gone. @returns its exit code and its last words, if any */
    async driverEnd(namespace: string, runId: string): Promise<{ exitCode: number; message?: string } | undefined> {
        const [driver] = await this.driverPods(namespace, runId);
        const { exitCode, message } = driver?.status?.containerStatuses?.[0]?.state?.terminated ?? {};
        return exitCode === undefined ? undefined : { exitCode, ...(message && { message: message.trim() }) };
    }

    /** The journal of a run: every finished trial and injection, in order, and a warning for each that is unreadable. */
    async journal(
        namespace: string,
        runId: string,
    ): Promise<{ trials: Trial[]; injections: Injection[]; warnings: string[] }> {
        const warnings: string[] = [];
        const entries = async <K extends EntryKind>(kind: K): Promise<EntryOf<K>[]> => {
            const labelSelector = `${runIdLabel}=${runId},${kindLabel}=${kind}`;
            const { items } = await this.core.listNamespacedConfigMap({ namespace, labelSelector });
            const found: EntryOf<K>[] = [];
            for (const { metadata, data } of items) {
                try {
                    found.push(readEntry(kind, data));
                } catch (error) {
                    warnings.push(`${metadata?.name}: ${reasonOf(error)}`);
                }
            }
            return found.sort((a, b) => a.index - b.index);
        };
        const trials = await entries("trial");
        return { trials, injections: await entries("injection"), warnings };
    }

    /** One entry of the journal, or undefined if there is none yet. @throws Error if it is unreadable */
    async entry<K extends EntryKind>(
        kind: K,
        namespace: string,
        runId: string,
        index: number,
    ): Promise<EntryOf<K> | undefined> {
        const name = entryKinds[kind].nameOf(runId, index);
        const found = await orUndefined(this.core.readNamespacedConfigMap({ namespace, name }));
        return found && readEntry(kind, found.data);
    }

    /** Why the node of a run's driver can't go on, in the words of Kubernetes; undefined if it can, or nobody may know. */
    async driverNodeTrouble(namespace: string, runId: string): Promise<string | undefined> {
        const [driver] = await this.driverPods(namespace, runId);
        const name = driver?.spec?.nodeName;
        return name === undefined ? "its Pod is gone" : await this.unreadiness(name);
    }

    /** The same for the first node that has Pods of a namespace and can't go on. */
    async nodeTrouble(namespace: string): Promise<string | undefined> {
        const { items } = await this.core.listNamespacedPod({ namespace });
        const names = new Set(items.flatMap(({ spec }) => spec?.nodeName ?? []));
        const troubles = await Promise.all([...names].map((name) => this.unreadiness(name)));
        return troubles.find((trouble) => trouble !== undefined);
    }

    private async unreadiness(name: string): Promise<string | undefined> {
        const node = await unlessRefused(this.core.readNode({ name })); // not everybody may know
        const ready = node?.status?.conditions?.find(({ type }) => type === "Ready");
        if (ready === undefined || ready.status === "True") return undefined;
        return `node ${name} is not ready (${ready.message ?? ready.reason})`;
    }

    /** Whether the API server answers in time, whatever it says. */
    async isAnswering(): Promise<boolean> {
        return await answerInTime(this.kubeConfig.makeApiClient(VersionApi).getCode()).then(() => true, isAnswer);
    }

    /** The results the driver wrote, or undefined if it wrote none. */
    async results(namespace: string, runId: string): Promise<Results | undefined> {
        const found = await orUndefined(this.core.readNamespacedConfigMap({ namespace, name: resultsName(runId) }));
        if (found === undefined) return undefined;
        return parseResults(found.data?.["results.json"] ?? "", { runId, sha256: found.data?.sha256 ?? "" });
    }

    /** Deletes the Job of a run, so that its driver ends and writes how far it got; waits up to 15 s for that. */
    async stopDriver(namespace: string, runId: string): Promise<void> {
        await orUndefined(
            this.batch.deleteNamespacedJob({ namespace, name: jobName(runId), propagationPolicy: "Foreground" }),
        );
        const deadline = performance.now() + 15_000;
        while (performance.now() < deadline) {
            if ((await this.driverPods(namespace, runId)).length === 0) return;
            await new Promise((resolve) => setTimeout(resolve, 250));
        }
    }

    private async driverPods(namespace: string, runId: string): Promise<V1Pod[]> {
        const labelSelector = `job-name=${jobName(runId)}`;
        return (await this.core.listNamespacedPod({ namespace, labelSelector })).items;
    }

    /**
     * Why the measured Pods of a namespace are not running, in the words of the scheduler and the kubelet. Without the
     * driver, which reports itself why it ended, and the far receiver, which a one-node cluster can't place.
     */
    async podTroubles(namespace: string): Promise<string[]> {
        const { items } = await this.core.listNamespacedPod({
            namespace,
            labelSelector: "!job-name,app.kubernetes.io/component!=far-receiver",
        });
        return items.flatMap((pod) => {
            const name = pod.metadata?.name;
            const where = pod.spec?.nodeName ? ` on node ${pod.spec.nodeName}` : "";
            const unscheduled = pod.status?.conditions?.find(
                (it) => it.type === "PodScheduled" && it.status === "False",
            );
            if (unscheduled) return [`Pod ${name} is not scheduled: ${unscheduled.message}`];
            if (pod.status?.reason) return [`Pod ${name}${where}: ${pod.status.reason}: ${pod.status.message}`];
            return (pod.status?.containerStatuses ?? []).flatMap(({ name: container, state }) => {
                const trouble = state?.waiting ?? (state?.terminated?.exitCode ? state.terminated : undefined);
                if (!trouble?.reason || trouble.reason === "ContainerCreating") return [];
                return [
                    `Pod ${name}, container ${container}${where}: ${trouble.reason}: ${trouble.message ?? "no message"}`,
                ];
            });
        });
    }
}

async function orUndefined<T>(request: Promise<T>): Promise<T | undefined> {
    try {
        return await request;
    } catch (error) {
        if (error instanceof ApiException && error.code === 404) return undefined;
        throw error;
    }
}

/** The answer to a request; undefined if the server refuses it, for whatever reason. */
export async function unlessRefused<T>(request: Promise<T>): Promise<T | undefined> {
    try {
        return await request;
    } catch (error) {
        if (isAnswer(error)) return undefined;
        throw error;
    }
}

/** The answer to a request. @throws Error if there is none in time, by default within 5 s */
export async function answerInTime<T>(request: Promise<T>, seconds = 5): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`no answer in ${seconds} s`)), seconds * 1000);
    try {
        return await Promise.race([request, promise]);
    } finally {
        clearTimeout(timer);
    }
}

/** Whether a request failed with an answer of the server, not without one. */
export function isAnswer(error: unknown): boolean {
    return error instanceof ApiException;
}

/** Why a request failed, in a few words. */
export function reasonOf(error: unknown): string {
    if (error instanceof ApiException) return `HTTP ${error.code}`;
    if (!(error instanceof Error)) return String(error);
    return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
