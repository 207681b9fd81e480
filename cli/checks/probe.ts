import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiException, BatchV1Api, CoreV1Api } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import { type Cluster, reasonOf } from "../cluster/cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { failure, type Outcome, warning } from "./check.ts";
import { inTime, isTimeout } from "./in-time.ts";
import { type Allowed, permissionText, probePermissions } from "./permissions.ts";
import { podName, probeJob, probeNamespace, probePrefix, probeProgress, waitedOutcome } from "./probe-pod.ts";

const pollMs = 150;
/** The deadlines of a probe: for looking and for cleaning up. */
export interface ProbeTime {
    /** Aborted when looking must end, and by Ctrl-C. */
    looking: AbortSignal;
    /** Aborted only when deleting must end. */
    deleting: AbortSignal;
}

/** Why a probe can't run; undefined if it can. */
export function probeForbidden(config: HopcostConfig, allowed: Allowed): Outcome | undefined {
    const missing = probePermissions(config).filter((it) => !allowed(it));
    if (missing.length === 0) return undefined;
    const texts = missing.map((it) => permissionText(it, "")).join(", ");
    return warning(
        `Not tried: you aren't allowed to ${texts}`,
        "ask for that permission; otherwise a run finds out what the probe would",
    );
}

/**
 * Runs one Pod of the configured image in its own namespace: whether it starts, and whether file events arrive on its shared
 * volume. The namespace is deleted whatever happens.
 * @throws the reason of `looking` if that is not a timeout (Ctrl-C), after deleting everything
 */
export async function probe(cluster: Cluster, config: HopcostConfig, time: ProbeTime): Promise<Outcome> {
    const core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    const name = `${probePrefix}${randomBytes(4).toString("hex")}`;
    let outcome: Outcome | undefined;
    let remains: string | undefined;
    try {
        outcome = await observe(cluster, name, config, time.looking);
    } finally {
        remains = await remove(core, name, time.deleting);
        const command = `${kubectl(config)} delete namespace ${name}`;
        // After Ctrl-C there is no outcome that could report it.
        if (remains !== undefined && outcome === undefined) console.error(`hopcost: ${remains}; ${command}`);
        if (remains !== undefined && outcome !== undefined) outcome = unclean(outcome, remains, command);
    }
    return outcome;
}

/** Adds to a probe's outcome that its namespace still exists. */
export function unclean(outcome: Outcome, remains: string, command: string): Outcome {
    const { state, remedy } = outcome;
    const detail = `${outcome.detail}; ${remains}`;
    const next = `delete it with: ${command}`;
    return { state: state === "ok" ? "warning" : state, detail, remedy: remedy ? `${remedy}, and ${next}` : next };
}

/** Creates the Job and waits for the outcome of its Pod. */
async function observe(cluster: Cluster, name: string, config: HopcostConfig, signal: AbortSignal): Promise<Outcome> {
    const core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    const began = performance.now();
    let waiting = "not created";
    try {
        await inTime(core.createNamespace({ body: probeNamespace(name) }), signal);
        const secrets = await copyPullSecret(core, name, config, signal);
        const batch = cluster.kubeConfig.makeApiClient(BatchV1Api);
        await inTime(batch.createNamespacedJob({ namespace: name, body: probeJob(config, secrets) }), signal);
        for (;;) {
            const { items } = await inTime(core.listNamespacedPod({ namespace: name }), signal);
            const progress =
                items[0] === undefined ? await podless(core, name, signal) : probeProgress(config, items[0]);
            if ("state" in progress) return progress;
            waiting = progress.waiting;
            await sleep(pollMs, undefined, { signal });
        }
    } catch (error) {
        if (signal.aborted) {
            if (!isTimeout(signal)) throw signal.reason;
            return waitedOutcome(config, waiting, Math.round((performance.now() - began) / 1000));
        }
        return failure(
            `The probe Pod can't be created in namespace ${name} (${refusalOf(error)})`,
            "check what rejects it: quotas, admission webhooks or policies of the cluster",
        );
    }
}

/** Copies the Secret with which images are pulled, as a run does. @returns the names of the copies: one or none */
async function copyPullSecret(
    core: CoreV1Api,
    namespace: string,
    { imagePullSecret }: HopcostConfig,
    signal: AbortSignal,
): Promise<string[]> {
    if (imagePullSecret === undefined) return [];
    const { data = {}, type = "Opaque" } = await inTime(core.readNamespacedSecret(imagePullSecret), signal);
    const body = { metadata: { name: "image-pull" }, type, data };
    await inTime(core.createNamespacedSecret({ namespace, body }), signal);
    return ["image-pull"];
}

/** Why the Job has no Pod: the cluster refuses it, or it takes a moment. */
async function podless(
    core: CoreV1Api,
    namespace: string,
    signal: AbortSignal,
): Promise<Outcome | { waiting: string }> {
    const { items } = await inTime(core.listNamespacedEvent({ namespace }), signal);
    const refused = items.find(
        ({ reason, involvedObject }) => reason === "FailedCreate" && involvedObject.name === podName,
    );
    // The ServiceAccount of a new namespace is a moment late, and the controller tries again.
    if (refused?.message === undefined || /serviceaccount "default" not found/.test(refused.message)) {
        return { waiting: "not created" };
    }
    return failure(
        `The cluster refuses the probe Pod: ${refused.message}`,
        "check what rejects it: quotas, admission webhooks or policies of the cluster; on OpenShift, set hopcost:userIds to cluster",
    );
}

/** Deletes the namespace of a probe and waits until it is gone. @returns what may be left, in words; undefined if it is gone */
async function remove(core: CoreV1Api, name: string, signal: AbortSignal): Promise<string | undefined> {
    try {
        await inTime(core.deleteNamespace({ name }), signal);
        for (;;) {
            await inTime(core.readNamespace({ name }), signal);
            await sleep(pollMs, undefined, { signal });
        }
    } catch (error) {
        if (error instanceof ApiException && error.code === 404) return undefined;
        const reason = signal.aborted ? "it is still being deleted" : refusalOf(error);
        return `its namespace ${name} may still exist (${reason})`;
    }
}

/** The API server's own message for a refusal, else the reason. */
function refusalOf(error: unknown): string {
    if (!(error instanceof ApiException)) return reasonOf(error);
    const body: unknown = typeof error.body === "string" ? parsed(error.body) : error.body;
    const message = (body as { message?: unknown } | undefined)?.message;
    return typeof message === "string" ? message : reasonOf(error);
}

function parsed(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined; // a proxy's page, not the API server's answer
    }
}
