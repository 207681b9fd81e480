/** Reading, comparing and showing results, for other programs. Pure: no files, no cluster. */

export type { Check, Checked } from "../model/check.ts";
export type { Compared } from "../model/comparison.ts";
export { ReportError } from "../model/error.ts";
export { parseInjection, parsePlan, parseResults, parseTrial } from "../model/parse.ts";
export type { Plan } from "../model/plan.ts";
export type { Results } from "../model/results.ts";
export type { Injection } from "../model/scenarios.ts";
export type { Trial } from "../model/trial.ts";
export { checkRun } from "./findings/check.ts";
export { compareRuns } from "./findings/compare.ts";
export { aggregate, type Measurements } from "./findings/results.ts";
export { parseThresholds, type Threshold } from "./findings/thresholds.ts";
export { checkedText } from "./formats/check-text.ts";
export { comparedText } from "./formats/compare-text.ts";
export { resultsCsv } from "./formats/csv.ts";
export { reportPage } from "./formats/html/page.ts";
export { junitXml } from "./formats/junit.ts";
export { resultsMarkdown } from "./formats/markdown.ts";
export { resultsOpenMetrics } from "./formats/openmetrics.ts";
export { resultsText } from "./formats/text.ts";
