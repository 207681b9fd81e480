import assert from "node:assert/strict";
import fc from "fast-check";
import type { Results } from "../../../../model/results.ts";
import { reportPage } from "../../../../report/formats/html/page.ts";
import { pictureOf } from "../../../../report/plots/picture.ts";
import { plotsOf } from "../../../../report/plots/plots.ts";
import { everyModeAt, journalOf, planOf, resultsOf } from "../../../model/fixtures.ts";
import { textsOf } from "../../../support/texts.ts";
import { scenarioRunOf } from "../../injections.ts";

const asText = textsOf("report/formats/html/page");

const plan = planOf({
    arms: ["network/cluster-ip", "network/cluster-ip-repeat", "network/pod-ip", "volume/chokidar"],
    ...everyModeAt(64),
});
const results = resultsOf(plan, journalOf(plan));
/** What a reader sees: without style, tags and entities. */
const textOf = (page: string) =>
    page
        .replace(/<style>.*?<\/style>/gs, "")
        .replace(/<[^>]*>/g, " ")
        .replaceAll("&#x3C;", "<")
        .replaceAll("&#x26;", "&")
        .replace(/\s+/g, " ");

describe("reportPage", () => {
    const page = reportPage([results]);

    it("can neither load nor run anything", () => {
        const policy =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";
        const plain = page.replaceAll("&#x27;", "'");
        assert.ok(plain.includes(`<meta http-equiv="Content-Security-Policy" content="${policy}">`));
        assert.doesNotMatch(page, /<script|<link|<img|<iframe|\ssrc=|\son\w+=|url\(|@import/i);
        const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, href]) => href?.[0]);
        assert.ok(links.length > 5);
        assert.deepEqual(new Set(links), new Set(["#"]));
    });

    it("begins with the verdict, then says which run it is", () => {
        const text = textOf(page);
        const places = [
            results.summary,
            "run run-1 measured",
            "2026-11-21 10:00 UTC",
            "profile standard",
            "Latency by payload size",
        ];
        assert.deepEqual(
            places.map((place) => text.indexOf(place)).toSorted((one, other) => one - other),
            places.map((place) => text.indexOf(place)),
        );
        assert.ok(places.every((place) => text.includes(place)));
    });

    it("has its sections in reading order", () => {
        asText(
            "reportPage has its sections in reading order",
            [...page.matchAll(/<h([1-6])[^>]*>([^<]*)</g)].map(([, geomean, title]) => `${geomean} ${title}`),
        );
    });

    it("names every plot and says in numbers what it shows", () => {
        const svgs = [...page.matchAll(/<svg viewBox[^>]* aria-labelledby="(\S+) (\S+)"[^>]*>/g)];
        assert.equal(svgs.length, 10, "five plots in two variants");
        for (const [tag, title, description] of svgs) {
            assert.match(tag, /role="img"/);
            assert.match(page, new RegExp(`<title id="${title}">[^<]{10,}</title>`));
            assert.match(page, new RegExp(`<desc id="${description}">[^<]*\\d[^<]*</desc>`));
        }
    });

    it("says that a run is incomplete, and why, before anything else of it", () => {
        const text = textOf(
            reportPage([
                {
                    ...results,
                    complete: false,
                    incompleteReason: "the deadline passed; 1 of 4 trials were not measured",
                },
            ]),
        );
        const at = text.indexOf("Incomplete run: the deadline passed; 1 of 4 trials were not measured");
        assert.ok(at > 0 && at < text.indexOf("Latency by payload size"));
        assert.doesNotMatch(textOf(page), /[Ii]ncomplete/);
    });

    it("says what a run lacks and why, instead of showing nothing or 0", () => {
        const bare = resultsOf(planOf(), []);
        const text = textOf(reportPage([bare]));
        for (const words of [
            "measured unavailable: no trial was measured",
            "No ratio: no size has a median of both network/cluster-ip and volume/chokidar.",
            "No phases: the run has no diagnostic cells (use profile standard).",
            "No cost: neither main arm was measured.",
            "No noise floor: the run did not measure the main network arm twice (A/A).",
            "CPU unavailable: no measured container reports it",
            "network/cluster-ip has no median at any size: not measured, or too few round trips.",
        ]) {
            assert.ok(text.includes(words), words);
        }
        assert.deepEqual(text.match(/.{30}(undefined|NaN|Infinity).{30}/g), null);
    });

    it("says why a figure of the cost is unavailable", () => {
        const cells = results.cells.map((cell) => ({
            ...cell,
            cpuSecondsPerRoundTrip: { unavailable: "no cpu.stat here" },
            usage: undefined as never,
        }));
        const text = textOf(reportPage([{ ...results, cells }]));
        assert.ok(text.includes("CPU time of network/cluster-ip is unavailable: no cpu.stat here."));
        assert.ok(text.includes("volume/chokidar writer: unavailable: left out of the stack output"));
    });

    it("gives several runs a table of contents, headings of their own, and no id twice", () => {
        const two = reportPage([results, { ...results, runId: "run-2" }]);
        assert.match(two, /<h1>2 runs<\/h1>/);
        assert.match(two, /<a href="#run-2">run-2<\/a>: The network is faster at every measured size/);
        const ids = [...two.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
        assert.equal(ids.length, new Set(ids).size);
        assert.ok(ids.includes("run-2-latency-plot-narrow-title"));
    });

    it("shows an arm and a mode of another version, by their names", () => {
        const pigeon = "radio/carrier-pigeon";
        const cell = results.cells[0] as Results["cells"][number];
        const burst = { arm: pigeon, mode: "burst", size: 64, trials: 3, roundTrips: 500, p50Seconds: 0.1 };
        const planned = { arm: pigeon, mode: "closed-loop", sizes: [64] };
        const text = textOf(
            reportPage([
                {
                    ...results,
                    plan: { ...results.plan, cells: [...results.plan.cells, planned] },
                    cells: [...results.cells, { ...cell, arm: pigeon }],
                    otherModes: [burst],
                },
            ]),
        );
        assert.match(text, /burst radio\/carrier-pigeon 64 B 3 100 ms/);
        assert.match(text, /Show ablation arms .*radio\/carrier-pigeon/);
    });

    it("has the scenarios of a run in sections of their own, after the noise floor", () => {
        const run = scenarioRunOf();
        const titles = [...reportPage([run]).matchAll(/<h2[^>]*>([^<]*)</g)].map(([, title = ""]) => title);
        const first = titles.indexOf("What happens when something fails");
        assert.equal(titles[first - 1], "Noise floor");
        assert.deepEqual(
            titles.slice(first + 1, first + 5),
            run.scenarios.plan.names.map((name) => `${name}: what became of the messages`),
        );
        assert.ok(textOf(reportPage([run])).includes(run.scenarios.summary));
        assert.ok(!page.includes("What happens when something fails"));
    });

    it("shows hostile texts of scenarios as texts", () => {
        const text = "</style><script>alert(1)</script><img src=x onerror=alert(1)>";
        const run = scenarioRunOf();
        const { cells, events, expected, skipped } = run.scenarios;
        const scenarios = {
            ...run.scenarios,
            summary: text,
            cells: cells.map((cell) => ({ ...cell, scenario: text, flow: cell.flow === "once" ? text : cell.flow })),
            events: events.map((one) => ({ ...one, scenario: text, events: [{ atSeconds: 1, what: text }] })),
            expected: expected.map((one) => ({ ...one, scenario: text, expectation: text, holds: false, found: text })),
            void: [{ index: 1, scenario: text, topology: text, reason: text }],
            skipped: [...skipped, { scenario: text, topology: text, reason: text }],
        };
        const attacked = { ...run, scenarios };
        const markup =
            reportPage([attacked]) +
            plotsOf(attacked)
                .map((plot) => pictureOf(plot) ?? "")
                .join("");
        assert.doesNotMatch(withoutValues(markup), /<script|<img|<[^>]+\sonerror\b/i);
        assert.ok(textOf(markup).includes("<script>alert(1)"), "it is shown");
    });

    it("refuses to report nothing", () => {
        assert.throws(() => reportPage([]), { message: "a report needs at least one run" });
    });

    it("shows hostile texts as texts, wherever they come from", () => {
        const quiet = poisoned(results, "a text");
        const hostile = [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "</style></title><script>",
            "--><svg onload=x>",
            "&lt;script&gt;",
        ];
        const untouched = withoutValues(
            reportPage([quiet, quiet]) +
                plotsOf(quiet)
                    .map((plot) => pictureOf(plot) ?? "")
                    .join(""),
        );
        fc.assert(
            fc.property(fc.constantFrom(...hostile), fc.string(), (text, more) => {
                const changed = poisoned(results, `${text}${more}`);
                const attacked = reportPage([changed, changed]);
                const pictures = plotsOf(changed).map((plot) => pictureOf(plot) ?? "");
                const markup = withoutValues(attacked + pictures.join(""));
                assert.doesNotMatch(markup, /<script|<img|<[^>]+\son(error|load)\b/i);
                for (const tag of ["svg", "style", "title"]) {
                    const opened = new RegExp(`<${tag}\\b`, "g");
                    const closed = new RegExp(`</${tag}\\b`, "g");
                    assert.equal(count(markup, opened), count(untouched, opened), tag);
                    assert.equal(count(markup, closed), count(untouched, closed), tag);
                }
                assert.ok(
                    textOf(attacked).includes(text.includes("lt;") ? "&lt;script" : text.slice(0, 7)),
                    "it is shown",
                );
            }),
            { numRuns: 40 },
        );
    });
});

