import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout, or the installed package: where our own files are. */
export const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));
/** Whether this is a checkout. */
export const isCheckout = existsSync(join(packageRoot, "package-lock.json"));
/** Where stack files are: the checkout; for an installed package the current folder. */
export const projectRoot = isCheckout ? packageRoot : resolve();
/** What runs of a checkout's stack file keep: work folders and the state of stack `dev`. Ignored by git. */
export const stateFolder = join(packageRoot, ".hopcost");
/** Where results are saved, one folder per run: in the current folder. */
export const resultsFolder = resolve("results");
/** Name of the Pulumi project, as in Pulumi.yaml. */
export const projectName = "hopcost";
