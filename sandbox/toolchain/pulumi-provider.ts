import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { execa } from "execa";
import { reasonOf, SandboxError } from "../errors.ts";
import { withLock } from "../lock.ts";
import { type Say, sayWhile } from "../say.ts";
import { goBuild } from "./go-build.ts";
import { providerBuild, providerVersion } from "./go-builds.ts";
import { provider, toolFolder } from "./tools.ts";

/** Version of the npm package `@pulumi/kubernetes`, for which the engine wants the same version of the provider. */
export function providerWanted(): string {
    const { version } = createRequire(import.meta.url)("@pulumi/kubernetes/package.json") as { version: string };
    return version;
}

/** Whether a Pulumi home has the complete Kubernetes provider: the engine marks an incomplete one with `.partial`. */
export function hasProvider(home: string, version: string = providerWanted()): boolean {
    const folder = join(home, "plugins", `resource-kubernetes-v${version}`);
    return existsSync(join(folder, providerBuild.binary)) && !existsSync(`${folder}.partial`);
}

/**
 * Makes sure that the engine has the Kubernetes provider: an existing one, else the pinned version as upstream releases it or
 * built from Go modules; for other versions and other systems than Linux, the engine downloads it.
 * @param command the `pulumi` program
 * @param env variables added to our environment for its calls
 * @param home folder of its plugins
 * @throws SandboxError if it can neither be downloaded nor built
 */
export async function ensureProvider(
    command: string,
    env: Readonly<Record<string, string>>,
    home: string,
    say: Say,
    version: string = providerWanted(),
): Promise<void> {
    if (hasProvider(home, version)) return;
    const what = `installing Pulumi's Kubernetes provider ${version}`;
    await withLock(join(home, "hopcost-provider.lock"), what, say, async () => {
        if (hasProvider(home, version)) return; // installed while we waited
        const install = async (...more: string[]): Promise<void> => {
            const args = ["plugin", "install", "resource", "kubernetes", version, ...more];
            await execa(command, args, { env, stdin: "ignore" });
        };
        const installFrom = async (folder: string): Promise<void> => {
            const file = join(folder, providerBuild.binary);
            try {
                await install("--file", file, "--reinstall");
            } catch (error) {
                const text = `"pulumi plugin install" refused ${file}: ${reasonOf(error)}`;
                throw new SandboxError(text, { cause: error });
            }
        };
        if (process.platform === "linux" && version === providerVersion) {
            await installFrom(await toolFolder(provider, say));
            return;
        }
        try {
            await sayWhile(say, (elapsed) => `${what}: ${elapsed}`, install());
        } catch (error) {
            if (version !== providerVersion) {
                const remedy = `only ${providerVersion} can be built: npm install @pulumi/kubernetes@${providerVersion}`;
                const text = `Pulumi's Kubernetes provider ${version} can't be downloaded (${reasonOf(error)}), and ${remedy}`;
                throw new SandboxError(text, { cause: error });
            }
            say(`${providerBuild.title} can't be downloaded; building it from Go modules instead`);
            await installFrom(await goBuild(providerBuild, say));
        }
    });
}
