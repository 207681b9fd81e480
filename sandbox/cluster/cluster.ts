import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf, SandboxError } from "../errors.ts";
import { ensureCommands, refuseUnfitHost } from "../host.ts";
import { containerImages } from "../images/images.ts";
import { prometheusSources } from "../images/prometheus.ts";
import {
    controlNode,
    describeNode,
    type IpFamily,
    type NodeCount,
    type NodeDescription,
    sandboxLock,
} from "../layout.ts";
import { withLock } from "../lock.ts";
import { refuseNetworkConflicts } from "../node/network.ts";
import { type RunningNode, remembered } from "../node/node.ts";
import { isAlive } from "../process-identity.ts";
import type { Say } from "../say.ts";
import { type NodeState, readState } from "../state.ts";
import { containerRuntime } from "../toolchain/debian-packages.ts";
import {
    findTool,
    getTools,
    kubeRouter,
    kubernetes,
    metricsServer,
    prometheus,
    type Tool,
    toolFolder,
} from "../toolchain/tools.ts";
import { missingOf, programsOn, readCredentials, whyNotReady } from "./health.ts";
import { addNode, dropNode, keepLogs, type Programs, repairSandbox, startSandbox } from "./start.ts";
import { hasTraces, tearDown } from "./teardown.ts";
import { offerVolumes } from "./volumes.ts";

export { sandboxNodeImage } from "../images/images.ts";
export { sandboxPrometheusImage } from "../images/prometheus.ts";
export { type IpFamily, type NodeCount, sandboxContext, sandboxKubeconfig } from "../layout.ts";
export { apiServerAway, isThisSandbox } from "./api-server.ts";
export { type SandboxStatus, sandboxStatus } from "./status.ts";

/**
 * Time for the cluster to repair itself: the kubelet restarts a killed cluster DNS after ten seconds, and a node is ready again
 * within forty after the API server was away. Not shorter: on a busy machine a healthy sandbox answers slowly, and a fresh start
 * would end somebody's run.
 */
const healingSeconds = 60;
const lockPurpose = "starting or stopping the sandbox";

/** What a sandbox consists of, besides Debian packages. */
const clusterTools = [kubernetes, metricsServer, kubeRouter, prometheus] as const;

/**
 * Builds or downloads everything a start of the sandbox needs, without starting it.
 * @param others tools to get at the same time @default none
 */
export async function prepareCluster(
    say: Say,
    others: () => Promise<readonly Tool[]> = async () => [],
): Promise<Programs> {
    refuseUnfitHost();
    await ensureCommands(say);
    await getTools([...clusterTools, ...(await others())], say);
    const folders = {
        kubernetes: await toolFolder(kubernetes, say),
        metricsServer: await findTool(metricsServer),
        runtime: await containerRuntime(say),
    };
    const images = await containerImages({ ...folders, prometheus: await prometheusSources(say) }, say);
    return { ...folders, kubeRouter: await findTool(kubeRouter), images };
}

/** Result of {@link sandboxUp}. */
export interface SandboxUp {
    /** Whether this call started it from nothing; false if it was running, even if it was repaired or got a node. */
    started: boolean;
    /** Number of nodes now. */
    nodes: number;
    /** Its addresses now. */
    family: IpFamily;
}

/** What a sandbox should have. A running one keeps what it has. */
export interface Wanted {
    /** Number of nodes. @default as many as there were, else one */
    nodes?: NodeCount | undefined;
    /** @default as before, else `ipv4` */
    family?: IpFamily | undefined;
}

/**
 * Makes sure that the sandbox is up and every node can run Pods. Programs that have ended are restarted, and dead or
 * missing nodes are added. A sandbox that can't be repaired is removed and started from scratch, since nothing in it is
 * meant to last. Volumes whose claim was deleted are emptied and offered again.
 */
export async function sandboxUp(say: Say, { nodes, family }: Wanted = {}): Promise<SandboxUp> {
    const programs = await prepareCluster(say);
    return withLock(sandboxLock, lockPurpose, say, async () => {
        const before = readState();
        const count = Math.max(1, before.length);
        const started = !(await isUpOrRepaired(say));
        if (started) await startAfresh(programs, nodes ?? count, family ?? before[0]?.family ?? "ipv4", say);
        else await complete(programs, Math.max(nodes ?? 1, count), say);
        const now = readState();
        return { started, nodes: now.length, family: now[0]?.family ?? "ipv4" };
    });
}

