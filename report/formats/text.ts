import type { Results } from "../../model/results.ts";
import { adviceByYaml } from "../findings/rollout-yaml.ts";
import { tablesOf } from "../tables/tables.ts";
import { plural } from "../words/sentences.ts";
import { textGrid } from "./text-grid.ts";

/** Warnings shown; the worst come first. */
const mostWarnings = 8;

/** Results as plain text: the verdict, every table with content, advice, the worst warnings. Ends with a newline. */
export function resultsText(results: Results): string {
    const tables = tablesOf(results).map(({ title, grids }) => [title, ...grids.map(textGrid)].join("\n\n"));
    const advice = adviceByYaml(results.scenarios?.advice).map(({ texts, yaml }) =>
        [...texts.map((text) => `advice: ${text}`), yaml.replaceAll(/^/gm, "    ")].join("\n"),
    );
    const warnings = results.warnings.slice(0, mostWarnings).map((warning) => `warning: ${warning}`);
    const more = results.warnings.length - warnings.length;
    if (more > 0) warnings.push(`${plural(more, "more warning")}: report.html has all`);
    const last = warnings.length === 0 ? [] : [warnings.join("\n")];
    return `${[results.summary, ...tables, ...advice, ...last].join("\n\n")}\n`;
}
