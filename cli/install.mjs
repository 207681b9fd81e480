/**
 * Installs the dependencies from the lock file when `node_modules` is missing or older than the lock. Plain JavaScript
 * for any Node, because it runs before anything is installed; a fresh clone needs no step before `npm start`.
 */
import { spawnSync } from "node:child_process";
import { lstatSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Whether what `npm ci` installed is missing or older than the lock file. Always false for a linked `node_modules`: it
 * belongs to another checkout, where `npm ci` would empty it before replacing the link.
 * @param {string} folder the checkout
 */
export function installIsStale(folder) {
    if (lstatSync(join(folder, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink()) return false;
    const installed = statSync(join(folder, "node_modules", ".package-lock.json"), { throwIfNoEntry: false });
    const lock = statSync(join(folder, "package-lock.json"), { throwIfNoEntry: false });
    return installed === undefined || (lock !== undefined && lock.mtimeMs > installed.mtimeMs);
}

/** Runs `npm ci` if needed; ends the process with its exit code if it fails. */
export function ensureInstalled() {
    if (!installIsStale(root)) return;
    console.error("hopcost: installing the dependencies in package-lock.json with npm ci (takes about 30 s)");
    const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: root,
        stdio: ["ignore", 2, 2],
    });
    if (status === 0) return;
    console.error(
        `hopcost: npm ci failed in ${root} (${error?.message ?? `exit code ${status}`}); run npm ci there yourself`,
    );
    process.exit(status ?? 1);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) ensureInstalled();