/** Stops the sandbox and removes everything except the cache. @returns whether it was running */
export async function sandboxDown(say: Say): Promise<{ wasUp: boolean }> {
    refuseUnfitHost();
    await ensureCommands(say);
    return withLock(sandboxLock, lockPurpose, say, async () => {
        const wasUp = readState().some(({ holder }) => isAlive(holder));
        if (wasUp) say("stopping the sandbox");
        await tearDown();
        return { wasUp };
    });
}

async function startAfresh(programs: Programs, nodes: number, family: IpFamily, say: Say): Promise<void> {
    await tearDown();
    await refuseNetworkConflicts(family);
    try {
        const control = await startSandbox(programs, family, say);
        for (let number = 2; number <= nodes; number++) await addNode(number, control, programs, say);
        await offerVolumes(readCredentials(), described(nodes));
    } catch (error) {
        const logs = keepLogs();
        await tearDown();
        throw new SandboxError(
            `the sandbox did not start: ${reasonOf(error)}; read the logs of its programs in ${logs}`,
            { cause: error },
        );
    }
}

/**
 * Adds the missing nodes and volumes of a running sandbox. A node that can't be added is removed; the others keep
 * running.
 */
async function complete(programs: Programs, nodes: number, say: Say): Promise<void> {
    const sound = soundNodes();
    const [control] = sound;
    for (let number = 2; number <= nodes; number++) {
        if (control === undefined || sound.some(({ description }) => description.number === number)) continue;
        try {
            await addNode(number, control, programs, say);
        } catch (error) {
            const logs = keepLogs();
            const description = describeNode(number);
            await dropNode(description);
            throw new SandboxError(
                `${description.name} could not be added to the sandbox, which continues without it: ${reasonOf(error)}; read the logs of its programs in ${logs}`,
                { cause: error },
            );
        }
    }
    await offerVolumes(readCredentials(), described(nodes));
}

function described(nodes: number): NodeDescription[] {
    return Array.from({ length: nodes }, (_, index) => describeNode(index + 1));
}

/** Nodes that have started completely and whose first process is alive, the control node first. */
function soundNodes(): RunningNode[] {
    return readState().filter(isSound).map(remembered);
}

function isSound({ holder, complete }: NodeState): boolean {
    return complete && isAlive(holder);
}

async function isUpOrRepaired(say: Say): Promise<boolean> {
    const reason = await restartReason(say);
    if (reason !== undefined && reason !== "") say(`the sandbox is broken (${reason}): restarting it from scratch`);
    return reason === undefined;
}

/**
 * Undefined if the control node and the other sound nodes are healthy or were repaired; else the reason, which is empty
 * if the sandbox is just down.
 */
async function restartReason(say: Say): Promise<string | undefined> {
    const control = readState().find(({ number }) => number === controlNode.number);
    if (control === undefined) return hasTraces() ? "its state is lost" : "";
    if (!isAlive(control.holder)) return "its first process is gone";
    if (!control.complete) return "its start was interrupted";
    const nodes = soundNodes();
    try {
        // A program killed just now can still seem to run, so the wait ends when one is missing.
        if (!lacksPrograms(nodes)) await waitForHealing(nodes, say);
        if (lacksPrograms(nodes)) await repairSandbox(nodes, say);
        return undefined;
    } catch (error) {
        return reasonOf(error);
    }
}

function lacksPrograms(nodes: readonly RunningNode[]): boolean {
    return missingOf(programsOn(nodes)).length > 0;
}

/** Waits until the cluster is healthy or a program is missing. @throws SandboxError if neither happens */
async function waitForHealing(nodes: readonly RunningNode[], say: Say): Promise<void> {
    const credentials = readCredentials();
    const begin = performance.now();
    while (!lacksPrograms(nodes)) {
        const reason = await whyNotReady(credentials, nodes).catch(reasonOf);
        if (reason === undefined) return;
        say(`waiting for the sandbox to recover: ${reason}`);
        if (performance.now() - begin > healingSeconds * 1000) throw new SandboxError(reason);
        await sleep(100);
    }
}
