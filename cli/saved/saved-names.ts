import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot, resultsFolder } from "../project.ts";

/** Names of the stacks that have a file, ascending, e.g. `dev` of `Pulumi.dev.yaml`. */
export function stackNames(folder = projectRoot): string[] {
    return readdirSync(folder)
        .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
        .sort();
}

/** Ids of the runs in a folder, the newest first. */
export function runIds(folder = resultsFolder): string[] {
    if (!existsSync(folder)) return [];
    const runs = readdirSync(folder).filter((name) => existsSync(join(folder, name, "plan.json")));
    return runs.sort().reverse();
}
