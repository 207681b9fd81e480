import type { Results } from "../../model/results.ts";
import { adviceByYaml } from "../findings/rollout-yaml.ts";
import { tablesOf } from "../tables/tables.ts";
import { textGrid } from "./text-grid.ts";

/** Results as plain text: the verdict, every table with content, advice, the warnings. Ends with a newline. */
export function resultsText(results: Results): string {
    const tables = tablesOf(results).map(({ title, grids }) => [title, ...grids.map(textGrid)].join("\n\n"));
    const advice = adviceByYaml(results.scenarios?.advice).map(({ texts, yaml }) =>
        [...texts.map((text) => `advice: ${text}`), yaml.replaceAll(/^/gm, "    ")].join("\n"),
    );
    const warnings = results.warnings.map((warning) => `warning: ${warning}`).join("\n");
    return `${[results.summary, ...tables, ...advice, ...(warnings === "" ? [] : [warnings])].join("\n\n")}\n`;
}
