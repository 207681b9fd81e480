import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { loadRun } from "../cli/saved/run-folder.ts";
import { identityOf, isAlive, type ProcessIdentity } from "../sandbox/process-identity.ts";
import { SandboxStack } from "./sandbox-stack.ts";
import { descendantsOf, killContainer, killTree, sandboxCore, startRun, type Victim } from "./victims.ts";

/** What came of a kill. */
export interface Killed {
    victim: Victim;
    /** When, in seconds after the start of the run. */
    atSeconds: number;
    /** Time from there to the end of the command, in seconds. */
    seconds: number;
    /** Of the command; null if it was killed itself, or its terminal was. */
    exitCode: number | null;
    /** Trials and injections that were finished before. */
    finished: number;
    /** Trials and injections that were saved. */
    reported: number;
    /** Whether the command ended in time. */
    ended: boolean;
    /** Its last words. */
    said: string;
}

/** Time after which a command hangs, in seconds: the deadline of the Job, its grace, and removing the stack. */
const longest = 600;
const now = () => performance.now() / 1000;

/** A run of its own stack and namespace, in which something is killed. */
export class KilledRun {
    readonly victim: Victim;
    private readonly core = sandboxCore();
    private readonly namespace: string;
    private readonly stack: SandboxStack;
    private readonly child: ChildProcess;
    private readonly exit: Promise<unknown>;
    private readonly hasScenarios: boolean;
    private readonly started = now();
    private killedAt = 0;
    private finished = 0;
    private said = "";
    /** Processes that outlive a closed terminal, for a while. */
    private left: ProcessIdentity[] = [];

    /** @param scenarios names of scenarios, of which it has two injections each; undefined: a run without */
    constructor(victim: Victim, lane: number, scenarios: string | undefined) {
        this.victim = victim;
        this.hasScenarios = scenarios !== undefined;
        this.namespace = `hopcost-bench-kills-${lane}`;
        this.stack = new SandboxStack(`bench-kills-${lane}`, {
            "hopcost:namespace": this.namespace,
            "hopcost:cpuRequest": "50m",
            "hopcost:sizes": ["64 B", "64 KiB"],
            "hopcost:warmupSeconds": 0.2,
            "hopcost:rounds": scenarios === undefined ? 6 : 1,
            "hopcost:metrics": false,
            ...(scenarios !== undefined && { "hopcost:scenarios": scenarios, "hopcost:injections": 2 }),
        });
        this.child = startRun(this.stack, victim === "terminal");
        this.exit = once(this.child, "exit");
        this.child.stderr?.on("data", (data) => (this.said += data));
    }

    private get isRunning(): boolean {
        return this.child.exitCode === null && this.child.signalCode === null;
    }

    /**
     * Kills the victim, a part of this run, so many seconds after its start, or after its first trial if it has scenarios; or as
     * soon as it is there.
     * @returns false if the run ended before
     */
    async killAt(seconds: number): Promise<boolean> {
        while (this.hasScenarios && this.isRunning && (await this.journal()) === 0) await sleep(500);
        await sleep(1000 * seconds);
        while (this.isRunning) {
            await this.noticeKill();
            if (await this.kill()) return true;
            await sleep(200);
        }
        return false;
    }

    /** Remembers what was finished, just before a kill. */
    async noticeKill(): Promise<void> {
        this.finished = await this.journal();
        this.killedAt = now();
    }

    private async kill(): Promise<boolean> {
        const pid = this.child.pid ?? 0;
        switch (this.victim) {
            case "command":
                killTree(pid);
                return true;
            case "terminal":
                this.left = descendantsOf(pid).flatMap((one) => identityOf(one) ?? []);
                this.child.kill("SIGKILL");
                return true;
            default:
                return await killContainer(this.core, this.namespace, this.victim).catch(() => false);
        }
    }

    /** How the command ended, and its last words. */
    get end(): string {
        return `exit code ${this.child.exitCode ?? "none"}, ${this.lastWords || "no words"}`;
    }

    private get lastWords(): string {
        return /\nhopcost: (.*)$/s.exec(this.said)?.[1]?.trim() ?? "";
    }

    /** Waits until the command has ended, after a kill. @returns what came of it */
    async result(): Promise<Killed> {
        const until = now() + longest;
        await Promise.race([this.exit, sleep(1000 * longest, undefined, { ref: false })]);
        while (this.left.some(isAlive) && now() < until) await sleep(200);
        const { victim, killedAt, finished } = this;
        const seconds = now() - killedAt;
        const ended = !this.isRunning && !this.left.some(isAlive);
        if (!ended) killTree(this.child.pid ?? 0);
        const reported = await this.reported();
        const atSeconds = killedAt - this.started;
        const said = this.lastWords;
        return { victim, atSeconds, seconds, exitCode: this.child.exitCode, finished, reported, ended, said };
    }

    /** Trials and injections that are saved. What only the cluster has when the command is killed, the next run saves. */
    private async reported(): Promise<number> {
        const run = this.stack.newestRun;
        const { trials, injections } = run === undefined ? { trials: [], injections: [] } : loadRun(run);
        const saved = trials.length + injections.length;
        return this.victim === "command" ? Math.max(saved, await this.journal()) : saved;
    }

    /** Trials and injections in the cluster. */
    private async journal(): Promise<number> {
        const labelSelector = "hopcost.io/kind in (trial, injection)";
        const list = this.core.listNamespacedConfigMap({ namespace: this.namespace, labelSelector });
        return (await list.catch(() => ({ items: [] }))).items.length;
    }

    /** Removes what it left. */
    async remove(): Promise<void> {
        await this.core.deleteNamespace({ name: this.namespace }).catch(() => {});
        const isGone = () =>
            this.core.readNamespace({ name: this.namespace }).then(
                () => false,
                () => true,
            );
        while (!(await isGone())) await sleep(500);
        this.stack.remove();
    }
}
