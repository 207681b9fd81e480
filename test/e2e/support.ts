import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
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
import type { Check } from "../../cli/checks/check.ts";
import { runIds } from "../../cli/saved/run-ids.ts";
import { restrictedLabels } from "../../components/measured-pod.ts";
import { partOfHopcost } from "../../model/names.ts";
import { parseResults } from "../../model/parse.ts";
import type { Results } from "../../model/results.ts";
import { sandboxKubeconfig } from "../../sandbox/cluster/cluster.ts";
import { controlNode } from "../../sandbox/layout.ts";
import { inNode } from "../../sandbox/node/namespaces.ts";
import { readState } from "../../sandbox/state.ts";
import { hopcost } from "../support/command.ts";

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

/**
 * What `hopcost doctor` finds. It gives up after 15 s, which other tests on this machine may use up, so it is asked up to four
 * times until everything was answered.
 */
export async function doctorOf(folder: string): Promise<{ code: number | null; checks: Check[] }> {
    for (let tries = 1; ; tries++) {
        const { code, stdout, stderr } = await hopcost(folder, "doctor", "--json").ended;
        assert.notEqual(stdout, "", stderr);
        const { checks } = JSON.parse(stdout) as { checks: Check[] };
        const isLate = checks.some(({ detail }) => /no answer|did not finish within|still being deleted/.test(detail));
        if (!isLate || tries === 4) return { code, checks };
    }
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

/** Waits until the journal of a run has this many trials. @param where the run's namespace */
export async function finishedTrials(count: number, where = namespace): Promise<void> {
    await eventually(`${count} finished trials`, 120, async () => {
        const labelSelector = "hopcost.io/kind=trial";
        const list = sandboxClients().core.listNamespacedConfigMap({ namespace: where, labelSelector });
        const { items } = await list.catch(() => ({ items: [] }));
        return items.length >= count ? true : undefined;
    });
}
