import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));
/** What runs of a stack file keep: work folders and the state of stack `dev`. Ignored by git. */
export const stateFolder = join(projectRoot, ".hopcost");
/** Where results are saved, one folder per run: in the current folder. */
export const resultsFolder = resolve("results");
/** Name of the Pulumi project, as in Pulumi.yaml. */
export const projectName = "hopcost";
