import type { Element } from "hast";
import { h } from "hastscript";
import type { Results } from "../../../model/results.ts";
import type { ScenarioResults } from "../../../model/scenarios.ts";
import { summarizeDensity } from "../../findings/density-summary.ts";
import { environmentFacts } from "../../findings/facts.ts";
import { adviceByYaml } from "../../findings/rollout-yaml.ts";
import { elasticityPlot } from "../../plots/elasticity.ts";
import { ablationsOf } from "../../plots/latency.ts";
import type { Plot } from "../../plots/plot.ts";
import { plotsOf } from "../../plots/plots.ts";
import { rolloutsPlot } from "../../plots/rollouts.ts";
import { sharePlots } from "../../plots/shares.ts";
import { timeLinePlots } from "../../plots/time-lines.ts";
import { attributionTable } from "../../tables/attribution-table.ts";
import { cellsTables } from "../../tables/cells-table.ts";
import { costTables } from "../../tables/cost-table.ts";
import { densityTables } from "../../tables/density-tables.ts";
import type { Grid } from "../../tables/grid.ts";
import { noiseTable } from "../../tables/noise-table.ts";
import { rolloutTables } from "../../tables/rollout-tables.ts";
import { scenarioTables } from "../../tables/scenario-tables.ts";
import { type ResultsTables, tablesOf } from "../../tables/tables.ts";
import { rolloutsTitle } from "../../words/rollout-words.ts";
import { factList } from "./fact-list.ts";
import { gridTable } from "./grid-table.ts";
import { plotFigure } from "./plot-figure.ts";

/** A part of a report with its own title. */
export interface Section {
    id: string;
    title: string;
    children: Element[];
}

/**
 * Everything about a run except its verdict, in reading order; a missing part has the reason.
 * @param prefix of every id, so that a page can hold several runs
 * @param of appended to the names of tables, for the same reason
 */
export function runSections(results: Results, prefix: string, of: string): Section[] {
    const plots = new Map(plotsOf(results).map((plot) => [plot.name, plot]));
    const tables = new Map(tablesOf(results).map((table) => [table.id, table]));
    const figure = (name: Plot["name"]) => {
        const ablations = name === "latency" ? ablationsOf(results) : [];
        return plotFigure(plots.get(name) as Plot, `${prefix}${name}-plot`, ablations);
    };
    const title = (name: Plot["name"]) => (plots.get(name) as Plot).title;
    const grids = (all: readonly Grid[], what: string) =>
        all.map((grid, index) =>
            gridTable(
                grid,
                `${grid.caption ?? what}${grid.caption === undefined && all.length > 1 ? ` ${index + 1}` : ""}${of}`,
            ),
        );
    const beside = (id: ResultsTables["id"]) =>
        folded("The figures as a table", grids(tables.get(id)?.grids ?? [], tables.get(id)?.title ?? ""), true);
    const own = (id: ResultsTables["id"], more: readonly Grid[] = []): Section[] => {
        const table = tables.get(id);
        if (table === undefined) return [];
        return [{ id, title: table.title, children: grids([...table.grids, ...more], table.title) }];
    };
    const noise = noiseTable(results);
    const attributions = attributionTable(results);
    const sections: Section[] = [
        { id: "latency", title: title("latency"), children: [figure("latency"), ...beside("latency")] },
        { id: "ratio", title: title("ratio"), children: [figure("ratio")] },
        { id: "topologies", title: title("topologies"), children: [figure("topologies")] },
        { id: "phases", title: title("phases"), children: [figure("phases"), ...beside("phases")] },
        {
            id: "cost",
            title: title("cost"),
            children: [figure("cost"), ...folded("The figures as a table", grids(costTables(results), "Cost"), false)],
        },
        {
            id: "noise",
            title: "Noise floor",
            children:
                noise === undefined
                    ? [hint("No noise floor: the run did not measure the main network arm twice (A/A).")]
                    : [hint(noiseWords), gridTable(noise, `Noise floor${of}`)],
        },
        ...scenarioSections(results, figure, grids),
        ...own("ablations", attributions === undefined ? [] : [attributions]),
        ...own("load"),
        ...own("other-modes"),
        ...own("metrics"),
        { id: "environment", title: "Environment", children: [factList(environmentFacts(results))] },
        { id: "warnings", title: "Warnings", children: [warningList(results.warnings)] },
        {
            id: "cells",
            title: "All cells",
            children: folded("Every figure of every cell", grids(cellsTables(results), "Cells"), false),
        },
    ];
    return sections.map((section) => ({ ...section, id: `${prefix}${section.id}` }));
}