/** Removes the quoted values of tags, in which a text is not markup; a text that closes the quotes would remain. */
function withoutValues(markup: string): string {
    return markup.replaceAll(/<[a-z][^\s>"]*(\s+[^\s=>"]+(="[^"]*")?)+\s*\/?>/gi, (tag) =>
        tag.replaceAll(/="[^"]*"/g, ""),
    );
}

function count(text: string, pattern: RegExp): number {
    return [...text.matchAll(pattern)].length;
}

/** The results with every free text replaced; what the schema fixes (arms, modes, verdicts) stays. */
function poisoned(results: Results, text: string): Results {
    const unavailable = { unavailable: text };
    return {
        ...results,
        runId: text,
        complete: false,
        incompleteReason: text,
        summary: text,
        startedAt: text,
        warnings: [text, text],
        hopcostVersion: text,
        plan: { ...results.plan, profile: text },
        unavailable: [{ arm: "volume/pvc", reason: text }],
        throttledSeconds: unavailable,
        cells: results.cells.map((cell) => ({
            ...cell,
            cpuSecondsPerRoundTrip: unavailable,
            usage: cell.usage && { ...cell.usage, initiator: { ...cell.usage.initiator, cpuSeconds: unavailable } },
        })) as Results["cells"],
        phases: results.phases.map((phase) => ({
            ...phase,
            parts: phase.parts.map((part) => ({ ...part, name: text })),
        })),
        attributions: results.attributions.map((one) => ({
            ...one,
            parts: one.parts.map((part) => ({ ...part, cause: text })),
        })),
        environment: {
            ...results.environment,
            kubernetesVersion: text,
            image: text,
            codeHash: text,
            cpuModel: unavailable,
            placement: { asked: text, nodes: { [text]: text }, sameNode: unavailable },
            mitigations: { [text]: text },
            volume: { medium: text, fileSystems: { [text]: text } },
        },
    };
}
