import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiException, CoreV1Api } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import { type Cluster, reasonOf } from "../cluster/cluster.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { failure, type Outcome, warning } from "./check.ts";
import { inTime, isTimeout } from "./in-time.ts";
import { type Allowed, permissionText, probePermissions } from "./permissions.ts";
import { probeNamespace, probePod, probePrefix, probeProgress, waitedOutcome } from "./probe-pod.ts";

const pollMs = 150;
/** Until when a probe looks, and until when it cleans up. */
export interface ProbeTime {
    /** Aborted when the looking is to end, and by Ctrl-C. */
    looking: AbortSignal;
    /** Aborted when the deleting is to end, and by nothing else. */
    deleting: AbortSignal;
}

/** Why there can be no probe; undefined where there can. */
export function probeForbidden(allowed: Allowed): Outcome | undefined {
    const missing = probePermissions.filter((it) => !allowed(it));
    if (missing.length === 0) return undefined;
    const texts = missing.map((it) => permissionText(it, "")).join(", ");
    return warning(`Not tried, since you may not ${texts}`, "ask for that right; a run finds out what a probe would");
}

/**
 * Runs one Pod of the configured image in a namespace of its own: whether it starts, and whether its shared volume tells of
 * files. The namespace is deleted whatever happens.
 * @throws the reason of `looking` where that is not the end of the time (Ctrl-C), once all is deleted
 */
export async function probe(cluster: Cluster, config: HopcostConfig, time: ProbeTime): Promise<Outcome> {
    const core = cluster.kubeConfig.makeApiClient(CoreV1Api);
    const name = `${probePrefix}${randomBytes(4).toString("hex")}`;
    let outcome: Outcome | undefined;
    let remains: string | undefined;
    try {
        outcome = await observe(core, name, config, time.looking);
    } finally {
        remains = await remove(core, name, time.deleting);
        const command = `${kubectl(config)} delete namespace ${name}`;
        // After Ctrl-C there is no outcome that could tell it.
        if (remains !== undefined && outcome === undefined) console.error(`hopcost: ${remains}; ${command}`);
        if (remains !== undefined && outcome !== undefined) outcome = unclean(outcome, remains, command);
    }
    return outcome;
}

/** Adds to what a probe found that its namespace is still there. */
export function unclean(outcome: Outcome, remains: string, command: string): Outcome {
    const { state, remedy } = outcome;
    const detail = `${outcome.detail}; ${remains}`;
    const next = `delete it with: ${command}`;
    return { state: state === "ok" ? "warning" : state, detail, remedy: remedy ? `${remedy}, and ${next}` : next };
}

/** Makes the Pod and waits until it tells something. */
async function observe(core: CoreV1Api, name: string, config: HopcostConfig, signal: AbortSignal): Promise<Outcome> {
    const began = performance.now();
    let waiting = "not created";
    try {
        await inTime(core.createNamespace({ body: probeNamespace(name) }), signal);
        await createPod(core, name, config, signal);
        for (;;) {
            const pod = await inTime(core.readNamespacedPod({ namespace: name, name: "probe" }), signal);
            const progress = probeProgress(config, pod);
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
            `The probe Pod can't be made in namespace ${name} (${messageOf(error)})`,
            "see to what keeps it out: quotas, admission webhooks or policies of the cluster",
        );
    }
}

/** A new namespace has no ServiceAccount for a moment, and no Pod can be made until then. */
async function createPod(
    core: CoreV1Api,
    namespace: string,
    config: HopcostConfig,
    signal: AbortSignal,
): Promise<void> {
    for (;;) {
        try {
            await inTime(core.createNamespacedPod({ namespace, body: probePod(config) }), signal);
            return;
        } catch (error) {
            if (signal.aborted || !/serviceaccount "default" not found/.test(messageOf(error))) throw error;
            await sleep(pollMs, undefined, { signal });
        }
    }
}

/** Deletes the namespace of a probe and waits until it is gone. @returns what may be left of it, in words */
async function remove(core: CoreV1Api, name: string, signal: AbortSignal): Promise<string | undefined> {
    try {
        await inTime(core.deleteNamespace({ name }), signal);
        for (;;) {
            await inTime(core.readNamespace({ name }), signal);
            await sleep(pollMs, undefined, { signal });
        }
    } catch (error) {
        if (error instanceof ApiException && error.code === 404) return undefined;
        const reason = signal.aborted ? "it is still being deleted" : messageOf(error);
        return `its namespace ${name} may still be there (${reason})`;
    }
}

/** What the API server says of a refusal; else what went wrong. */
function messageOf(error: unknown): string {
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
