/** What the scenarios share whose responder's container restarts, or whose Pod is replaced. */
import { NotInjected, type PodView, type Stage } from "./scenario.ts";

/** Kills the responder's process. @param seconds until the restart must be seen */
export async function killOnce(stage: Stage, seconds: number): Promise<string> {
    const before = responderOf(stage).restarts;
    await stage.agent("responder", "POST", "/scenario/fault", { kind: "kill" });
    await restarted(stage, before, seconds);
    const { restarts, lastEnd } = responderOf(stage);
    if (lastEnd?.exitCode !== 137)
        throw new NotInjected(
            `the container ended with ${lastEnd?.exitCode ?? "no exit code"}, expected 137 (SIGKILL)`,
        );
    return `restart ${restarts}, exit code 137`;
}

/** Waits for the next restart of the responder's container. */
export function restarted(stage: Stage, before: number, seconds: number): Promise<void> {
    return stage.until("a restart", () => (stage.pod("responder")?.restarts ?? 0) > before, seconds);
}

/** Waits for another Pod than this one. @returns it */
export async function replaced(stage: Stage, { uid }: PodView): Promise<PodView> {
    await stage.until("another Pod", () => (stage.pod("responder")?.uid ?? uid) !== uid, 60);
    return responderOf(stage);
}

/** @throws NotInjected if there is none */
export function responderOf(stage: Stage): PodView {
    const pod = stage.pod("responder");
    if (pod === undefined) throw new NotInjected("there is no responder's Pod");
    return pod;
}
