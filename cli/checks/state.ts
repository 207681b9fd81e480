import { accessSync, constants, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { hostname, uptime } from "node:os";
import { dirname, join } from "node:path";
import { CommandError as PulumiError } from "@pulumi/pulumi/automation/index.js";
import { execa } from "execa";
import { identityOf } from "../../sandbox/process-identity.ts";
import type { PulumiCommandLine } from "../../sandbox/toolchain/pulumi-command.ts";
import { environmentFor } from "../../sandbox/toolchain/pulumi-tools.ts";
import { reasonOf } from "../cluster/cluster.ts";
import { packageRoot, projectName, resultsFolder } from "../project.ts";
import type { ChosenStack } from "../stack/chosen-stack.ts";
import { backendOf, pulumiText, workFolder } from "../stack/stack.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { advice, failure, type Outcome, ok, warning } from "./check.ts";

/** Pulumi's lock on a stack, as the file backend stores it. */
export interface Lock {
    pid: number;
    username: string;
    hostname: string;
    /** ISO 8601. */
    timestamp: string;
}

/** What is known about the state of a stack. */
export interface StackState {
    /** Also empty if the backend doesn't show its locks before a run. */
    locks: readonly Lock[];
    /** Those that an interrupted run did not finish, e.g. `creating Deployment net-sender`. */
    pending: readonly string[];
}

/** The part of Pulumi's exported or stored state that matters here. */
interface Deployment {
    pending_operations?: { type: string; resource: { urn: string; type: string } }[];
}

/**
 * Whether a run can change a stack.
 * @param command the Pulumi that a run will use; undefined if it must be downloaded or built first
 */
export async function checkState(
    chosen: ChosenStack,
    command: PulumiCommandLine | undefined,
    signal: AbortSignal,
): Promise<Outcome> {
    const { name: stack, state } = chosen;
    const readOnly = readOnlyOutcome(chosen);
    if (readOnly !== undefined) return readOnly;
    const env = { ...(command && environmentFor(command)), ...backendOf(chosen) };
    const used = workFolder(chosen);
    const at = { name: chosen.qualifiedName, folder: existsSync(used) ? used : packageRoot };
    const pulumi = (args: string) => pulumiText(at, command?.command ?? "pulumi", env, args);
    if (state !== undefined) return stateOutcome(stack, readStateFiles(state, stack), isHolderAlive, pulumi);
    if (command === undefined) {
        const detail = `Can't check whether stack "${stack}" is locked or was interrupted: there is no Pulumi yet`;
        return warning(detail, "start hopcost doctor again after the first run");
    }
    try {
        const state = await exportState(command.command, env, chosen.qualifiedName, signal);
        return stateOutcome(stack, state, isHolderAlive, pulumi);
    } catch (error) {
        if (signal.aborted) throw signal.reason;
        return unreadOutcome(stack, reasonOf(error));
    }
}

/**
 * The outcome if a run can't save anything; undefined if it can.
 * @param results folder of the results
 */
export function readOnlyOutcome(
    { home }: Pick<ChosenStack, "home">,
    results: string = resultsFolder,
): Outcome | undefined {
    for (const folder of [home, results]) {
        try {
            const existing = existingAbove(folder);
            accessSync(existing, constants.W_OK);
            if (!statSync(existing).isDirectory()) throw new Error(`${existing} is not a folder`);
        } catch (error) {
            return failure(
                `${folder} is not writable (${reasonOf(error)}): a run keeps its state and results there`,
                "make it writable, or start hopcost in another folder",
            );
        }
    }
    return undefined;
}

/** A folder, or what exists of the folders above: the rest of them is created in it. */
function existingAbove(folder: string): string {
    return existsSync(folder) ? folder : existingAbove(dirname(folder));
}

/** The outcome for a backend that can't be read: a run can't use it either. */
export function unreadOutcome(stack: string, reason: string): Outcome {
    return failure(
        `The state of stack "${stack}" can't be read (${reason})`,
        "log in to the backend of your stacks with pulumi login, and set PULUMI_CONFIG_PASSPHRASE if they use one",
    );
}

/** The outcome for a state that is not read in time, or not in Pulumi's format. */
export function unansweredState({ state }: Pick<ChosenStack, "state">, detail: string): Outcome {
    const remedy =
        state !== undefined
            ? `check the files in ${state}, then start again`
            : "check that the backend of your stacks answers (pulumi whoami), then start again";
    return failure(detail, remedy);
}

/**
 * Reports what Pulumi said when a run opened its stack, like {@link unreadOutcome}.
 * @returns a CommandError (preflight); the error itself if it is not Pulumi's
 */
export function unreadError(stack: string, error: unknown): unknown {
    if (!(error instanceof PulumiError)) return error;
    const reasons = new Set(error.message.match(/^error: .*/gm) ?? [error.message]);
    const outcome = unreadOutcome(stack, [...reasons].join("; "));
    return new CommandError(exitCodes.preflight, advice(outcome), { cause: error });
}

/** Reads a state that is kept in files, without Pulumi. @param folder of the backend */
export function readStateFiles(folder: string, stack: string): StackState {
    const kept = join(folder, ".pulumi");
    const lockFolder = join(kept, "locks", "organization", projectName, stack);
    const locks = namesIn(lockFolder)
        .filter((name) => name.endsWith(".json")) // beside each is a file of attributes
        .map((name) => JSON.parse(readFileSync(join(lockFolder, name), "utf8")) as Lock);
    const stackFolder = join(kept, "stacks", projectName);
    if (!namesIn(stackFolder).includes(`${stack}.json`)) return { locks, pending: [] };
    const { checkpoint } = JSON.parse(readFileSync(join(stackFolder, `${stack}.json`), "utf8")) as {
        checkpoint?: { latest?: Deployment };
    };
    return { locks, pending: pendingOf(checkpoint?.latest) };
}

/**
 * Asks Pulumi for the state of a stack.
 * @param command the `pulumi` program, and `env` what its calls need in their environment
 * @returns undefined if there is no such stack yet
 * @throws Error if the backend can't be read, e.g. because nobody is logged in
 */
export async function exportState(
    command: string,
    env: Readonly<Record<string, string>>,
    stack: string,
    signal: AbortSignal,
): Promise<StackState | undefined> {
    const args = ["stack", "export", "--stack", stack, "--non-interactive", "--cwd", packageRoot];
    const found = await execa(command, args, { env, reject: false, stdin: "ignore", cancelSignal: signal });
    if (found.failed && /no stack named/.test(found.stderr)) return undefined;
    if (found.failed) throw new Error(found.stderr.trim().split("\n").at(-1) || found.shortMessage);
    const { deployment } = JSON.parse(found.stdout) as { deployment?: Deployment };
    return { locks: [], pending: pendingOf(deployment) };
}

function pendingOf(deployment: Deployment | undefined): string[] {
    return (deployment?.pending_operations ?? []).map(({ type, resource }) => {
        return `${type} ${resource.type.split(":").at(-1)} ${resource.urn.split("::").at(-1)}`;
    });
}

/**
 * Whether a run can change the stack.
 * @param pulumi gives the command line that does something with the stack, e.g. for `cancel --yes`
 */
export function stateOutcome(
    stack: string,
    state: StackState | undefined,
    isAlive: (lock: Lock) => boolean,
    pulumi: (args: string) => string,
): Outcome {
    if (state === undefined) return ok(`stack "${stack}" doesn't exist yet; the first run creates it`);
    const text = ({ username, hostname, pid, timestamp }: Lock) =>
        `${username}@${hostname} (pid ${pid}) at ${timestamp}`;
    const [dead, alive] = [false, true].map((wanted) => state.locks.filter((lock) => isAlive(lock) === wanted));
    if (dead !== undefined && dead.length > 0) {
        return failure(
            `Stack "${stack}" is locked by a run whose process is gone (created by ${dead.map(text).join("; ")})`,
            `unlock it:\n  ${pulumi("cancel --yes")}`,
        );
    }
    if (alive !== undefined && alive.length > 0) {
        return warning(
            `Stack "${stack}" is locked by another run (created by ${alive.map(text).join("; ")})`,
            "wait until that run ends",
        );
    }
    if (state.pending.length > 0) {
        return warning(
            `A run of stack "${stack}" was interrupted while ${state.pending.join(", ")}`,
            `let Pulumi refresh its state:\n  ${pulumi("refresh --yes --clear-pending-creates")}`,
        );
    }
    return ok(`stack "${stack}" is not locked, and nothing is pending`);
}

/** Whether the process that took a lock still runs; one on another machine is assumed to be alive. */
export function isHolderAlive(lock: Lock, thisHost: string = hostname()): boolean {
    if (lock.hostname !== thisHost) return true;
    const holder = identityOf(lock.pid);
    if (holder === undefined) return false;
    // A process with this pid that began after the lock was taken is another one. Ticks are hundredths of a second.
    const began = Date.now() - (uptime() - holder.startTicks / 100) * 1000;
    return holder.startTicks === 0 || began <= Date.parse(lock.timestamp) + 1000;
}

function namesIn(folder: string): string[] {
    try {
        return readdirSync(folder);
    } catch {
        return []; // nothing was ever stored there
    }
}
