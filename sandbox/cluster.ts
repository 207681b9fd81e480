import { setTimeout as sleep } from "node:timers/promises";
import { containerRuntime } from "./debian-packages.ts";
import { reasonOf, SandboxError } from "./errors.ts";
import { goBuild } from "./go-build.ts";
import { kubernetesBuild, pauseBuild } from "./go-builds.ts";
import { controlProcesses, dnsIsSilent, missingPrograms, readCredentials, whyNotReady } from "./health.ts";
import { ensureCommands, refuseUnfitHost } from "./host.ts";
import { imageArchive } from "./images.ts";
import { sandboxLock } from "./layout.ts";
import { withLock } from "./lock.ts";
import { refuseNetworkConflicts } from "./network.ts";
import { isAlive, type ProcessIdentity } from "./process-identity.ts";
import type { Say } from "./say.ts";
import { keepLogs, type Programs, repairSandbox, startSandbox } from "./start.ts";
import { readState } from "./state.ts";
import { hasTraces, tearDown } from "./teardown.ts";

export { sandboxNodeImage } from "./images.ts";
export { sandboxContext, sandboxKubeconfig } from "./layout.ts";
export { type SandboxStatus, sandboxStatus } from "./status.ts";

/**
 * What the cluster mends by itself, such as a Pod without its shim, it mends within this time. Not less: on a busy machine
 * a healthy sandbox answers slowly, and starting it afresh would end somebody's run.
 */
const healingSeconds = 10;
/** A cluster DNS that was killed is left alone by the kubelet for ten seconds first. */
const dnsHealingSeconds = 15;
const lockPurpose = "starting or stopping the sandbox";

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
 * Sees to it that the sandbox is up and can take a Pod. Programs of it that have ended are started again; what cannot
 * be mended is removed and started afresh, for nothing in the sandbox is meant to outlive it.
 * @returns `started` true if it was started from nothing by this call; false if it was there, mended or not
 */
export async function sandboxUp(say: Say): Promise<{ started: boolean }> {
    const programs = await prepareCluster(say);
    return withLock(sandboxLock, lockPurpose, say, async () => {
        if (await isUpOrMended(say)) return { started: false };
        await tearDown();
        await refuseNetworkConflicts();
        try {
            await startSandbox(programs, say);
        } catch (error) {
            const logs = keepLogs();
            await tearDown();
            throw new SandboxError(
                `the sandbox did not start: ${reasonOf(error)}; the logs of its programs are in ${logs}`,
                { cause: error },
            );
        }
        return { started: true };
    });
}

/** Stops the sandbox and removes every trace of it but the cache. @returns whether it was running */
export async function sandboxDown(say: Say): Promise<{ wasUp: boolean }> {
    refuseUnfitHost();
    await ensureCommands(say);
    return withLock(sandboxLock, lockPurpose, say, async () => {
        const state = readState();
        const wasUp = state !== undefined && isAlive(state.holder);
        if (wasUp) say("stopping the sandbox");
        await tearDown();
        return { wasUp };
    });
}

async function isUpOrMended(say: Say): Promise<boolean> {
    const reason = await whyToStartAfresh(say);
    if (reason !== undefined && reason !== "") say(`the sandbox is broken (${reason}): starting it afresh`);
    return reason === undefined;
}

/** Undefined if the sandbox is or could be made whole; else the reason, which is empty if it is simply down. */
async function whyToStartAfresh(say: Say): Promise<string | undefined> {
    const state = readState();
    if (state === undefined) return hasTraces() ? "its state is lost" : "";
    if (!isAlive(state.holder)) return "its first process is gone";
    if (!state.complete) return "its start was interrupted";
    const { holder } = state;
    const missing = (): string[] => missingPrograms(controlProcesses(holder));
    try {
        // A program that was killed a moment ago may still seem to be there: so the wait ends when one is missing.
        if (missing().length === 0) await waitForHealing(holder);
        if (missing().length > 0) await repairSandbox(holder, missing(), say);
        return undefined;
    } catch (error) {
        return reasonOf(error);
    }
}

/** Waits until the cluster is whole or a program is missing. @throws SandboxError if it stays as it is */
async function waitForHealing(holder: ProcessIdentity): Promise<void> {
    const credentials = readCredentials();
    const begin = performance.now();
    while (missingPrograms(controlProcesses(holder)).length === 0) {
        const reason = await whyNotReady(credentials, holder).catch(reasonOf);
        if (reason === undefined) return;
        const seconds = reason === dnsIsSilent ? dnsHealingSeconds : healingSeconds;
        if (performance.now() - begin > seconds * 1000) throw new SandboxError(reason);
        await sleep(100);
    }
}
