import { isMain } from "../../model/arms.ts";
import { resultsName } from "../../model/names.ts";
import { ablationSizes, mainSizes } from "../../model/plan.ts";
import type { Cell, Results } from "../../model/results.ts";
import { plural } from "../words/sentences.ts";
import { withFlows, withOnlyVerdicts, withoutTimeLines } from "./scenario-outline.ts";

/** Maximum bytes of the stack output as JSON. */
const outputLimit = 64 * 1024;
/** This many sizes, spread over all, show how a figure changes. */
const fewSizes = 5;
/** And this many show the curve of a main arm. */
const manySizes = 16;
/** The last step cuts texts of the platform and of errors after this many characters. */
const textLength = 200;
/** And keeps this many warnings. */
const fewWarnings = 20;

/** What is left out until the results fit, in this order. */
const steps: readonly { what: string; without: (results: Results) => Results }[] = [
    { what: "the time lines of the scenarios, and their single injections", without: withoutTimeLines },
    { what: "the resource usage of round trips", without: withoutUsage },
    { what: "the Prometheus metrics of each container", without: ({ metrics, ...results }) => results },
    { what: "the intervals of the ablation arms' quantiles", without: withoutAblationIntervals },
    { what: "the flows of scenarios except once and retry", without: (results) => withFlows(results, "once", "retry") },
    {
        what: "the ablation arms, phases and attributions at most sizes",
        without: (results) => {
            const kept = new Set([...spread(ablationSizes(results.plan)), ...spread(mainSizes(results.plan))]);
            return thinned(results, ({ size }) => kept.has(size));
        },
    },
    { what: "the phases", without: (results) => ({ ...results, phases: [] }) },
    {
        what: "the cells of the ablation arms",
        without: (results) => ({ ...results, cells: results.cells.filter(({ arm }) => isMain(arm)) }),
    },
    { what: "the comparisons and attributions", without: (results) => thinned(results, () => false) },
    { what: "the flow retry of scenarios", without: (results) => withFlows(results, "once") },
    {
        what: "the cells of the main arms at most sizes",
        without: (results) => {
            const kept = new Set(spread(mainSizes(results.plan), manySizes));
            return { ...results, cells: results.cells.filter(({ size }) => kept.has(size)) };
        },
    },
    { what: "the figures of scenarios except the verdicts", without: withOnlyVerdicts },
    { what: "long texts, and warnings beyond the first few", without: withShortTexts },
];

/**
 * The results as a stack output: complete if they fit, else without what explains rather than decides. A warning lists what
 * was left out and where to find it. The verdicts and the ratios always stay, and the cells of both main arms at 16 sizes.
 * @param limit maximum bytes of the JSON
 */
export function outline(results: Results, limit: number = outputLimit): Results {
    let shown = results;
    let smaller = results;
    const left: string[] = [];
    for (const { what, without } of steps) {
        if (fits(shown, limit)) return shown;
        const next = without(smaller);
        if (next === smaller) continue; // a run without scenarios has none to leave out
        smaller = next;
        left.push(what);
        shown = { ...smaller, warnings: [...smaller.warnings, leftOut(results.runId, left)] };
    }
    return shown;
}

function fits(results: Results, limit: number): boolean {
    return Buffer.byteLength(JSON.stringify(results)) <= limit;
}

function leftOut(runId: string, what: readonly string[]): string {
    return `This output leaves out ${what.join("; ")}. Find everything in results.json, in the run's folder and in ConfigMap ${resultsName(runId)}.`;
}

function withoutUsage(results: Results): Results {
    return { ...results, cells: results.cells.map(({ usage, ...cell }) => cell) };
}

/** The comparisons keep their own intervals. */
function withoutAblationIntervals(results: Results): Results {
    const without = ({ p50IntervalSeconds, p99IntervalSeconds, ...cell }: Cell) => cell;
    return { ...results, cells: results.cells.map((cell) => (isMain(cell.arm) ? cell : without(cell))) };
}

/** Keeps ablation cells, comparisons, attributions and phases only at some sizes; main arms stay complete. */
function thinned(results: Results, kept: (figure: { size: number }) => boolean): Results {
    return {
        ...results,
        cells: results.cells.filter((cell) => isMain(cell.arm) || kept(cell)),
        comparisons: results.comparisons.filter(kept),
        attributions: results.attributions.filter(kept),
        phases: results.phases.filter(kept),
    };
}

/** Sizes at about equal distances, including the smallest and the largest. */
function spread(sizes: readonly number[], most: number = fewSizes): number[] {
    const steps = Math.min(most, sizes.length) - 1;
    if (steps < 1) return [...sizes];
    return Array.from(
        { length: steps + 1 },
        (_, step) => sizes[Math.round((step * (sizes.length - 1)) / steps)] as number,
    );
}

function withShortTexts(results: Results): Results {
    const warnings = results.warnings.slice(0, fewWarnings);
    const more = results.warnings.length - warnings.length;
    const short = shortened({
        ...results,
        warnings: more > 0 ? [...warnings, `${plural(more, "more warning")}.`] : warnings,
    });
    return { ...short, summary: results.summary };
}

/** The same value with all its texts cut, at any depth. */
function shortened<T>(value: T): T {
    if (typeof value === "string") return (value.length > textLength ? `${value.slice(0, textLength)}...` : value) as T;
    if (Array.isArray(value)) return value.map(shortened) as T;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortened(inner)])) as T;
}
