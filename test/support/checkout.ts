import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { projectRoot } from "../../cli/project.ts";

/** Folders that aren't copied. */
const notCopied = new Set(["node_modules", ".git", ".hopcost", "dist", "results"]);

/** Part of each checkout's path: what addresses, globs, shells and sockets are known to trip over. */
const awkward = "100% of #1? %2F & Zoë's $HOME 漢字 ";

/**
 * A copy of the checkout with a changed stack `dev`; its `node_modules` is ours.
 * @param config keys of Pulumi.dev.yaml to set, e.g. `{ "hopcost:rounds": 1 }`; undefined removes one
 */
export function checkoutWith(config: Record<string, unknown> = {}): string {
    const folder = mkdtempSync(join(tmpdir(), `hopcost-checkout-${awkward.repeat(5)}`));
    const filter = (source: string) => dirname(source) !== projectRoot || !notCopied.has(basename(source));
    cpSync(projectRoot, folder, { recursive: true, preserveTimestamps: true, filter });
    symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
    setConfig(folder, config);
    return folder;
}

/** Sets keys of a checkout's Pulumi.dev.yaml. */
export function setConfig(folder: string, config: Record<string, unknown>): void {
    const path = join(folder, "Pulumi.dev.yaml");
    const document = parse(readFileSync(path, "utf8"));
    writeFileSync(path, stringify({ ...document, config: { ...document.config, ...config } }));
}

/** Removes a checkout made by {@link checkoutWith}. */
export function removeCheckout(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
}
