import type * as pulumi from "@pulumi/pulumi";
import type { Results } from "../model/results.ts";

/** Arguments of {@link saveResults}. */
export interface SaveResultsArgs {
    /** Folder on the machine that runs Pulumi; created if missing. */
    folder: string;
    results: pulumi.Output<Results>;
}

/** Copies the results from stdin into the folder named in the environment. */
const script = `
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const folder = process.env.HOPCOST_REPORT_DIR;
const make = (path) => existsSync(path) || (make(dirname(path)), mkdirSync(path)); // recursive, it never ends below /proc
make(folder);
writeFileSync(join(folder, "results.json"), readFileSync(0));
`.trim();

/**
 * Writes `results.json` on the machine that runs Pulumi whenever the results change. The provider is loaded only here,
 * because few stacks need it.
 */
export async function saveResults(
    name: string,
    { folder, results }: SaveResultsArgs,
    opts?: pulumi.CustomResourceOptions,
): Promise<pulumi.CustomResource> {
    const { local } = await import("@pulumi/command");
    const stdin = results.apply((value) => `${JSON.stringify(value, undefined, 2)}\n`);
    const environment = { HOPCOST_REPORT_DIR: folder };
    const args = { create: script, interpreter: ["node", "--eval"], environment, stdin };
    return new local.Command(name, { ...args, addPreviousOutputInEnv: false }, opts);
}
