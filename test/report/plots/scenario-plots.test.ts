import assert from "node:assert/strict";
import type { Element } from "hast";
import type { Results } from "../../../model/results.ts";
import { outline } from "../../../report/findings/outline.ts";
import { withoutTimeLines } from "../../../report/findings/scenario-outline.ts";
import { reportPage } from "../../../report/formats/html/page.ts";
import { eventLane } from "../../../report/plots/event-lane.ts";
import { outagesPlot } from "../../../report/plots/outages.ts";
import { pictureOf } from "../../../report/plots/picture.ts";
import { type Plot, shapes } from "../../../report/plots/plot.ts";
import { plotsOf } from "../../../report/plots/plots.ts";
import { sharePlots } from "../../../report/plots/shares.ts";
import { layerPath, type Step, stepsOf } from "../../../report/plots/steps.ts";
import { groupedEvenly } from "../../../report/plots/thin.ts";
import { timeLinePlots } from "../../../report/plots/time-lines.ts";
import { resultsOf } from "../../model/fixtures.ts";
import { textsOf } from "../../support/texts.ts";
import { scenarioRunOf } from "../injections.ts";
import { sharedRunOf } from "../shares.ts";
import { drawnIn } from "./drawn.ts";

const asText = textsOf("report/plots/scenario-plots");
const run = scenarioRunOf();
const bare = outline(run, 60 * 1024);

const timeLine = (scenario: string, of: Results = run) =>
    timeLinePlots(of).find(({ name }) => name === `time-line-${scenario}`);

describe("the plots of a run with scenarios", () => {
    it("are the outages and a time line for each, except shams; a run without has neither", () => {
        const names = plotsOf(run).map(({ name }) => name);
        assert.deepEqual(names.slice(5), ["outages", ...run.scenarios.plan.names.map((name) => `time-line-${name}`)]);
        assert.equal(plotsOf(resultsOf()).length, 5);
    });

    it("have names that files can have", () => {
        const cells = run.scenarios.cells.map((cell) => ({ ...cell, scenario: "delete-pod/grace-0" }));
        const [plot] = timeLinePlots({ scenarios: { ...run.scenarios, cells } });
        assert.deepEqual(
            [plot?.name, plot?.title],
            ["time-line-delete-pod-grace-0", "delete-pod/grace-0: what became of the messages"],
        );
    });

    it("say why there is nothing to draw in a stack output", () => {
        assert.equal(outagesPlot(bare).draw, undefined);
        asText("nothing to draw", [...outagesPlot(bare).notes, ...(timeLine("hang", bare)?.notes ?? [])]);
    });

    it("leave the whole page of 12 scenarios below 1.5 MB", () => {
        const names = Array.from({ length: 12 }, (_, index) => `scenario-${index}`);
        const of = (kind: string) => run.scenarios.cells.filter(({ scenario }) => scenario === kind);
        const cells = names.flatMap((scenario) => of("hang").map((cell) => ({ ...cell, scenario })));
        const events = names.flatMap((scenario) =>
            run.scenarios.events.slice(0, 2).map((one) => ({ ...one, scenario })),
        );
        const page = reportPage([{ ...run, scenarios: { ...run.scenarios, cells, events } }]);
        assert.ok(page.length < 1.5e6 && page.length > 3e5, `${page.length}`);
    });
});

