import { existsSync } from "node:fs";
import { reasonOf } from "../errors.ts";
import { type IpFamily, rootCgroup, sandboxKubeconfig } from "../layout.ts";
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
    /** The host's pid; undefined if it isn't running. */
    pid: number | undefined;
    alive: boolean;
}

/** Status of the sandbox. */
export interface SandboxStatus {
    /** `broken`: parts of it exist, but it can't run Pods; `sandboxUp` repairs or restarts it. */
    state: "up" | "down" | "broken";
    /** Why it is broken, in words. */
    reason: string | undefined;
    /** Names of its nodes, the control node first. */
    nodes: string[];
    /** Its addresses; undefined if it is down. */
    ipFamily: IpFamily | undefined;
    /** Whether every node enforces NetworkPolicies. */
    enforcesNetworkPolicies: boolean;
    processes: ProcessStatus[];
    /** Whether every node can run Pods and the cluster DNS answers. */
    ready: boolean;
    versions: { kubernetes: string };
    /** Path of the kubeconfig; undefined while there is none. */
    kubeconfig: string | undefined;
    /**
     * Total memory of its processes and Pods, including page cache, in bytes; undefined if it is down or memory isn't
     * counted.
     */
    memoryBytes: number | undefined;
}

/**
 * Reads the sandbox's status without changing anything; takes a tenth of a second, or some seconds if nothing answers.
 */
export async function sandboxStatus(): Promise<SandboxStatus> {
    const versions = { kubernetes: kubernetesVersion };
    const nothing = {
        ...{ nodes: [], ipFamily: undefined, enforcesNetworkPolicies: false, processes: [], ready: false },
        ...{ versions, kubeconfig: undefined, memoryBytes: undefined },
    };
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
        ipFamily: nodes[0]?.description.family,
        enforcesNetworkPolicies: nodes.every(({ enforces }) => enforces),
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
