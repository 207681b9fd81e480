#!/usr/bin/env node
/**
 * The `hopcost` command for whatever Node is on the PATH: installs what is missing, then runs `main.ts` under the
 * project's own Node 24, which runs TypeScript without compiling.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.mjs";

const here = dirname(fileURLToPath(import.meta.url));
if (process.argv[2] !== "complete") ensureInstalled(); // pressing Tab must not install anything

const bundled = join(here, "..", "node_modules", "node", "bin", "node");
const node = existsSync(bundled) ? bundled : process.execPath;
const env = {
    ...process.env,
    PATH: `${dirname(node)}:${process.env.PATH ?? ""}`,
    // Halves the time to start: Node keeps what it compiled, also for the language host and the policy pack.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(here, "..", "node_modules", ".cache", "hopcost"),
};
// A terminal sends Ctrl-C to both processes, so this one only waits. Other signals reach only this process. Listening before
// the child exists is safe: listeners run after this script's synchronous code, which starts the child.
process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
process.on("SIGTERM", () => child.kill("SIGTERM"));
const child = spawn(node, [join(here, "main.ts"), ...process.argv.slice(2)], { stdio: "inherit", env });
// A signal kills the child directly only while it is still loading.
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" || signal === "SIGTERM" ? 8 : 1)));