describe("the plot of outages", () => {
    it("has every injection of flow once, also those that never ended", () => {
        const points = drawnIn(outagesPlot(run), "dataOutage").map(({ dataScenario, dataTopology, dataOutage }) =>
            [dataScenario, dataTopology, dataOutage].join(" "),
        );
        const expected = run.scenarios.cells
            .filter(({ flow }) => flow === "once")
            .flatMap(({ scenario, topology, outages }) =>
                outages.map((seconds) => `${scenario} ${topology} ${seconds ?? "censored"}`),
            );
        assert.deepEqual(points.sort(), expected.sort());
        assert.ok(points.some((point) => point.endsWith("censored")));
    });

    it("puts longer ones further to the right, 0 before all and what never ended behind all", () => {
        const points = drawnIn(outagesPlot(run), "dataOutage").map(({ dataOutage, transform }) => ({
            seconds: dataOutage === "censored" ? Number.POSITIVE_INFINITY : Number(dataOutage),
            x: Number(/\(([\d.]+),/.exec(String(transform))?.[1]),
        }));
        const sorted = points.toSorted((one, other) => one.seconds - other.seconds);
        assert.ok(sorted.every(({ x }, index) => index === 0 || x >= (sorted[index - 1]?.x ?? 0)));
        assert.ok(new Set(points.map(({ x }) => x)).size > 20);
    });

    it("says in numbers what it shows", () => {
        asText("outages", outagesPlot(run).description.split(/(?<=\.) (?=[a-z])/));
    });

    it("shows 64 of more injections, and says so", () => {
        const cells = run.scenarios.cells.map((cell) => ({
            ...cell,
            outages: Array.from({ length: 200 }, (_, i) => i / 10),
        }));
        const many = outagesPlot({ scenarios: { ...run.scenarios, cells } });
        assert.equal(drawnIn(many, "dataOutage").length, 64 * 10);
        asText("many outages", many.notes);
    });
});

describe("a time line", () => {
    it("has a layer for each outcome of both topologies", () => {
        assert.deepEqual(
            drawnIn(timeLine("kill-process"), "dataOutcome").map(
                ({ dataTopology, dataOutcome }) => `${dataTopology} ${dataOutcome}`,
            ),
            ["network", "volume"].flatMap((topology) =>
                ["on-time", "late", "failed"].map((outcome) => `${topology} ${outcome}`),
            ),
        );
        assert.ok(
            drawnIn(timeLine("start-up"), "dataOutcome").some(({ dataOutcome }) => dataOutcome === "not-offered"),
        );
    });

    it("says in numbers what it shows, and what it doesn't list", () => {
        asText("kill-process", [
            timeLine("kill-process")?.description ?? "",
            ...(timeLine("kill-process")?.notes ?? []),
        ]);
        const events = run.scenarios.events.map((one) => ({
            ...one,
            events: Array.from({ length: 30 }, (_, index) => ({ atSeconds: index / 10, what: "again" })),
        }));
        const many = timeLine("kill-process", { ...run, scenarios: { ...run.scenarios, events } });
        assert.equal(drawnIn(many, "dataAt").length, 16);
        asText("many events", many?.notes ?? []);
    });

    it("shows outcomes and flows of another version", () => {
        const cells = run.scenarios.cells.slice(0, 1).map((cell) => ({
            ...cell,
            flow: "twice",
            bins: { ...cell.bins, outcomes: { ...cell.bins.outcomes, bounced: [3, 3] } },
        }));
        const plot = timeLine("kill-process", { ...run, scenarios: { ...run.scenarios, cells } });
        assert.ok(drawnIn(plot, "dataOutcome").some(({ dataOutcome }) => dataOutcome === "bounced"));
        assert.match(plot?.notes[0] ?? "", /^Flow twice;/);
    });

    it("is a picture of its own", () => {
        const picture = pictureOf(timeLine("hang") as Plot) ?? "";
        assert.ok(picture.includes('<title id="time-line-hang-title">hang: what became of the messages</title>'));
        assert.doesNotMatch(picture, /NaN|undefined|Infinity/);
        assert.doesNotMatch(pictureOf(outagesPlot(run)) ?? "", /NaN|undefined|Infinity/);
    });
});

describe("steps of a time line", () => {
    const steps: Step[] = [
        { from: 0, to: 1, shares: [1, 0] },
        { from: 1, to: 2, shares: [1, 0] },
        { from: 2, to: 3, shares: [0.25, 0.75] },
        { from: 3, to: 4, shares: [1, 0] },
    ];
    const x = (seconds: number) => 100 * seconds;
    const y = (share: number) => 100 - 100 * share;

    it("turn only where a share changes", () => {
        assert.equal(layerPath(steps, 0, x, y), "M0,100V0H200V75H300V0H400V100Z");
        assert.equal(layerPath(steps, 1, x, y), "M0,0V0H400V0H300V75H200V0Z");
    });

    it("are shares of the slots of their bins, and none before the injection holds a slot after it", () => {
        const bins = {
            ...{ fromSeconds: -0.3, p50Microseconds: [], p99Microseconds: [], maxMicroseconds: [] },
            outcomes: { "on-time": [4, 4, 4, 1, 0, 0, 3], failed: [0, 0, 0, 3, 0, 0, 1] },
        };
        const two = stepsOf(bins, ["on-time", "failed"], 4);
        assert.deepEqual(
            two.map(({ from, to }) => [from.toFixed(1), to.toFixed(1)]),
            [
                ["-0.3", "-0.2"],
                ["-0.2", "0.0"],
                ["0.0", "0.2"],
                ["0.2", "0.4"],
            ],
        );
        assert.deepEqual(
            two.map(({ shares }) => shares),
            [
                [1, 0],
                [1, 0],
                [0.25, 0.75],
                [0.75, 0.25],
            ],
        );
        assert.deepEqual(stepsOf({ ...bins, outcomes: { "on-time": [0] } }, ["on-time"], 9)[0]?.shares, [0]);
    });
});

describe("grouped evenly", () => {
    it("loses nothing, and begins a group at the boundary", () => {
        assert.deepEqual(groupedEvenly([1, 2, 3], 3), [[1], [2], [3]]);
        assert.deepEqual(groupedEvenly([1, 2, 3, 4, 5], 2), [
            [1, 2, 3],
            [4, 5],
        ]);
        assert.deepEqual(groupedEvenly([1, 2, 3, 4, 5, 6], 3, 3), [[1], [2, 3], [4, 5], [6]]);
        assert.deepEqual(groupedEvenly([], 3, 2), []);
    });
});

describe("the events of a time line", () => {
    const placed = (times: number[]) => {
        const { children, height } = eventLane(
            times.map((atSeconds) => ({
                atSeconds,
                what: "container restarted after it had been killed for a long time",
            })),
            { shape: shapes.narrow, left: 50, right: 320, top: 0, x: (seconds) => 50 + 10 * seconds },
        );
        const texts = children
            .flatMap((child) => [child, ...(child.children as Element[])])
            .filter(({ tagName }) => tagName === "text");
        const numbers = texts.filter(({ properties }) => String(properties.className).includes("number"));
        return { height, numbers: numbers.map(({ properties }) => Number(properties.x)), texts };
    };

    it("have numbers that don't overlap, in order, within the plot", () => {
        const { numbers } = placed([0, 0.01, 0.02, 5, 26.9, 26.95, 27]);
        assert.deepEqual(numbers, [50, 66, 82, 100, 288, 304, 320]);
    });

    it("are cut where a line has no room for them", () => {
        const words = placed([1]).texts.map(({ children }) => (children[0] as { value: string }).value);
        assert.deepEqual(
            [words[0], words[1]?.startsWith("1  1.00 s  container restarted"), words[1]?.endsWith("...")],
            ["1", true, true],
        );
    });

    it("take no room if there are none", () => {
        assert.deepEqual(eventLane([], { shape: shapes.wide, left: 0, right: 9, top: 0, x: Number }), {
            height: 0,
            children: [],
        });
    });
});

describe("the plot of shares", () => {
    const shared = sharedRunOf();
    const [plot, ...others] = sharePlots(shared) as [Plot];

    it("is one for each scenario with several replicas, before the time lines", () => {
        assert.deepEqual([plot.name, others.length, sharePlots(run)], ["shares-scale-out", 0, []]);
        const names = plotsOf(shared).map(({ name }) => name);
        assert.deepEqual(names.slice(5), ["outages", "shares-scale-out", "time-line-scale-out"]);
        assert.ok(reportPage([shared]).includes('id="shares-scale-out"'));
    });

    it("has a layer for each replica that received something, in every flow of both topologies", () => {
        const layers = (topology: string, flow: string) =>
            drawnIn(plot, "dataReplica").filter((one) => one.dataTopology === topology && one.dataFlow === flow);
        const replicas = (topology: string, flow: string) =>
            layers(topology, flow).map(({ dataReplica }) => dataReplica);
        assert.deepEqual(replicas("network", "once"), ["1"]);
        assert.deepEqual(replicas("network", "once-fresh"), ["1", "2", "3", "4"]);
        assert.deepEqual(replicas("volume", "retry-no-rescan"), ["1", "2", "3", "4"]);
        const classes = layers("network", "once-fresh").map(({ className }) => String(className));
        assert.equal(new Set(classes).size, 4);
    });

    it("says the same in words, and why there is nothing to draw in a stack output", () => {
        asText("shares", [plot.description, ...plot.notes]);
        const [bareShares] = sharePlots(withoutTimeLines(shared));
        assert.equal(bareShares?.draw, undefined);
        asText("no shares to draw", bareShares?.notes ?? []);
    });
});
