import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
    AdmissionregistrationV1Api,
    AppsV1Api,
    BatchV1Api,
    CoreV1Api,
    KubeConfig,
    NetworkingV1Api,
    RbacAuthorizationV1Api,
} from "@kubernetes/client-node";
import { runIds } from "../../cli/saved/run-ids.ts";
import { restrictedLabels } from "../../components/measured-pod.ts";
import { partOfHopcost } from "../../model/names.ts";
import { parseResults } from "../../model/parse.ts";
import type { Results } from "../../model/results.ts";
import { sandboxKubeconfig } from "../../sandbox/cluster/cluster.ts";
import { controlNode } from "../../sandbox/layout.ts";
import { inNode } from "../../sandbox/node/namespaces.ts";
import { identityOf } from "../../sandbox/process-identity.ts";
import { readState } from "../../sandbox/state.ts";
import { start } from "../support/command.ts";

/** Minutes as milliseconds, for mocha's time limits. */
export const minutes = (count: number) => count * 60_000;

/** The namespace of stack `dev`, shared by all checkouts. */
export const namespace = "hopcost-dev";

/** A short run that leaves room on the node, where three runs at a time request less than two CPUs, see test/run.ts. */
export const shortRun = {
    "hopcost:cpuRequest": "50m",
    "hopcost:sizes": ["64 B", "64 KiB"],
    "hopcost:warmupSeconds": 0.2,
    "hopcost:metrics": false,
};

/** The folder of a checkout's newest run. */
export function newestRun(folder: string): string {
    const results = join(folder, "results");
    return join(results, runIds(results)[0] ?? "none");
}

/** The results that a checkout's newest run saved. */
export function newestResults(folder: string): Results {
    return parseResults(readFileSync(join(newestRun(folder), "results.json"), "utf8"));
}

/** Clients of the sandbox's API server. */
export function sandboxClients() {
    const config = new KubeConfig();
    config.loadFromFile(sandboxKubeconfig);
    return {
        admission: config.makeApiClient(AdmissionregistrationV1Api),
        core: config.makeApiClient(CoreV1Api),
        batch: config.makeApiClient(BatchV1Api),
        apps: config.makeApiClient(AppsV1Api),
        networking: config.makeApiClient(NetworkingV1Api),
        rbac: config.makeApiClient(RbacAuthorizationV1Api),
    };
}

/**
 * Waits until a condition holds.
 * @param what for the message, e.g. `a finished trial`
 * @throws Error after `seconds`
 */
export async function eventually<T>(what: string, seconds: number, look: () => Promise<T | undefined>): Promise<T> {
    const deadline = performance.now() + seconds * 1000;
    for (;;) {
        const found = await look();
        if (found !== undefined) return found;
        if (performance.now() > deadline) throw new Error(`waited ${seconds} s for ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

/** The processes that a process has started. */
export async function childrenOf(pid: number): Promise<number[]> {
    const { stdout } = await start("pgrep", ["-P", String(pid)], "/").ended;
    return stdout.split("\n").filter(Boolean).map(Number);
}

/** Waits until a process has ended that is not ours. @param what for the message, e.g. `the run` */
export async function untilEnded(pid: number, what: string): Promise<void> {
    await eventually(`the end of ${what}`, 180, async () => (identityOf(pid) === undefined ? true : undefined));
}

/** Runs a command inside the sandbox's control node. @returns its standard output */
export async function inControlNode(command: readonly string[]): Promise<string> {
    const [control] = readState();
    assert.ok(control !== undefined, "the sandbox is up");
    return await inNode(controlNode, control.holder, command);
}

/** Names of the sandbox's namespaces, ascending. */
export async function namespaces(): Promise<string[]> {
    const { items } = await sandboxClients().core.listNamespace();
    return items.map(({ metadata }) => metadata?.name ?? "").sort();
}

/** Creates {@link namespace}, like a run of stack `dev`. */
export async function makeNamespace(): Promise<void> {
    const labels = { ...restrictedLabels, ...partOfHopcost, "hopcost.io/stack": "dev" };
    await sandboxClients().core.createNamespace({ body: { metadata: { name: namespace, labels } } });
}

/** Deletes a namespace of the sandbox, if it exists, and waits until it is gone. */
export async function removeNamespace(name = namespace): Promise<void> {
    await sandboxClients()
        .core.deleteNamespace({ name })
        .catch(() => {});
    await eventually(`namespace ${name} to go`, 120, async () =>
        (await namespaces()).includes(name) ? undefined : true,
    );
}

/** Number of trials in the journals of a namespace. */
export async function trialsIn(where: string): Promise<number> {
    const labelSelector = "hopcost.io/kind=trial";
    const list = sandboxClients().core.listNamespacedConfigMap({ namespace: where, labelSelector });
    return (await list.catch(() => ({ items: [] }))).items.length;
}

/** Waits until the journal of a run has this many trials. @param where the run's namespace */
export async function finishedTrials(count: number, where = namespace): Promise<void> {
    await eventually(`${count} finished trials`, 180, async () =>
        (await trialsIn(where)) >= count ? true : undefined,
    );
}

/** Waits until the command has copied this many trials of a checkout's newest run. */
export async function copiedTrials(count: number, folder: string): Promise<void> {
    await eventually(`${count} copied trials`, 180, async () => {
        try {
            const names = readdirSync(join(newestRun(folder), "trials"));
            return names.filter((name) => name.endsWith(".json")).length >= count ? true : undefined;
        } catch {
            return undefined; // the first is not copied yet
        }
    });
}
