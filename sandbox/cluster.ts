import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { callApi, createObject } from "./api-client.ts";
import { makeCertificates } from "./certificates.ts";
import { clusterObjects } from "./cluster-objects.ts";
import { containerRuntime } from "./debian-packages.ts";
import { goBuild } from "./go-build.ts";
import { kubernetesBuild, pauseBuild } from "./go-builds.ts";
import { controlProcesses, missingPrograms, readCredentials, whyNotReady } from "./health.ts";
import { ensureCommands, refuseUnfitHost } from "./host.ts";
import { imageArchive } from "./images.ts";
import { binFolder, controlNode, logFolder, sandboxLock, stateFolder } from "./layout.ts";
import { withLock } from "./lock.ts";
import { logOf } from "./namespaces.ts";
import { createBridge } from "./network.ts";
import { openNode, startContainerd, startProgram, waitUntil } from "./node.ts";
import { isAlive } from "./process-identity.ts";
import type { Say } from "./say.ts";
import { formatElapsed } from "./say.ts";
import { readState, writeState } from "./state.ts";
import { hasTraces, tearDown } from "./teardown.ts";

export { sandboxNodeImage } from "./images.ts";
export { sandboxContext, sandboxKubeconfig } from "./layout.ts";
export { type SandboxStatus, sandboxStatus } from "./status.ts";

/** What the cache holds for a start of the sandbox. */
interface Programs {
    kubernetes: string;
    pause: string;
    runtime: string;
    images: string;
}

/** Builds or gets all that a start of the sandbox needs, without starting anything. */
export async function prepareCluster(say: Say): Promise<Programs> {
    refuseUnfitHost();
    await ensureCommands(say);
    const runtime = await containerRuntime(say);
    const pause = await goBuild(pauseBuild, say);
    const kubernetes = await goBuild(kubernetesBuild, say);
    return { kubernetes, pause, runtime, images: await imageArchive({ kubernetes, pause }, say) };
}

/**
 * Starts the sandbox, or finds it running and healthy. Whatever is broken is removed and started afresh: nothing in
 * the sandbox is meant to outlive it.
 * @returns `started` false if it was healthy already
 */
export async function sandboxUp(say: Say): Promise<{ started: boolean }> {
    const programs = await prepareCluster(say);
    return withLock(sandboxLock, "starting or stopping the sandbox", say, async () => {
        const broken = await whyBroken();
        if (broken === undefined) return { started: false };
        if (broken !== "") say(`the sandbox is broken (${broken}): starting it afresh`);
        if (hasTraces()) await tearDown();
        try {
            await start(programs, say);
        } catch (error) {
            await tearDown();
            throw error;
        }
        return { started: true };
    });
}

/** Stops the sandbox and removes every trace of it but the cache. @returns whether it was running */
export async function sandboxDown(say: Say): Promise<{ wasUp: boolean }> {
    refuseUnfitHost();
    return withLock(sandboxLock, "starting or stopping the sandbox", say, async () => {
        const state = readState();
        const wasUp = state !== undefined && isAlive(state.holder);
        if (wasUp) say("stopping the sandbox");
        await tearDown();
        return { wasUp };
    });
}

/** Undefined if the sandbox is healthy, else the reason; an empty one if it is simply down. */
async function whyBroken(): Promise<string | undefined> {
    const state = readState();
    if (state === undefined) return hasTraces() ? "its state is lost" : "";
    if (!isAlive(state.holder)) return "its first process is gone";
    if (!state.complete) return "its start was interrupted";
    const missing = missingPrograms(controlProcesses(state.holder));
    if (missing.length > 0) return `${missing.join(", ")} not running`;
    const credentials = readCredentials();
    let reason: string | undefined;
    await waitUntil("a healthy cluster", logFolder, recoverySeconds, async () => {
        reason = "the API server does not answer";
        reason = await whyNotReady(credentials, state.holder);
        return reason === undefined;
    }).catch(() => undefined);
    return reason;
}

/** What the cluster mends by itself, such as a Pod's dead shim, it mends within this time. */
const recoverySeconds = 10;

async function start(programs: Programs, say: Say): Promise<void> {
    const begin = performance.now();
    const step = (what: string): void =>
        say(`starting the sandbox: ${what} (${formatElapsed(performance.now() - begin)})`);
    step("network and namespaces");
    const bindings = { kubernetes: programs.kubernetes, runtime: programs.runtime, images: dirname(programs.images) };
    for (const name of Object.keys(bindings)) mkdirSync(join(binFolder, name), { recursive: true });
    mkdirSync(logFolder, { recursive: true });
    await createBridge();
    const certificates = makeCertificates(controlNode, programs.kubernetes);
    const node = await openNode(controlNode, { pause: join(programs.pause, "pause"), bindings }, (holder) =>
        writeState({ holder, complete: false }),
    );
    const log = (program: string): string => logOf(controlNode, program);
    const images = startContainerd(node, join(binFolder, "images", "images.tar"));
    images.catch(() => undefined); // awaited below; a failure before must not go unheard of as "unhandled"
    await startProgram("etcd", node);
    const credentials = await certificates;
    step("API server");
    await startProgram("kube-apiserver", node);
    await waitUntil(
        "the API server",
        log("kube-apiserver"),
        60,
        async () => (await callApi(credentials, "GET", "/readyz")).status === 200,
    );
    step("node and cluster DNS");
    await Promise.all(
        (["kube-controller-manager", "kube-scheduler", "kube-proxy"] as const).map((program) =>
            startProgram(program, node),
        ),
    );
    for (const { path, object } of clusterObjects) await createObject(credentials, path, object);
    await images;
    await startProgram("kubelet", node);
    let reason: string | undefined;
    await waitUntil("the cluster", stateFolder, 60, async () => {
        reason = await whyNotReady(credentials, node.holder);
        if (reason !== undefined) throw new Error(reason);
        return true;
    });
    writeState({ holder: node.holder, complete: true });
    step("ready");
}
