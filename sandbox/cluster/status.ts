import { existsSync } from "node:fs";
import { reasonOf } from "../errors.ts";
import { rootCgroup, sandboxKubeconfig } from "../layout.ts";
import { memoryOf } from "../node/cgroups.ts";
import { remembered } from "../node/node.ts";
import { readState } from "../state.ts";
import { kubernetesVersion } from "../toolchain/go-builds.ts";
import { missingText, programsOn, readCredentials, whyNotReady } from "./health.ts";
import { hasTraces } from "./teardown.ts";

/** One program that the sandbox should be running. */
export interface ProcessStatus {
    /** Name of the node it belongs to. */
    node: string;
    name: string;
    /** As the host sees it; undefined if it does not run. */
    pid: number | undefined;
    alive: boolean;
}

/** What is known of the sandbox. */
export interface SandboxStatus {
    /** `broken`: something of it is there, but it can take no Pod; `sandboxUp` starts it afresh. */
    state: "up" | "down" | "broken";
    /** Why it is broken, in words. */
    reason: string | undefined;
    /** Names of its nodes, the control node first. */
    nodes: string[];
    processes: ProcessStatus[];
    /** Whether every node takes Pods and the cluster DNS answers. */
    ready: boolean;
    versions: { kubernetes: string };
    /** Path of the kubeconfig; undefined while there is none. */
    kubeconfig: string | undefined;
    /** Memory of all its processes and Pods together, page cache included, in bytes; undefined if down or not counted. */
    memoryBytes: number | undefined;
}

/** Looks at the sandbox without changing anything; takes a tenth of a second, and some seconds where nothing answers. */
export async function sandboxStatus(): Promise<SandboxStatus> {
    const versions = { kubernetes: kubernetesVersion };
    const nothing = { nodes: [], processes: [], ready: false, versions, kubeconfig: undefined, memoryBytes: undefined };
    if (process.platform !== "linux") return { state: "down", reason: undefined, ...nothing };
    const nodes = readState().map(remembered);
    if (nodes.length === 0) {
        const traces = hasTraces();
        return { state: traces ? "broken" : "down", reason: traces ? "its state is lost" : undefined, ...nothing };
    }
    const programs = programsOn(nodes);
    const reason = missingText(programs) ?? (await answer(() => whyNotReady(readCredentials(), nodes)));
    return {
        state: reason === undefined ? "up" : "broken",
        reason,
        nodes: nodes.map(({ description }) => description.name),
        processes: programs.map(({ node, name, pid }) => {
            return { node: node.description.name, name, pid, alive: pid !== undefined };
        }),
        ready: reason === undefined,
        versions,
        kubeconfig: existsSync(sandboxKubeconfig) ? sandboxKubeconfig : undefined,
        memoryBytes: memoryOf(rootCgroup),
    };
}

async function answer(question: () => Promise<string | undefined>): Promise<string | undefined> {
    try {
        return await question();
    } catch (error) {
        return `the API server does not answer: ${reasonOf(error)}`;
    }
}
