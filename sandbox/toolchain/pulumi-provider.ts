import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { reasonOf, SandboxError } from "../errors.ts";
import { withLock } from "../lock.ts";
import { type Say, sayWhile } from "../say.ts";
import { goBuild } from "./go-build.ts";
import { providerBuild, providerVersion } from "./go-builds.ts";

const plugin = ["resource", "kubernetes", providerVersion] as const;

/** Whether a Pulumi home has the complete Kubernetes provider: the engine marks an incomplete one with `.partial`. */
export function hasProvider(home: string): boolean {
    const folder = join(home, "plugins", `resource-kubernetes-v${providerVersion}`);
    return existsSync(join(folder, providerBuild.binary)) && !existsSync(`${folder}.partial`);
}

/**
 * Makes sure that the engine has the Kubernetes provider: an existing one, else downloaded by the engine, else built
 * from Go modules.
 * @param command the `pulumi` program
 * @param env variables added to our environment for its calls
 * @param home folder of its plugins
 */
export async function ensureProvider(
    command: string,
    env: Readonly<Record<string, string>>,
    home: string,
    say: Say,
): Promise<void> {
    if (hasProvider(home)) return;
    const what = `installing Pulumi's Kubernetes provider ${providerVersion}`;
    await withLock(join(home, "hopcost-provider.lock"), what, say, async () => {
        if (hasProvider(home)) return; // installed while we waited
        const install = async (...more: string[]): Promise<void> => {
            await execa(command, ["plugin", "install", ...plugin, ...more], { env, stdin: "ignore" });
        };
        try {
            await sayWhile(say, (elapsed) => `${what}: ${elapsed}`, install());
        } catch {
            say(`${providerBuild.title} can't be downloaded; building it from Go modules instead`);
            const file = join(await goBuild(providerBuild, say), providerBuild.binary);
            try {
                await install("--file", file, "--reinstall");
            } catch (error) {
                throw new SandboxError(`"pulumi plugin install" refused ${file}: ${reasonOf(error)}`, {
                    cause: error,
                });
            }
        }
    });
}
