import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { withLock } from "../../sandbox/lock.ts";

/** How long a first test may take: Debian's packages may have to be downloaded. */
export const installMs = 10 * 60_000;

/**
 * Installs a program from Debian's packages if it is missing, so that nothing is skipped on a fresh machine.
 * @param program path of the program, e.g. `/usr/bin/zsh`
 * @param packages that bring it
 */
export async function ensureInstalled(program: string, ...packages: string[]): Promise<void> {
    if (existsSync(program)) return;
    const say = (line: string) => console.error(`  ${line}`);
    await withLock(join(homedir(), ".cache", "hopcost", "debian.lock"), "installing Debian packages", say, async () => {
        if (existsSync(program)) return;
        say(`installing ${packages.join(" and ")} from Debian's packages (once, up to a minute)`);
        for (let tries = 1; ; tries++) {
            try {
                return await install(packages);
            } catch (error) {
                // Something else on the machine may hold apt's locks for a while, such as the sandbox in another lane.
                if (tries === 3) throw error;
                await sleep(15_000);
            }
        }
    });
}

async function install(packages: readonly string[]): Promise<void> {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    await execa("apt-get", ["update"], { env });
    await execa("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { env });
}
