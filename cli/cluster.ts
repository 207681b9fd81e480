import { ApiException, BatchV1Api, CoreV1Api, KubeConfig, StorageV1Api, VersionApi } from "@kubernetes/client-node";
import { Value } from "@sinclair/typebox/value";
import { jobName, kindLabel, planName, progressName, resultsName, runIdLabel } from "../report/names.ts";
import { parseBlock, parseResults } from "../report/parse.ts";
import { Plan } from "../report/plan.ts";
import { type Block, Progress, type Results } from "../report/schema.ts";
import { CommandError, exitCodes } from "./exit.ts";

/** How long a server may take to answer the first question. */
const answerSeconds = 10;

/** The cluster of one kubeconfig context, as far as the command needs it. */
export class Cluster {
    readonly context: string;
    readonly server: string;
    /** What else talks to this cluster needs. */
    readonly kubeConfig: KubeConfig;
    private readonly core: CoreV1Api;
    private readonly batch: BatchV1Api;
    private readonly storage: StorageV1Api;
    private readonly version: VersionApi;

    /**
     * @param context name of the kubeconfig context
     * @param kubeconfig path of the kubeconfig file; without it, where kubectl looks (KUBECONFIG, ~/.kube/config)
     * @throws CommandError (preflight) if there is no such context
     */
    constructor(context: string, kubeconfig: string | undefined) {
        const config = loadKubeConfig(kubeconfig);
        const names = config.getContexts().map(({ name }) => name);
        if (!names.includes(context)) {
            const known = names.length > 0 ? `known contexts: ${names.join(", ")}` : "there are no contexts in it";
            throw new CommandError(
                exitCodes.preflight,
                `Context "${context}" is not in ${kubeconfig ?? "the kubeconfig (KUBECONFIG or ~/.kube/config)"}; ${known}. Set kubernetes:context in the stack file`,
            );
        }
        config.setCurrentContext(context);
        this.context = context;
        this.kubeConfig = config;
        this.server = config.getCurrentCluster()?.server ?? "an unnamed server";
        this.core = config.makeApiClient(CoreV1Api);
        this.batch = config.makeApiClient(BatchV1Api);
        this.storage = config.makeApiClient(StorageV1Api);
        this.version = config.makeApiClient(VersionApi);
    }

    /**
     * Asks the server for its version.
     * @returns e.g. `v1.36.4`
     * @throws CommandError (preflight) if it doesn't answer within 10 s or refuses the credentials
     */
    async serverVersion(): Promise<string> {
        const late = AbortSignal.timeout(answerSeconds * 1000);
        const gaveUp = new Promise<never>((_resolve, reject) => {
            late.addEventListener("abort", () => reject(new Error(`no answer in ${answerSeconds} s`)));
        });
        try {
            return (await Promise.race([this.version.getCode(), gaveUp])).gitVersion;
        } catch (error) {
            throw new CommandError(
                exitCodes.preflight,
                `Context "${this.context}": ${this.server} can't be used (${reasonOf(error)}); check that the cluster runs and that your credentials are valid: kubectl --context ${this.context} version`,
                { cause: error },
            );
        }
    }

    /**
     * Refuses a namespace that is going away, or that another stack or person made.
     * @param stack owner that is expected, as the program writes it into the label `hopcost.io/stack`
     * @returns whether the namespace is there (and ours)
     * @throws CommandError (preflight)
     */
    async namespaceIsOurs(namespace: string, stack: string): Promise<boolean> {
        const found = await orUndefined(this.core.readNamespace({ name: namespace }));
        if (found === undefined) return false;
        const look = `look at it with: kubectl --context ${this.context} get all --namespace ${namespace}`;
        if (found.metadata?.deletionTimestamp) {
            throw new CommandError(
                exitCodes.preflight,
                `Namespace "${namespace}" in context "${this.context}" is being deleted since ${found.metadata.deletionTimestamp.toISOString()}; wait until it is gone, or ${look}`,
            );
        }
        const owner = found.metadata?.labels?.["hopcost.io/stack"];
        if (owner === stack) return true;
        throw new CommandError(
            exitCodes.preflight,
            `Namespace "${namespace}" in context "${this.context}" ${owner ? `belongs to the hopcost stack "${owner}"` : "was not made by hopcost"}; set hopcost:namespace to another name, or ${look}`,
        );
    }

    /**
     * Refuses a StorageClass that the cluster doesn't have: its claim would never be bound, and the Pod with it never run.
     * Where the classes may not be listed, nothing is refused.
     * @throws CommandError (preflight)
     */
    async hasStorageClass(name: string): Promise<void> {
        const found = await this.storage.listStorageClass().catch((error: unknown) => {
            if (error instanceof ApiException && error.code === 403) return undefined;
            throw error;
        });
        const known = found?.items.map(({ metadata }) => metadata?.name ?? "");
        if (known === undefined || known.includes(name)) return;
        throw new CommandError(
            exitCodes.preflight,
            `Context "${this.context}" has no StorageClass "${name}" (${known.length > 0 ? `it has ${known.join(", ")}` : "it has none"}); set hopcost:storageClass to one of its own, or leave it out: volume/pvc is then reported as unavailable`,
        );
    }

