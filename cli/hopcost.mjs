#!/usr/bin/env node
/**
 * The `hopcost` command for whatever Node is on the PATH. In a checkout it installs what is missing, then runs `main.ts` under the
 * project's own Node 24, which runs TypeScript without compiling; an installed package has `main.js`.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled } from "./install.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const isCheckout = existsSync(join(root, "package-lock.json"));
if (isCheckout && process.argv[2] !== "complete") ensureInstalled(); // pressing Tab must not install anything

const bundled = join(root, "node_modules", "node", "bin", "node");
const node = existsSync(bundled) ? bundled : process.execPath;
// A checkout brings its own. Said here, since what follows would fail on its first new function.
if (Number(process.versions.node.split(".")[0]) < 22 && !existsSync(bundled)) {
    console.error(
        `hopcost: needs Node.js 22 or newer, but this is ${process.version}; install one, e.g. from https://nodejs.org`,
    );
    process.exit(3);
}
const compiled = isCheckout ? join(root, "node_modules", ".cache", "hopcost") : join(tmpdir(), "node-compile-cache"); // as Node itself would
const env = {
    ...process.env,
    PATH: `${dirname(node)}:${process.env.PATH ?? ""}`,
    // Halves the time to start: Node keeps what it compiled, also for the language host and the policy pack.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? compiled,
};
// A terminal's Ctrl-C, and its end, reach only this process: the command and Pulumi are in a session of their own, or Pulumi
// would die at once and leave its lock. Listening before the child exists is safe: listeners run after this script's
// synchronous code, which starts the child.
const signals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
for (const signal of signals) process.on(signal, () => child.kill(signal));
const child = spawn(node, [join(here, isCheckout ? "main.ts" : "main.js"), ...process.argv.slice(2)], {
    stdio: "inherit",
    env,
    detached: process.platform !== "win32",
});
// A signal kills the child directly only while it is still loading.
child.on("exit", (code, signal) => process.exit(code ?? (signals.some((it) => it === signal) ? 8 : 1)));
