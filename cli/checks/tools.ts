import { existsSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import packageJson from "../../package.json" with { type: "json" };
import { providerBuild, providerVersion, pulumiBuild, pulumiVersion } from "../../sandbox/toolchain/go-builds.ts";
import {
    cachedPulumi,
    fitVersions,
    lookOnPath,
    type OnPath,
    type PulumiCommandLine,
} from "../../sandbox/toolchain/pulumi-command.ts";
import { hasProvider, providerWanted } from "../../sandbox/toolchain/pulumi-provider.ts";
import { environmentFor, pulumiHome } from "../../sandbox/toolchain/pulumi-tools.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";

const oldestNode = packageJson.engines.node.replace(">=", "");

/** What the checks of the tools found. */
export interface ToolsFound {
    node: Outcome;
    pulumi: Outcome;
    provider: Outcome;
    /** The Pulumi that a run will use; undefined if it must be downloaded or built first. */
    command: PulumiCommandLine | undefined;
}

/** Looks for the tools of a run; downloads and builds nothing. */
export async function checkTools(): Promise<ToolsFound> {
    const [node, { fit: plain, unfit }] = await Promise.all([nodeOnPath(), lookOnPath()]);
    const command = plain ?? (await cachedPulumi());
    // A Pulumi that is yet to be downloaded or built will use our own home.
    const home = pulumiHome(environmentFor(command ?? { command: "", version: pulumiVersion, source: "built" }));
    return {
        node: nodeOutcome(process.version, node, plain !== undefined),
        pulumi: pulumiOutcome(command, unfit),
        provider: providerOutcome(hasProvider(home), providerWanted()),
        command,
    };
}

/**
 * The version of the Node that plain `pulumi` would find; undefined if there is none. The command's own Node doesn't count,
 * however it got on the PATH: npx puts a link to it there.
 */
export async function nodeOnPath(path: string = process.env.PATH ?? ""): Promise<string | undefined> {
    const own = realpathSync(process.execPath);
    const isOwn = (folder: string) => existsSync(join(folder, "node")) && realpathSync(join(folder, "node")) === own;
    const PATH = path
        .split(delimiter)
        .filter((folder) => !isOwn(folder))
        .join(delimiter);
    const found = await execa("node", ["--version"], { env: { PATH }, reject: false, stdin: "ignore", timeout: 5000 });
    return found.failed ? undefined : found.stdout.trim();
}

/**
 * Whether Node is new enough.
 * @param running version that runs the command, e.g. `v24.21.0`
 * @param onPath version with which plain `pulumi` would run the program
 * @param pulumiOnPath whether there is a plain `pulumi`
 */
export function nodeOutcome(running: string, onPath: string | undefined, pulumiOnPath: boolean): Outcome {
    if (!isAtLeast(running, oldestNode)) {
        return failure(
            `Node ${running} runs the command, but the program needs ${oldestNode} or newer`,
            "start hopcost with cli/hopcost.mjs, or put a newer Node first on the PATH",
        );
    }
    const plain = onPath === undefined ? "there is no Node" : `Node ${onPath} is`;
    if (onPath !== undefined && isAtLeast(onPath, oldestNode)) {
        return ok(`${running} runs the command, ${onPath} is on the PATH for plain pulumi`);
    }
    const detail = `${running} runs the command; ${plain} on the PATH, but plain pulumi needs ${oldestNode} or newer`;
    return pulumiOnPath
        ? warning(detail, `put Node ${oldestNode} or newer on the PATH, or use hopcost run`)
        : ok(detail);
}

/**
 * Which Pulumi a run will use.
 * @param found what is already installed
 * @param unfit what is on the PATH but can't be used
 */
export function pulumiOutcome(found: PulumiCommandLine | undefined, unfit?: OnPath["unfit"]): Outcome {
    if (unfit !== undefined) {
        const instead =
            found === undefined ? `the first run downloads or builds ${pulumiVersion}` : `runs use ${found.command}`;
        return warning(
            `${unfit.command} is Pulumi ${unfit.version}, but ${fitVersions} is needed: ${instead}`,
            "upgrade it, so that pulumi and hopcost use the same one: https://www.pulumi.com/docs/install/",
        );
    }
    if (found === undefined) {
        return warning(
            `Pulumi is not installed: the first run downloads ${pulumiVersion}, or builds it if that fails (about ${pulumiBuild.minutes} minutes)`,
            "nothing to do, or install it yourself: https://www.pulumi.com/docs/install/",
        );
    }
    const sources = { path: "on the PATH", official: "in the cache, downloaded", built: "in the cache, built" };
    return ok(`${found.version} (${sources[found.source]}: ${found.command})`);
}

/**
 * Whether the provider is installed.
 * @param version of the npm package `@pulumi/kubernetes`, whose plugin it must be
 */
export function providerOutcome(isThere: boolean, version: string): Outcome {
    if (isThere) return ok(`${version}, as the npm package`);
    const built =
        version === providerVersion ? `, or builds it if that fails (about ${providerBuild.minutes} minutes)` : "";
    return warning(
        `The plugin is not installed: the first run downloads ${version}${built}`,
        `nothing to do, or: pulumi plugin install resource kubernetes ${version}`,
    );
}

/** Compares versions such as `v24.21.0` and `22.18` by their numbers. */
function isAtLeast(version: string, oldest: string): boolean {
    const [one, other] = [version, oldest].map((text) => text.replace(/^v/, "").split(".").map(Number));
    for (const [index, least] of (other ?? []).entries()) {
        const number = one?.[index] ?? 0;
        if (number !== least) return number > least;
    }
    return true;
}
