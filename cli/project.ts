import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));
/** What the command keeps between runs: work folders and the state of stack `dev`. Ignored by git. */
export const stateFolder = join(projectRoot, ".hopcost");
/** Where results are saved, one folder per run. Ignored by git. */
export const resultsFolder = join(projectRoot, "results");
/** Name of the Pulumi project, as in Pulumi.yaml. */
export const projectName = "hopcost";
