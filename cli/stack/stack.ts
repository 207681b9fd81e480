import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
    type EngineEvent,
    LocalWorkspace,
    PulumiCommand,
    type PulumiFn,
    type Stack,
} from "@pulumi/pulumi/automation/index.js";
import { stringify } from "yaml";
import { reasonOf } from "../../sandbox/errors.ts";
import { makeFolder } from "../../sandbox/make-folder.ts";
import type { Say } from "../../sandbox/say.ts";
import type { PulumiTools } from "../../sandbox/toolchain/pulumi-tools.ts";
import { packageRoot, projectName } from "../project.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { quoted, shellWord } from "../terminal/shell-word.ts";
import type { ChosenStack } from "./chosen-stack.ts";
import { stackFileName } from "./stack-file.ts";

/**
 * Selects a stack of the program in `index.ts`, through the same engine that `pulumi up` uses.
 *
 * It works in its own folder with a copy of the stack file that has the `overrides`, so a run never changes files under
 * version control.
 * @param overrides configuration of this run, e.g. `hopcost:runId`
 */
export async function openStack(
    chosen: ChosenStack,
    overrides: Record<string, string>,
    tools: PulumiTools,
    say: Say,
): Promise<Stack> {
    const { name, qualifiedName, file } = chosen;
    const workDir = workFolder(chosen);
    makeStateFolders(chosen);
    copyFileSync(join(packageRoot, "Pulumi.yaml"), join(workDir, "Pulumi.yaml"));
    const document = { ...file.document, config: { ...(file.document.config as object), ...overrides } };
    writeFileSync(join(workDir, stackFileName(name)), stringify(document));
    say("loading the program");
    const program: PulumiFn = (await import("../../index.ts")).default;
    say("selecting the stack");
    return await LocalWorkspace.createOrSelectStack(
        { stackName: qualifiedName, projectName, program },
        {
            workDir,
            pulumiCommand: await pulumiCommandOf(tools),
            envVars: { ...tools.env, ...usualKubeconfig(), TMPDIR: scratchFolder(chosen), ...backendOf(chosen) },
        },
    );
}

/** @throws CommandError (preflight) that names the folder */
function makeStateFolders(chosen: ChosenStack): void {
    try {
        makeFolder(workFolder(chosen));
        if (chosen.state !== undefined) makeFolder(chosen.state);
        makeFolder(scratchFolder(chosen), 0o700);
    } catch (cause) {
        throw new CommandError(
            exitCodes.preflight,
            `${chosen.home} can't be written (${reasonOf(cause)}): a run keeps its state there. Make it writable; with --context, XDG_DATA_HOME chooses another folder`,
            { cause },
        );
    }
}

/** Removes Pulumi's leftovers: its Kubernetes provider copies the kubeconfig, including keys, into TMPDIR at each start. */
export function removeScratch(chosen: Pick<ChosenStack, "home">): void {
    rmSync(scratchFolder(chosen), { recursive: true, force: true });
}

/** Whether the stack has deployed anything. */
export async function isDeployed(stack: Stack): Promise<boolean> {
    const { deployment } = (await stack.exportStack()) as { deployment?: { resources?: { type: string }[] } };
    return (deployment?.resources ?? []).some(({ type }) => !type.startsWith("pulumi:"));
}

/** The error if another run holds the stack: who holds it, and how to unlock it if that run is dead. */
export function lockedError(stack: Stack, cause: Error): CommandError {
    const holders = [...new Set(cause.message.match(/created by .*/g) ?? ["its backend doesn't say by whom"])];
    return new CommandError(
        exitCodes.preflight,
        `Stack "${stack.name}" is locked by another run (${holders.join("; ")}). Wait until that run ends; if its process is gone, unlock the stack and start again:\n  ${stackCommand(stack, "cancel --yes")}`,
        { cause },
    );
}

/** The same as {@link pulumiText}, for an open stack. */
export function stackCommand({ name, workspace }: Stack, args: string): string {
    return pulumiText({ name, folder: workspace.workDir }, workspace.pulumiCommand.command, workspace.envVars, args);
}

/**
 * A pulumi command line for a stack, with the settings that hopcost uses.
 * @param stack its name, and the folder in which Pulumi finds the project
 * @param args e.g. `cancel --yes`
 */
export function pulumiText(
    { name, folder }: { name: string; folder: string },
    command: string,
    env: Record<string, string>,
    args: string,
): string {
    const names = ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_HOME"];
    const settings = names.flatMap((name) => (name in env ? `${name}=${quoted(env[name] ?? "")}` : []));
    return `cd ${shellWord(folder)} && ${[...settings, shellWord(command), args].join(" ")} --stack ${shellWord(name)}`;
}

/** What the engine does now, in words, e.g. `creating Deployment net-sender`; undefined for events of no interest. */
export function describe(event: EngineEvent): string | undefined {
    const step = event.resourcePreEvent?.metadata;
    if (step === undefined || step.op === "same" || step.op === "read") return undefined;
    const verb = { create: "creating", update: "updating", delete: "deleting", replace: "replacing" }[
        step.op as string
    ];
    const [type, resource] = [step.type.split(":").at(-1), step.urn.split("::").at(-1)];
    return verb && !step.type.startsWith("pulumi:") ? `${verb} ${type} ${resource}` : undefined;
}

/** The variables that select the backend of a stack: one in files has an empty passphrase, since nothing in it is secret. */
export function backendOf({ state }: Pick<ChosenStack, "state">): Record<string, string> {
    return state === undefined ? {} : { PULUMI_BACKEND_URL: pathToFileURL(state).href, PULUMI_CONFIG_PASSPHRASE: "" };
}

/** KUBECONFIG for a process in another folder: relative paths start at the user's. */
export function usualKubeconfig({ KUBECONFIG }: NodeJS.ProcessEnv = process.env): Record<string, string> {
    if (KUBECONFIG === undefined) return {};
    const paths = KUBECONFIG.split(delimiter).map((path) => (path === "" ? "" : resolve(path)));
    return { KUBECONFIG: paths.join(delimiter) };
}

/** Where Pulumi finds the project and the settings of a stack: where the last run put them. */
export function workFolder({ home, name }: Pick<ChosenStack, "home" | "name">): string {
    return join(home, "work", name);
}

/** TMPDIR of the engine and its plugins; one per process, because it is removed at the end. */
function scratchFolder({ home }: Pick<ChosenStack, "home">): string {
    return join(home, `tmp-${process.pid}`);
}

/** The engine for the Automation API, which looks for `bin/pulumi` below a root. */
export function pulumiCommandOf({ command }: PulumiTools): Promise<PulumiCommand> {
    return PulumiCommand.get({ root: join(command, "..", ".."), skipVersionCheck: true });
}
