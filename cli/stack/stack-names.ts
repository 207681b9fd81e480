import { readdirSync } from "node:fs";
import { projectRoot } from "../project.ts";

/** Names of the stacks that have a file, ascending, e.g. `dev` of `Pulumi.dev.yaml`. */
export function stackNames(folder = projectRoot): string[] {
    return readdirSync(folder)
        .flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [])
        .sort();
}
