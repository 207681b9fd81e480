import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf, SandboxError } from "../errors.ts";
import { controlNode, sandboxKubeconfig, sandboxLock } from "../layout.ts";
import { withLock } from "../lock.ts";
import { credentialsIn } from "../node/certificates.ts";
import { type RunningNode, remembered, startProgram, waitUntil } from "../node/node.ts";
import type { Say } from "../say.ts";
import { readState } from "../state.ts";
import { programsOn, readCredentials } from "./health.ts";
import { waitForApi } from "./start.ts";

const apiServer = "kube-apiserver";
const lockPurpose = "stopping the API server for a scenario";
/** Seconds until the lock: whoever asked doesn't wait longer for the outage. */
const lockSeconds = 20;
/** Seconds until a killed process has ended. */
const endSeconds = 10;

/**
 * Whether this is the sandbox of this machine. Contexts can have any name, and other machines' sandboxes have the same address;
 * but the certificate authority is another one at every start.
 * @param ca PEM, in base64, as in a kubeconfig
 */
export function isThisSandbox(server: string, ca: string | undefined, kubeconfig: string = sandboxKubeconfig): boolean {
    try {
        const own = credentialsIn(readFileSync(kubeconfig, "utf8"));
        return own.server === server && own.ca === Buffer.from(ca ?? "", "base64").toString();
    } catch {
        return false; // there is no sandbox
    }
}

/**
 * Stops the sandbox's API server for a while, as a crash does; everything else goes on. It holds the sandbox's lock meanwhile, so
 * that nobody repairs what is stopped on purpose. If this process is killed, the next `sandbox up` starts the API server.
 * @param signal ends the outage early; the API server is started again in any case
 * @throws SandboxError if the sandbox is down or busy, or its API server does not come back
 */
export async function apiServerAway(seconds: number, say: Say, signal: AbortSignal): Promise<void> {
    const asked = performance.now();
    await withLock(sandboxLock, lockPurpose, say, async () => {
        if (signal.aborted) return;
        const waited = (performance.now() - asked) / 1000;
        if (waited > lockSeconds)
            throw new SandboxError(
                `the sandbox was busy for ${Math.round(waited)} s, so its API server was not stopped; start the run again`,
            );
        const control = runningControlNode();
        const pid = pidOn(control);
        if (pid === undefined)
            throw new SandboxError(
                `${apiServer} is not running on ${control.description.name}; run hopcost sandbox up, then start the run again`,
            );
        try {
            // SIGTERM would let it leave the Service "kubernetes" first, and Pods would miss it for longer than it is away.
            process.kill(pid, "SIGKILL");
            await waitUntil(`the end of ${apiServer}`, endSeconds, async () => pidOn(control) === undefined);
            say(`The API server is stopped for ${seconds} s`);
            await sleep(seconds * 1000, undefined, { signal }).catch(() => {}); // ended early
        } finally {
            say("Starting the API server again");
            await startAgain(control);
        }
    });
}

/** @throws SandboxError if the sandbox is down */
function runningControlNode(): RunningNode {
    const state = readState().find(({ number }) => number === controlNode.number);
    if (state === undefined)
        throw new SandboxError("the sandbox is down; run hopcost sandbox up, then start the run again");
    return remembered(state);
}

/** The API server's process on the host. */
function pidOn(control: RunningNode): number | undefined {
    return programsOn([control]).find(({ name }) => name === apiServer)?.pid;
}

async function startAgain(control: RunningNode): Promise<void> {
    try {
        if (pidOn(control) === undefined) await startProgram(apiServer, control);
        await waitForApi(readCredentials());
    } catch (error) {
        throw new SandboxError(
            `the sandbox's API server did not start again: ${reasonOf(error)}; run hopcost sandbox up, which repairs it`,
            { cause: error },
        );
    }
}
