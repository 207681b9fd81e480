import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import {
    AdmissionregistrationV1Api,
    AppsV1Api,
    BatchV1Api,
    CoreV1Api,
    KubeConfig,
    RbacAuthorizationV1Api,
} from "@kubernetes/client-node";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../cli/project.ts";
import { runIds } from "../../cli/saved/run-ids.ts";
import { restrictedLabels } from "../../components/measured-pod.ts";
import { partOfHopcost } from "../../model/names.ts";
import { parseResults } from "../../model/parse.ts";
import type { Results } from "../../model/results.ts";
import { sandboxKubeconfig } from "../../sandbox/cluster/cluster.ts";

/** Minutes as milliseconds, for mocha's time limits. */
export const minutes = (count: number) => count * 60_000;

/** The namespace of stack `dev`, which every checkout deploys to. */
export const namespace = "hopcost-dev";

/** What a command printed and how it ended. */
export interface Ended {
    code: number | null;
    stdout: string;
    stderr: string;
}

/** Folders that a checkout doesn't have. */
const notCopied = new Set(["node_modules", ".git", ".hopcost", "results"]);

/**
 * A copy of the checkout as a user has it after changing stack `dev`; its `node_modules` is ours.
 * @param config keys of Pulumi.dev.yaml to set, e.g. `{ "hopcost:rounds": 1 }`; undefined removes one
 */
export function checkoutWith(config: Record<string, unknown> = {}): string {
    const folder = mkdtempSync(join(tmpdir(), "hopcost-checkout-"));
    const filter = (source: string) => dirname(source) !== projectRoot || !notCopied.has(basename(source));
    cpSync(projectRoot, folder, { recursive: true, preserveTimestamps: true, filter });
    symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
    setConfig(folder, config);
    return folder;
}

/** Sets keys of a checkout's Pulumi.dev.yaml. */
export function setConfig(folder: string, config: Record<string, unknown>): void {
    const path = join(folder, "Pulumi.dev.yaml");
    const document = parse(readFileSync(path, "utf8"));
    writeFileSync(path, stringify({ ...document, config: { ...document.config, ...config } }));
}

/** Removes a checkout made by {@link checkoutWith}. */
export function removeCheckout(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
}

/** The folder of a checkout's newest run. */
export function newestRun(folder: string): string {
    const results = join(folder, "results");
    return join(results, runIds(results)[0] ?? "none");
}

/** The results that a checkout's newest run saved. */
export function newestResults(folder: string): Results {
    return parseResults(readFileSync(join(newestRun(folder), "results.json"), "utf8"));
}

/** A command that runs; `ended` never rejects. */
export interface Running {
    pid: number;
    /** Undefined where it ends without one. */
    firstLine: Promise<string | undefined>;
    ended: Promise<Ended>;
}

/** Starts a command with its output collected. */
export function start(command: string, args: string[], cwd: string, env: Record<string, string> = {}): Running {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    child.stdout.on("data", (data) => (output.stdout += data));
    child.stderr.on("data", (data) => (output.stderr += data));
    const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, ...output })));
    const firstLine = new Promise<string | undefined>((resolve) => {
        const look = () => output.stdout.includes("\n") && resolve(output.stdout.split("\n", 1)[0]);
        child.stdout.on("data", look);
        child.on("close", () => resolve(undefined));
    });
    return { pid: child.pid ?? -1, firstLine, ended };
}

/** The `hopcost` command of a checkout. */
export function hopcost(folder: string, ...args: string[]): Running {
    return start(process.execPath, [join(folder, "cli", "hopcost.mjs"), ...args], folder);
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
        rbac: config.makeApiClient(RbacAuthorizationV1Api),
    };
}

/**
 * Waits for something to come true.
 * @param what for the message, e.g. `a finished trial`
 * @throws Error after `seconds`
 */
export async function eventually<T>(what: string, seconds: number, look: () => Promise<T | undefined>): Promise<T> {
    const deadline = performance.now() + seconds * 1000;
    for (;;) {
        const found = await look();
        if (found !== undefined) return found;
        if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain for ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

/** Names of the sandbox's namespaces, ascending. */
export async function namespaces(): Promise<string[]> {
    const { items } = await sandboxClients().core.listNamespace();
    return items.map(({ metadata }) => metadata?.name ?? "").sort();
}

/** Makes {@link namespace}, as a run of stack `dev` would. */
export async function makeNamespace(): Promise<void> {
    const labels = { ...restrictedLabels, ...partOfHopcost, "hopcost.io/stack": "dev" };
    await sandboxClients().core.createNamespace({ body: { metadata: { name: namespace, labels } } });
}

/** Deletes a namespace of the sandbox, where it is there, and waits until it is gone. */
export async function removeNamespace(name = namespace): Promise<void> {
    await sandboxClients()
        .core.deleteNamespace({ name })
        .catch(() => {});
    await eventually(`namespace ${name} to go`, 120, async () =>
        (await namespaces()).includes(name) ? undefined : true,
    );
}

/** Waits until the journal of a run in {@link namespace} holds so many trials. */
export async function finishedTrials(count: number): Promise<void> {
    await eventually(`${count} finished trials`, 120, async () => {
        const labelSelector = "hopcost.io/kind=trial";
        const list = sandboxClients().core.listNamespacedConfigMap({ namespace, labelSelector });
        const { items } = await list.catch(() => ({ items: [] }));
        return items.length >= count ? true : undefined;
    });
}
