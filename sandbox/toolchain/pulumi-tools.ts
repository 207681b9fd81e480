import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Say } from "../say.ts";
import { cacheRoot } from "./cache.ts";
import { goBuild } from "./go-build.ts";
import { languageHostBuild, providerVersion, pulumiVersion, yamlHostBuild } from "./go-builds.ts";
import { cachedPulumi, installedPulumi, type PulumiCommandLine, pulumiOnPath } from "./pulumi-command.ts";
import { ensureProvider, hasProvider, providerWanted } from "./pulumi-provider.ts";
import { provider, pulumi, type Tool } from "./tools.ts";

/** A Pulumi that can deploy to Kubernetes. */
export interface PulumiTools {
    /** The `pulumi` program; its folder is named `bin`, as the Automation API requires. */
    command: string;
    /** Version of the engine, e.g. `3.259.0`. */
    version: string;
    /** Variables to add to the environment of every call. */
    env: Record<string, string>;
}

/**
 * The Pulumi to use: one on the PATH if its version fits, else the official one, else one built from Go modules (once,
 * about eight minutes on two cores). Likewise for the Kubernetes provider: existing, downloaded, or built.
 * @throws SandboxError if there is none and none can be built
 */
export async function pulumiTools(say: Say): Promise<PulumiTools> {
    const cli = (await presentPulumi()) ?? (await installedPulumi(say));
    const env = environmentFor(cli);
    await ensureProvider(cli.command, env, pulumiHome(env), say);
    return { command: cli.command, version: cli.version, env };
}

/** What {@link pulumiTools} will have to get on Linux; empty if everything is there. */
export async function missingPulumiTools(): Promise<Tool[]> {
    const found = await presentPulumi();
    const env = environmentFor(found ?? { command: "", version: pulumiVersion, source: "built" });
    const needsProvider = providerWanted() === providerVersion && !hasProvider(pulumiHome(env));
    return [...(found === undefined ? [pulumi] : []), ...(needsProvider ? [provider] : [])];
}

async function presentPulumi(): Promise<PulumiCommandLine | undefined> {
    return (await pulumiOnPath()) ?? (await cachedPulumi());
}

/** Folder with `pulumi-language-nodejs`, with which `pulumi up` runs a Node program; built on the first call. */
export async function languageHostFolder(say: Say): Promise<string> {
    return goBuild(languageHostBuild, say);
}

/** Folder with `pulumi-language-yaml`, with which it runs a YAML program; built on the first call. */
export async function yamlHostFolder(say: Say): Promise<string> {
    return goBuild(yamlHostBuild, say);
}

/**
 * Variables that a call of this Pulumi needs. One that we installed gets its own home, so that the user's doesn't
 * change; a login in the user's home stays valid.
 */
export function environmentFor(
    cli: PulumiCommandLine,
    env: NodeJS.ProcessEnv = process.env,
    userHome: string = homedir(),
): Record<string, string> {
    const common = { PULUMI_SKIP_UPDATE_CHECK: "true" };
    if (cli.source === "path") return common;
    const theirs = env.PULUMI_HOME ?? join(userHome, ".pulumi");
    const loggedIn = existsSync(join(theirs, "credentials.json"));
    const credentials = env.PULUMI_CREDENTIALS_PATH ?? (loggedIn ? theirs : undefined);
    return {
        ...common,
        PULUMI_HOME: join(cacheRoot(env), "pulumi-home"),
        ...(credentials === undefined ? {} : { PULUMI_CREDENTIALS_PATH: credentials }),
    };
}

/** The folder in which a Pulumi started with `env` keeps its plugins. */
export function pulumiHome(env: Readonly<Record<string, string>>): string {
    return env.PULUMI_HOME ?? process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
}