/**
 * The outages of all scenarios with their tables, the rollouts, the shares of replicas, the time lines of each, then several
 * pairs at once; none without scenarios.
 */
function scenarioSections(
    { scenarios }: Results,
    figure: (name: Plot["name"]) => Element,
    grids: (all: readonly Grid[], what: string) => Element[],
): Section[] {
    if (scenarios === undefined) return [];
    const [verdicts, ...others] = scenarioTables({ scenarios });
    return [
        {
            id: "scenarios",
            title: "What happens when something fails",
            children: [
                h("p", scenarios.summary),
                figure("outages"),
                ...grids(verdicts === undefined ? [] : [verdicts], "Scenarios"),
                ...folded("All figures of the scenarios", grids(others, "Scenarios"), true),
            ],
        },
        ...rolloutSection(scenarios, figure, grids),
        ...(scenarios.elasticity === undefined
            ? []
            : [{ id: "elasticity", title: elasticityPlot({ scenarios }).title, children: [figure("elasticity")] }]),
        ...[...sharePlots({ scenarios }), ...timeLinePlots({ scenarios })].map(({ name, title }) => ({
            ...{ id: name, title, children: [figure(name)] },
        })),
        ...densitySection(scenarios, figure, grids),
    ];
}

/** The heat map with its table, and what follows from it; none without rollouts. */
function rolloutSection(
    scenarios: ScenarioResults,
    figure: (name: Plot["name"]) => Element,
    grids: (all: readonly Grid[], what: string) => Element[],
): Section[] {
    const advice = adviceByYaml(scenarios.advice).map(({ texts, yaml }) =>
        h("li", [...texts.map((text) => h("p", text)), h("pre", h("code", yaml))]),
    );
    const [plot] = rolloutsPlot({ scenarios });
    if (plot === undefined && advice.length === 0) return [];
    return [
        {
            id: "rollouts",
            title: rolloutsTitle,
            children: [
                ...(plot === undefined ? [] : [figure(plot.name)]),
                ...(advice.length === 0 ? [] : [h("ul", { className: "advice" }, advice)]),
                ...folded("The figures as a table", grids(rolloutTables({ scenarios }), rolloutsTitle), true),
            ],
        },
    ];
}

/** Several pairs at once; none without injections of `density`. */
function densitySection(
    scenarios: ScenarioResults,
    figure: (name: Plot["name"]) => Element,
    grids: (all: readonly Grid[], what: string) => Element[],
): Section[] {
    const tables = densityTables({ scenarios });
    if (scenarios.density === undefined || tables.length === 0) return [];
    const children = [
        h("p", summarizeDensity(scenarios.density)),
        figure("density"),
        ...grids(tables, "Several pairs at once"),
    ];
    return [{ id: "density", title: "Several pairs at once", children }];
}

const noiseWords =
    "The main network arm measured twice, as if it were two arms: smaller differences between arms can't be distinguished from noise of the machine and of the order of trials.";

function hint(text: string): Element {
    return h("p", { className: "hint" }, text);
}

/** Content that is opened on demand, and always on paper. */
function folded(summary: string, children: readonly Element[], open: boolean): Element[] {
    return children.length === 0 ? [] : [h("details", { open }, [h("summary", summary), ...children])];
}

function warningList(warnings: readonly string[]): Element {
    if (warnings.length === 0) return hint("None.");
    return h(
        "ul",
        { className: "warnings" },
        warnings.map((warning) => h("li", warning)),
    );
}
