import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { reasonOf, SandboxError } from "../errors.ts";
import { withLock } from "../lock.ts";
import { type Say, sayWhile } from "../say.ts";
import { goBuild } from "./go-build.ts";
import { providerBuild, providerVersion } from "./go-builds.ts";

const plugin = ["resource", "kubernetes", providerVersion] as const;

/** Whether a Pulumi home holds the Kubernetes provider, whole: the engine marks an unfinished one with `.partial`. */
export function hasProvider(home: string): boolean {
    const folder = join(home, "plugins", `resource-kubernetes-v${providerVersion}`);
    return existsSync(join(folder, providerBuild.binary)) && !existsSync(`${folder}.partial`);
}

/**
 * Sees to it that the engine has the Kubernetes provider: there already, else downloaded by the engine itself, else built
 * from Go modules.
 * @param command the `pulumi` program
 * @param env what its calls have in their environment besides ours
 * @param home where it keeps its plugins
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
        if (hasProvider(home)) return; // made while we waited
        const install = async (...more: string[]): Promise<void> => {
            await execa(command, ["plugin", "install", ...plugin, ...more], { env, stdin: "ignore" });
        };
        try {
            await sayWhile(say, (elapsed) => `${what}: ${elapsed}`, install());
        } catch {
            say(`${providerBuild.title} cannot be downloaded here; it is built from Go modules instead`);
            const file = join(await goBuild(providerBuild, say), providerBuild.binary);
            try {
                await install("--file", file, "--reinstall");
            } catch (error) {
                throw new SandboxError(`"pulumi plugin install" did not take ${file}: ${reasonOf(error)}`, {
                    cause: error,
                });
            }
        }
    });
}
