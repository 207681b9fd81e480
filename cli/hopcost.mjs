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
// A terminal's Ctrl-C, and its end, reach only this process: the command and Pulumi are in a session of their own, or Pulumi
// would die at once and leave its lock. Listening before the child exists is safe: listeners run after this script's
// synchronous code, which starts the child.
const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
for (const signal of signals) process.on(signal, () => child.kill(signal));
const child = spawn(node, [join(here, "main.ts"), ...process.argv.slice(2)], {
    stdio: "inherit",
    env,
    detached: process.platform !== "win32",
});
// A signal kills the child directly only while it is still loading.
child.on("exit", (code, signal) => process.exit(code ?? (signals.some((it) => it === signal) ? 8 : 1)));
