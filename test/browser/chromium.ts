import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";
import { ensureInstalled } from "../support/debian.ts";

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
    await ensureInstalled(program, "chromium", "fonts-dejavu-core");
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
