import { chmodSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Say } from "../say.ts";
import { cached, keyOf } from "./cache.ts";

/** Program that the engine looks for on the PATH if no language host runs a Node.js policy pack. */
const name = "pulumi-analyzer-policy-nodejs";

/**
 * Folder with the program that runs a policy pack for an engine without language hosts, as built from Go modules. Put
 * it at the end of the PATH, so that an official Pulumi uses its own.
 */
export async function policyAnalyzerFolder(say: Say): Promise<string> {
    const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");
    // The engine starts it in the pack's folder, with the engine's address and that folder as arguments.
    const script = `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(runner)} "$@"\n`;
    const make = async (folder: string): Promise<void> => {
        writeFileSync(join(folder, name), script);
        chmodSync(join(folder, name), 0o755);
    };
    return cached({ name: `policy-analyzer-${keyOf([script])}`, what: "preparing policy packs", make }, say);
}

/** A text as one word of the shell. */
function quoted(text: string): string {
    return `'${text.replaceAll("'", "'\\''")}'`;
}