    /** What the driver is doing, or undefined while it has not said so. */
    async progress(namespace: string, runId: string): Promise<Progress | undefined> {
        const found = await orUndefined(this.core.readNamespacedConfigMap({ namespace, name: progressName(runId) }));
        const text = found?.data?.["progress.json"];
        if (text === undefined) return undefined;
        const progress: unknown = JSON.parse(text);
        return Value.Check(Progress, progress) ? progress : undefined;
    }

    /** The plan of a run as its driver got it, or undefined where the run did not come so far. */
    async plan(namespace: string, runId: string): Promise<Plan | undefined> {
        const found = await orUndefined(this.core.readNamespacedConfigMap({ namespace, name: planName(runId) }));
        return found && Value.Parse(Plan, JSON.parse(found.data?.["plan.json"] ?? ""));
    }

    /** The exit code of the driver, or undefined where it has not ended or is gone. */
    async driverExitCode(namespace: string, runId: string): Promise<number | undefined> {
        const labelSelector = `job-name=${jobName(runId)}`;
        const { items } = await this.core.listNamespacedPod({ namespace, labelSelector });
        return items[0]?.status?.containerStatuses?.[0]?.state?.terminated?.exitCode;
    }

    /** The journal of a run: every finished block, in order, and what was unreadable as warnings. */
    async journal(namespace: string, runId: string): Promise<{ blocks: Block[]; warnings: string[] }> {
        const labelSelector = `${runIdLabel}=${runId},${kindLabel}=block`;
        const { items } = await this.core.listNamespacedConfigMap({ namespace, labelSelector });
        const blocks: Block[] = [];
        const warnings: string[] = [];
        for (const { metadata, data } of items) {
            try {
                blocks.push(parseBlock(data?.["block.json"] ?? "", data?.sha256 ?? ""));
            } catch (error) {
                warnings.push(`${metadata?.name}: ${reasonOf(error)}`);
            }
        }
        return { blocks: blocks.sort((a, b) => a.index - b.index), warnings };
    }

    /** The results the driver wrote, or undefined where it wrote none. */
    async results(namespace: string, runId: string): Promise<Results | undefined> {
        const found = await orUndefined(this.core.readNamespacedConfigMap({ namespace, name: resultsName(runId) }));
        if (found === undefined) return undefined;
        return parseResults(found.data?.["results.json"] ?? "", { runId, sha256: found.data?.sha256 ?? "" });
    }

    /** Deletes the Job of a run, so that its driver ends and says how far it came; waits up to 15 s for that. */
    async stopDriver(namespace: string, runId: string): Promise<void> {
        await orUndefined(
            this.batch.deleteNamespacedJob({ namespace, name: jobName(runId), propagationPolicy: "Foreground" }),
        );
        const labelSelector = `job-name=${jobName(runId)}`;
        const deadline = performance.now() + 15_000;
        while (performance.now() < deadline) {
            const { items } = await this.core.listNamespacedPod({ namespace, labelSelector });
            if (items.length === 0) return;
            await new Promise((resolve) => setTimeout(resolve, 250));
        }
    }

    /**
     * Why the measured Pods of a namespace are not running, in the words of the scheduler and the kubelet. The driver's is
     * not among them, since it says itself why it ended, nor the far receiver's, which a cluster of one node can't place.
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

/** Names of the contexts in the user's kubeconfig; empty where there is none. */
export function knownContexts(): string[] {
    try {
        return loadKubeConfig(undefined)
            .getContexts()
            .map(({ name }) => name)
            .filter((name) => name !== "loaded-context"); // the library's stand-in where there is no file
    } catch {
        return []; // an unreadable kubeconfig holds no context that could be proposed
    }
}

function loadKubeConfig(path: string | undefined): KubeConfig {
    const config = new KubeConfig();
    try {
        if (path === undefined) config.loadFromDefault();
        else config.loadFromFile(path);
    } catch (error) {
        throw new CommandError(
            exitCodes.preflight,
            `Kubeconfig ${path ?? "(KUBECONFIG or ~/.kube/config)"} can't be read (${reasonOf(error)}); correct kubernetes:kubeconfig in the stack file`,
            { cause: error },
        );
    }
    return config;
}

async function orUndefined<T>(request: Promise<T>): Promise<T | undefined> {
    try {
        return await request;
    } catch (error) {
        if (error instanceof ApiException && error.code === 404) return undefined;
        throw error;
    }
}

/** What went wrong in a request, in a few words. */
export function reasonOf(error: unknown): string {
    if (error instanceof ApiException) return `HTTP ${error.code}`;
    if (!(error instanceof Error)) return String(error);
    return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
