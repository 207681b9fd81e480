import { linkSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { basename, delimiter, dirname, join, resolve } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { execa } from "execa";
import { reasonOf } from "../errors.ts";
import { type Say, sayWhile } from "../say.ts";
import { cached, cacheRoot, findCached, keyOf } from "./cache.ts";
import { goBuild, sourceName } from "./go-build.ts";
import { pulumiBuild, pulumiVersion } from "./go-builds.ts";
import { findReleased } from "./released-programs.ts";
import { pulumiRelease } from "./releases.ts";
import { getTools, pulumi } from "./tools.ts";

/** A `pulumi` program and its source. */
export interface PulumiCommandLine {
    /** Its path, which ends in `bin/pulumi`. */
    command: string;
    /** Without a leading `v`, e.g. `3.259.0`. */
    version: string;
    /** On the user's PATH, as upstream releases it, or built from Go modules. */
    source: "path" | "official" | "built";
}

/** The oldest engine on the user's PATH that is used; for older ones another is installed beside it. */
const oldest = { major: 3, minor: 200 } as const;
/** The versions that are used, in words. */
export const fitVersions = `${oldest.major}.${oldest.minor} or newer, below ${oldest.major + 1}`;
const installerName = `pulumi-official-${pulumiVersion}`;
const builtName = (): string => `${sourceName(pulumiBuild)}-bin`;

/** Whether the output of `pulumi version` is new enough and not of the next major version. */
export function isFit(version: string): boolean {
    const [, major, minor] = /^v?(\d+)\.(\d+)\.\d+/.exec(version) ?? [];
    return Number(major) === oldest.major && Number(minor) >= oldest.minor;
}

/** The first `pulumi` on the PATH. */
export interface OnPath {
    /** If its version can be used. */
    fit?: PulumiCommandLine;
    /** If not. */
    unfit?: { command: string; version: string };
}

/** Looks for the first `pulumi` on the PATH. Unlike system commands, it is searched nowhere else. */
export async function lookOnPath(path: string = process.env.PATH ?? ""): Promise<OnPath> {
    for (const folder of path.split(delimiter).filter((part) => part !== "")) {
        const command = resolve(folder, "pulumi");
        const version = await versionOf(command);
        if (version === undefined) continue;
        return isFit(version)
            ? { fit: { command: inBin(command), version, source: "path" } }
            : { unfit: { command, version } };
    }
    return {};
}

/** The first `pulumi` on the PATH, if its version fits. */
export async function pulumiOnPath(path?: string): Promise<PulumiCommandLine | undefined> {
    return (await lookOnPath(path)).fit;
}

/** The Pulumi that an earlier call installed or built. */
export async function cachedPulumi(): Promise<PulumiCommandLine | undefined> {
    const official = await inspect(findReleased(pulumiRelease) ?? findCached(installerName), "official");
    return official ?? (await inspect(findCached(builtName()), "built"));
}

/**
 * Pulumi, put into the cache: the official one, else one built from Go modules.
 * @throws SandboxError if there is none and none can be built
 */
export async function installedPulumi(say: Say): Promise<PulumiCommandLine> {
    // Upstream's programs for other systems come with its own installer, which knows their formats.
    if (process.platform === "linux") await getTools([pulumi], say);
    else await runInstaller(say);
    return (await cachedPulumi()) ?? (await builtPulumi(say));
}

async function runInstaller(say: Say): Promise<void> {
    const install = async (folder: string): Promise<void> => {
        await PulumiCommand.install({ root: folder }); // the version of the npm package, which is ours
    };
    const line = (elapsed: string): string =>
        `looking for Pulumi ${pulumiVersion} at its official installer: ${elapsed}`;
    const make = (folder: string): Promise<void> => sayWhile(say, line, install(folder));
    try {
        await cached({ name: installerName, what: "installing Pulumi", make }, say);
    } catch (error) {
        const [reason = ""] = reasonOf(error).split("\n");
        say(`the official Pulumi can't be installed (${reason}); building it from Go modules instead`);
    }
}

async function builtPulumi(say: Say): Promise<PulumiCommandLine> {
    const build = await goBuild(pulumiBuild, say);
    const make = async (folder: string): Promise<void> => {
        mkdirSync(join(folder, "bin"));
        linkSync(join(build, pulumiBuild.binary), join(folder, "bin", "pulumi"));
    };
    const folder = await cached({ name: builtName(), what: "installing Pulumi", make }, say);
    return { command: join(folder, "bin", "pulumi"), version: pulumiVersion, source: "built" };
}

async function inspect(
    folder: string | undefined,
    source: PulumiCommandLine["source"],
): Promise<PulumiCommandLine | undefined> {
    if (folder === undefined) return undefined;
    const command = join(folder, "bin", "pulumi");
    const version = await versionOf(command);
    return version === undefined ? undefined : { command, version, source };
}

/** What `pulumi version` answers, without the `v`; undefined if the program is missing or doesn't start. */
async function versionOf(command: string): Promise<string | undefined> {
    const env = { PULUMI_SKIP_UPDATE_CHECK: "true" };
    const result = await execa(command, ["version"], { env, reject: false, stdin: "ignore", timeout: 20_000 });
    return result.failed ? undefined : result.stdout.trim().replace(/^v/, "");
}

/** The Automation API finds only `bin/pulumi`; a program in another folder (shims of asdf or mise) is linked. */
function inBin(command: string): string {
    if (basename(dirname(command)) === "bin") return command;
    const link = join(cacheRoot(), `pulumi-link-${keyOf([command])}`, "bin", "pulumi");
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { force: true });
    symlinkSync(command, link);
    return link;
}
