import { readFileSync } from "node:fs";
import { execa } from "execa";
import { callApi, readObject } from "./api-client.ts";
import { type Credentials, credentialsIn } from "./certificates.ts";
import { controlPrograms, nodePrograms } from "./components.ts";
import { controlNode, dnsAddress, sandboxKubeconfig } from "./layout.ts";
import { type NodeProcess, processesOf } from "./namespaces.ts";
import { containerdSocket } from "./node-files.ts";
import type { ProcessIdentity } from "./process-identity.ts";

/** A node as the API server has it, as far as needed here. */
export interface NodeObject {
    metadata: { name: string };
    spec: { taints?: { key: string; effect: string }[] };
    status: {
        conditions?: { type: string; status: string; message?: string }[];
        nodeInfo?: { kubeletVersion: string };
    };
}

/** Programs that must run on the control node. */
export const expectedPrograms: readonly string[] = ["pause", ...nodePrograms, ...controlPrograms];

/** The programs of the control node that do not run. */
export function missingPrograms(processes: readonly NodeProcess[]): string[] {
    return expectedPrograms.filter((program) => !processes.some((process) => process.program === program));
}

/** The processes of the control node. */
export function controlProcesses(holder: ProcessIdentity): NodeProcess[] {
    return processesOf(controlNode, holder);
}

/** The administrator's credentials of the running sandbox. */
export function readCredentials(): Credentials {
    return credentialsIn(readFileSync(sandboxKubeconfig, "utf8"));
}

/** Why the cluster cannot take a Pod now, or undefined if it can: API, programs, node, service account, DNS are there. */
export async function whyNotReady(credentials: Credentials, holder: ProcessIdentity): Promise<string | undefined> {
    const missing = missingPrograms(controlProcesses(holder));
    if (missing.length > 0) return `${missing.join(", ")} not running`;
    const ready = await callApi(credentials, "GET", "/readyz");
    if (ready.status !== 200) return `the API server is not ready (${ready.status})`;
    const path = `/api/v1/nodes/${controlNode.name}`;
    const node = await readObject<NodeObject>(credentials, path);
    const unfit = node === undefined ? "has not registered" : whyUnschedulable(node);
    if (unfit !== undefined) return `node ${controlNode.name} ${unfit}`;
    const kubelet = await callApi(credentials, "GET", `${path}/proxy/healthz`);
    if (kubelet.status !== 200) return `the kubelet is not healthy (${kubelet.status})`;
    const account = await readObject(credentials, "/api/v1/namespaces/default/serviceaccounts/default");
    if (account === undefined) return "the namespace default has no service account yet";
    return askInside(holder);
}

/** Why no Pod can be placed on a node, or undefined if one can. */
export function whyUnschedulable(node: NodeObject): string | undefined {
    const condition = node.status.conditions?.find(({ type }) => type === "Ready");
    if (condition?.status !== "True") return `is not Ready: ${condition?.message ?? "it has not reported yet"}`;
    const taint = node.spec.taints?.find(({ effect }) => effect !== "PreferNoSchedule");
    return taint === undefined ? undefined : `has the taint ${taint.key}`;
}

/** The reason when all is well but the cluster DNS. */
export const dnsIsSilent = "no answer from the cluster DNS";

/**
 * Asks, from the node's own network, the programs that listen nowhere else, and the cluster DNS through its Service, as
 * a Pod would. @returns what does not answer as it should, or undefined
 */
async function askInside(holder: ProcessIdentity): Promise<string | undefined> {
    const socket = `/proc/${holder.pid}/root${containerdSocket}`;
    const script = `
const { Resolver } = require("node:dns").promises;
const resolver = new Resolver({ timeout: 2000, tries: 1 });
resolver.setServers([${JSON.stringify(dnsAddress)}]);
const within = { timeout: 2000, rejectUnauthorized: false };
const healthy = (scheme, port) => new Promise((resolve, reject) => {
    require(scheme).get(\`\${scheme}://127.0.0.1:\${port}/healthz\`, within, (response) => {
        response.resume();
        response.statusCode === 200 ? resolve() : reject();
    }).on("error", reject).on("timeout", reject);
});
const listens = (path) => new Promise((resolve, reject) => require("node:net").connect(path, resolve).on("error", reject));
const questions = {
    "containerd": () => listens(${JSON.stringify(socket)}),
    "kube-controller-manager": () => healthy("https", 10257),
    "kube-scheduler": () => healthy("https", 10259),
    "kube-proxy": () => healthy("http", 10256),
    "the cluster DNS": () => resolver.resolve4("kubernetes.default.svc.cluster.local"),
};
Promise.allSettled(Object.entries(questions).map(([who, ask]) => ask().catch(() => process.stdout.write(who + ", "))))
    .then(() => process.stdout.write("", () => process.exit(0)));`;
    const args = ["--target", String(holder.pid), "--net", "--", process.execPath, "-e", script];
    const env = { PATH: process.env.PATH ?? "" };
    const result = await execa("nsenter", args, { reject: false, env, extendEnv: false, timeout: 15_000 });
    if (result.failed) return `its network cannot be entered: ${result.shortMessage}`;
    const silent = result.stdout.replace(/, $/, "");
    return silent === "" ? undefined : `no answer from ${silent}`;
}
