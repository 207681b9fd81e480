import { readFileSync } from "node:fs";
import { execa } from "execa";
import { callApi, readObject } from "./api-client.ts";
import { type Credentials, credentialsIn } from "./certificates.ts";
import { controlPrograms, nodePrograms } from "./components.ts";
import { controlNode, dnsAddress, sandboxKubeconfig } from "./layout.ts";
import { type NodeProcess, processesOf } from "./namespaces.ts";
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

/** Why the cluster cannot take a Pod now, or undefined if it can: API, node, service account, DNS are there. */
export async function whyNotReady(credentials: Credentials, holder: ProcessIdentity): Promise<string | undefined> {
    const ready = await callApi(credentials, "GET", "/readyz");
    if (ready.status !== 200) return `the API server is not ready (${ready.status})`;
    const node = await readObject<NodeObject>(credentials, `/api/v1/nodes/${controlNode.name}`);
    const unfit = node === undefined ? "has not registered" : whyUnschedulable(node);
    if (unfit !== undefined) return `node ${controlNode.name} ${unfit}`;
    const account = await readObject(credentials, "/api/v1/namespaces/default/serviceaccounts/default");
    if (account === undefined) return "the namespace default has no service account yet";
    if (!(await resolves(holder))) return "the cluster DNS does not answer";
    return undefined;
}

/** Why no Pod can be placed on a node, or undefined if one can. */
export function whyUnschedulable(node: NodeObject): string | undefined {
    const condition = node.status.conditions?.find(({ type }) => type === "Ready");
    if (condition?.status !== "True") return `is not Ready: ${condition?.message ?? "it has not reported yet"}`;
    const taint = node.spec.taints?.find(({ effect }) => effect !== "PreferNoSchedule");
    return taint === undefined ? undefined : `has the taint ${taint.key}`;
}

/** Asks the cluster DNS through its Service, as a Pod would. */
async function resolves(holder: ProcessIdentity): Promise<boolean> {
    const script = `const { Resolver } = require("node:dns").promises;
const resolver = new Resolver({ timeout: 500, tries: 1 });
resolver.setServers([${JSON.stringify(dnsAddress)}]);
resolver.resolve4("kubernetes.default.svc.cluster.local").then(() => process.exit(0), () => process.exit(1));`;
    const args = ["--target", String(holder.pid), "--net", "--", process.execPath, "-e", script];
    const result = await execa("nsenter", args, {
        reject: false,
        env: { PATH: process.env.PATH ?? "" },
        extendEnv: false,
    });
    return result.exitCode === 0;
}
