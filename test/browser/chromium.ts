import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { type BrowserContext, chromium } from "playwright-core";
import { withLock } from "../../sandbox/lock.ts";

/** How long a first test may take: Debian's packages may have to be downloaded. */
export const installMs = 10 * 60_000;

const program = "/usr/bin/chromium";
/** Only the page is allowed to use the network; otherwise the tests could not detect its requests. */
const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

/** How a page is viewed. */
export interface View {
    width: number;
    height?: number;
    colorScheme?: "light" | "dark";
}

/** A browser with its own profile, which {@link Browser.close} removes. */
export interface Browser {
    context: BrowserContext;
    close(): Promise<void>;
}

/** A real Chromium, installed from Debian's packages if it is missing. */
export async function openChromium({ width, height = 900, colorScheme = "light" }: View): Promise<Browser> {
    await ensureChromium();
    const profile = mkdtempSync(join(tmpdir(), "hopcost-chromium-"));
    const context = await chromium.launchPersistentContext(profile, {
        executablePath: program,
        args: ["--no-sandbox", "--disable-gpu", ...quiet],
        viewport: { width, height },
        colorScheme,
    });
    return {
        context,
        close: async () => {
            await context.close();
            rmSync(profile, { recursive: true, force: true });
        },
    };
}

async function ensureChromium(): Promise<void> {
    if (existsSync(program)) return;
    const say = (line: string) => console.error(`  ${line}`);
    await withLock(join(homedir(), ".cache", "hopcost", "chromium.lock"), "installing Chromium", say, async () => {
        if (existsSync(program)) return;
        say("installing Chromium and a font from Debian's packages (once, about a minute)");
        await execa("apt-get", ["update"]);
        await execa("apt-get", ["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"], {
            env: { DEBIAN_FRONTEND: "noninteractive" },
        });
    });
}
