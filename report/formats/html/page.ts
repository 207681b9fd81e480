import type { Element } from "hast";
import { toHtml } from "hast-util-to-html";
import { h } from "hastscript";
import type { Results } from "../../../model/results.ts";
import { runFacts } from "../../findings/facts.ts";
import { headlineOf, keyFigures } from "../../findings/headline.ts";
import { plural } from "../../words/sentences.ts";
import { factList } from "./fact-list.ts";
import { pageCss } from "./page-style.ts";
import { runSections, type Section } from "./run-sections.ts";

/** Prevents loading and scripts, whatever a text of the results contains. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * One run, or several under a table of contents, as an HTML document without network access, scripts or other files.
 * @param runs at least one
 */
export function reportPage(runs: readonly Results[]): string {
    const [first] = runs;
    if (first === undefined) throw new RangeError("a report needs at least one run");
    const title =
        runs.length === 1
            ? `${headlineOf(first)} (hopcost run ${first.runId})`
            : `hopcost: ${plural(runs.length, "run")}`;
    const body = runs.length === 1 ? singleRun(first) : severalRuns(runs);
    const document = h(null, [
        { type: "doctype" },
        h("html", { lang: "en" }, [
            h("head", [
                h("meta", { charSet: "utf-8" }),
                h("meta", { httpEquiv: "Content-Security-Policy", content: policy }),
                h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
                h("meta", { name: "generator", content: "hopcost" }),
                h("title", title),
                h("style", pageCss),
            ]),
            h("body", [h("a", { className: "skip", href: "#main" }, "Skip to the content"), ...body, footer()]),
        ]),
    ]);
    return `${toHtml(document, { omitOptionalTags: true })}\n`;
}

function singleRun(results: Results): Element[] {
    const sections = runSections(results, "", "");
    return [
        h("header", [brand(), h("h1", headlineOf(results)), ...verdictOf(results), contents(sections, "On this page")]),
        h(
            "main",
            { id: "main" },
            sections.map((section) => sectionOf(section, "h2")),
        ),
    ];
}

function severalRuns(runs: readonly Results[]): Element[] {
    const entries = runs.map((results, index) => ({ results, id: `run-${index + 1}` }));
    return [
        h("header", [
            brand(),
            h("h1", `${runs.length} runs`),
            h("nav", { className: "runs", ariaLabel: "Runs" }, [
                h(
                    "ul",
                    entries.map(({ results, id }) =>
                        h("li", [h("a", { href: `#${id}` }, results.runId), `: ${headlineOf(results)}`]),
                    ),
                ),
            ]),
        ]),
        h(
            "main",
            { id: "main" },
            entries.map(({ results, id }) => {
                const sections = runSections(results, `${id}-`, ` of run ${id.slice(4)}, ${results.runId}`);
                return h("article", { className: "run", ariaLabelledBy: [id] }, [
                    h("h2", { id }, `${results.runId}: ${headlineOf(results)}`),
                    ...verdictOf(results),
                    contents(sections, `Run ${results.runId}, number ${id.slice(4)}`),
                    ...sections.map((section) => sectionOf(section, "h3")),
                ]);
            }),
        ),
    ];
}

function brand(): Element {
    return h(
        "p",
        { className: "brand" },
        "hopcost: two Pods over a ClusterIP Service, or one Pod with a shared volume",
    );
}

/** The verdict, why the run is incomplete, the key figures, and which run it is. */
function verdictOf(results: Results): Element[] {
    const { complete, incompleteReason = "no reason given", summary } = results;
    const figures = keyFigures(results);
    return [
        h("p", { className: "lead" }, summary),
        ...(complete ? [] : [h("p", { className: "alert" }, [h("strong", "Incomplete run: "), incompleteReason])]),
        ...(figures.length === 0
            ? []
            : [
                  h(
                      "ul",
                      { className: "figures" },
                      figures.map(({ label, value, detail }) =>
                          h("li", [h("span", label), " ", h("strong", value), " ", h("span", detail)]),
                      ),
                  ),
              ]),
        factList(runFacts(results)),
    ];
}

function contents(sections: readonly Section[], label: string): Element {
    const links = sections.map(({ id, title }) => h("li", h("a", { href: `#${id}` }, title)));
    return h("nav", { ariaLabel: label }, h("ul", links));
}

function sectionOf({ id, title, children }: Section, heading: "h2" | "h3"): Element {
    return h("section", [h(heading, { id }, title), ...children]);
}

function footer(): Element {
    return h("footer", [
        h(
            "p",
            "A dash marks a missing figure, such as a quantile with too few round trips above it; the warnings say why. Times are service times: one round trip is in flight at a time, and only the initiator's clock is used.",
        ),
    ]);
}
