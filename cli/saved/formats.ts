import type { Results } from "../../model/results.ts";
import { resultsCsv } from "../../report/formats/csv.ts";
import { reportPage } from "../../report/formats/html/page.ts";
import { resultsMarkdown } from "../../report/formats/markdown.ts";
import { resultsText } from "../../report/formats/text.ts";
import { asJson } from "./run-folder.ts";

/** Every output format, by its name on the command line. JSON of a single run is not an array. */
export const formats = {
    html: reportPage,
    text: (runs) => runs.map(resultsText).join("\n"),
    markdown: resultsMarkdown,
    csv: resultsCsv,
    json: (runs) => asJson(runs.length === 1 ? runs[0] : runs),
    // Loaded on demand: the Prometheus client takes longer to load than all others together.
    openmetrics: async (runs) => (await import("../../report/formats/openmetrics.ts")).resultsOpenMetrics(runs),
} as const satisfies Record<string, (runs: readonly Results[]) => string | Promise<string>>;

/** A name in {@link formats}. */
export type Format = keyof typeof formats;
