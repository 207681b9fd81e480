import { readFileSync } from "node:fs";
import { execa } from "execa";
import { addressesOf, controlNode, sandboxKubeconfig } from "../layout.ts";
import { type Credentials, credentialsIn } from "../node/certificates.ts";
import { controlPrograms, nodePrograms } from "../node/components.ts";
import { type NodeProcess, processesOf } from "../node/namespaces.ts";
import { type RunningNode, waitUntil } from "../node/node.ts";
import { containerdSocket } from "../node/node-files.ts";
import { isAlive } from "../process-identity.ts";
import { callApi, readObject } from "./api-client.ts";

/** The parts of a node in the API that are used here. */
export interface NodeObject {
    metadata: { name: string };
    spec: { taints?: { key: string; effect: string }[] };
    status: {
        conditions?: { type: string; status: string; message?: string }[];
        nodeInfo?: { kubeletVersion: string };
    };
}

/** One program that a node should be running. */
export interface ExpectedProgram {
    node: RunningNode;
    name: string;
    /** The host's pid; undefined if it isn't running. */
    pid: number | undefined;
}

/** Names of the programs that must run on a node. */
export function expectedPrograms({ description, enforces }: RunningNode): readonly string[] {
    const isControl = description.number === controlNode.number;
    const onNode = nodePrograms.filter((program) => enforces || program !== "kube-router");
    return ["catatonit", ...onNode, ...(isControl ? controlPrograms : [])];
}

/** The programs that must run on a node, matched with its processes. */
export function matchPrograms(node: RunningNode, processes: readonly NodeProcess[]): ExpectedProgram[] {
    return expectedPrograms(node).map((name) => {
        return { node, name, pid: processes.find(({ program }) => program === name)?.pid };
    });
}

/** The programs that must run on these nodes; none runs if a node's first process has ended. */
export function programsOn(nodes: readonly RunningNode[]): ExpectedProgram[] {
    return nodes.flatMap((node) =>
        matchPrograms(node, isAlive(node.holder) ? processesOf(node.description, node.holder) : []),
    );
}

/** The programs that aren't running. */
export function missingOf(programs: readonly ExpectedProgram[]): ExpectedProgram[] {
    return programs.filter(({ pid }) => pid === undefined);
}

/** Lists which programs aren't running, and where; undefined if all are. */
export function missingText(programs: readonly ExpectedProgram[]): string | undefined {
    const missing = missingOf(programs).map(({ node, name }) => `${name} on ${node.description.name}`);
    return missing.length === 0 ? undefined : `${missing.join(", ")} not running`;
}

/** The administrator's credentials of the running sandbox. */
export function readCredentials(): Credentials {
    return credentialsIn(readFileSync(sandboxKubeconfig, "utf8"));
}

/** Waits until each node can run Pods. @throws SandboxError with the reason if it takes too long */
export async function waitForCluster(
    credentials: Credentials,
    nodes: readonly RunningNode[],
    seconds: number,
): Promise<void> {
    await waitUntil("the cluster", seconds, async () => {
        const reason = await whyNotReady(credentials, nodes);
        if (reason !== undefined) throw new Error(reason);
        return true;
    });
}

/** Why the cluster can't run Pods now, or undefined if it can. Checks API, programs, nodes, service account and DNS. */
export async function whyNotReady(
    credentials: Credentials,
    nodes: readonly RunningNode[],
): Promise<string | undefined> {
    const missing = missingText(programsOn(nodes));
    if (missing !== undefined) return missing;
    const ready = await callApi(credentials, "GET", "/readyz");
    if (ready.status !== 200) return `the API server is not ready (${ready.status})`;
    const unfit = await firstReason(nodes.map(({ description }) => whyUnfit(credentials, description.name)));
    if (unfit !== undefined) return unfit;
    const account = await readObject(credentials, "/api/v1/namespaces/default/serviceaccounts/default");
    if (account === undefined) return "the namespace default has no service account yet";
    return firstReason(nodes.map(askInside));
}

async function firstReason(answers: readonly Promise<string | undefined>[]): Promise<string | undefined> {
    return (await Promise.all(answers)).find((reason) => reason !== undefined);
}

async function whyUnfit(credentials: Credentials, name: string): Promise<string | undefined> {
    const path = nodePath(name);
    const node = await readObject<NodeObject>(credentials, path);
    const unfit = node === undefined ? "has not registered" : whyUnschedulable(node);
    if (unfit !== undefined) return `node ${name} ${unfit}`;
    const kubelet = await callApi(credentials, "GET", `${path}/proxy/healthz`);
    return kubelet.status === 200 ? undefined : `the kubelet of ${name} is not healthy (${kubelet.status})`;
}

/** Path of a node in the API. */
export function nodePath(name: string): string {
    return `/api/v1/nodes/${name}`;
}

/** Why no Pod can be scheduled on a node, or undefined if one can. */
export function whyUnschedulable(node: NodeObject): string | undefined {
    const condition = node.status.conditions?.find(({ type }) => type === "Ready");
    if (condition?.status !== "True") return `is not Ready: ${condition?.message ?? "it has not reported yet"}`;
    const taint = node.spec.taints?.find(({ effect }) => effect !== "PreferNoSchedule");
    return taint === undefined ? undefined : `has the taint ${taint.key}`;
}

/**
 * Checks, from a node's network, the programs that listen only there, and the cluster DNS through its Service, like a
 * Pod. @returns what doesn't answer, or undefined
 */
async function askInside({ description, holder, enforces }: RunningNode): Promise<string | undefined> {
    const isControl = description.number === controlNode.number;
    const [{ dns }] = addressesOf(description.family);
    const script = `
const { Resolver } = require("node:dns").promises;
const resolver = new Resolver({ timeout: 2000, tries: 1 });
resolver.setServers([${JSON.stringify(dns)}]);
const within = { timeout: 2000, rejectUnauthorized: false };
const healthy = (scheme, port) => new Promise((resolve, reject) => {
    require(scheme).get(\`\${scheme}://127.0.0.1:\${port}/healthz\`, within, (response) => {
        response.resume();
        response.statusCode === 200 ? resolve() : reject();
    }).on("error", reject).on("timeout", reject);
});
const listens = (path) => new Promise((resolve, reject) => require("node:net").connect(path, resolve).on("error", reject));
const questions = {
    "containerd": () => listens(${JSON.stringify(`/proc/${holder.pid}/root${containerdSocket}`)}),
    ...(${isControl} && {
        "kube-controller-manager": () => healthy("https", 10257),
        "kube-scheduler": () => healthy("https", 10259),
    }),
    "kube-proxy": () => healthy("http", 10256),
    ...(${enforces} && { "kube-router": () => healthy("http", 20244) }),
    "the cluster DNS": () => resolver.${description.family === "ipv6" ? "resolve6" : "resolve4"}("kubernetes.default.svc.cluster.local"),
};
Promise.all(Object.entries(questions).map(([who, ask]) => ask().then(() => [], () => [who])))
    .then((silent) => process.stdout.write(silent.flat().join(", "), () => process.exit(0)));`;
    const args = ["--target", String(holder.pid), "--net", "--", process.execPath, "-e", script];
    const env = { PATH: process.env.PATH ?? "" };
    const result = await execa("nsenter", args, { reject: false, env, extendEnv: false, timeout: 15_000 });
    if (result.failed) return `can't enter the network of ${description.name}: ${result.shortMessage}`;
    return result.stdout === "" ? undefined : `no answer from ${result.stdout} on ${description.name}`;
}
