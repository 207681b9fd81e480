import { chmodSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Say } from "../say.ts";
import { cached, keyOf } from "./cache.ts";

/** What the engine looks for on the PATH where no language host runs a policy pack in Node.js. */
const name = "pulumi-analyzer-policy-nodejs";

/**
 * Folder with the program that runs a policy pack for an engine without language hosts, which is what is built from Go
 * modules. It belongs at the end of the PATH: an official Pulumi brings its own, and then takes that.
 */
export async function policyAnalyzerFolder(say: Say): Promise<string> {
    const runner = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js");
    // The engine starts it in the pack's folder, with its own address and that folder as arguments.
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
