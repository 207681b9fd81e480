import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { setTimeout as sleep } from "node:timers/promises";

/** How long Pulumi may take to end after each request, in ms: to end what it does, to drop it, at once. */
const patience = [
    ["SIGINT", 12_000],
    ["SIGINT", 5000],
    ["SIGKILL", 1000],
] as const;

/** Running processes of the Automation API, which gives no access to them. */
const running = new Set<ChildProcess>();
subscribe("child_process", (message) => {
    const { process: child } = message as { process: ChildProcess };
    child.once("spawn", () => {
        if (!/(^|[/\\])pulumi(\.exe)?$/.test(child.spawnfile)) return;
        running.add(child);
        child.once("exit", () => running.delete(child));
    });
});

/**
 * Ends the Pulumi that runs now: it cancels what it waits for, and unlocks the stack. If it can't, e.g. because the cluster
 * does not answer, it drops that, and is killed in the end.
 * @returns whether it was killed, which leaves the stack locked
 */
export async function endEngine(): Promise<boolean> {
    for (const [signal, ms] of patience) {
        if (running.size === 0) return false;
        for (const child of running) child.kill(signal);
        const until = performance.now() + ms;
        while (running.size > 0 && performance.now() < until) await sleep(50);
        if (signal === "SIGKILL") return true;
    }
    return false;
}
