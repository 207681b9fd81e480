import assert from "node:assert/strict";
import { allArms, isMain } from "../../../model/arms.ts";
import { mainSizes } from "../../../model/plan.ts";
import type { Ratio, Results } from "../../../model/results.ts";
import { armClass, markerOf, styleOf } from "../../../report/plots/arm-style.ts";
import { ablationsOf } from "../../../report/plots/latency.ts";
import { pictureOf } from "../../../report/plots/picture.ts";
import type { Plot } from "../../../report/plots/plot.ts";
import { plotsOf } from "../../../report/plots/plots.ts";
import { thinned } from "../../../report/plots/thin.ts";
import { everyModeAt, journalOf, planOf, resultsOf } from "../../model/fixtures.ts";
import { largeResults } from "../../model/large-results.ts";
import { textsOf } from "../../support/texts.ts";
import { drawnIn } from "./drawn.ts";

const asText = textsOf("report/plots/plots");

const plan = planOf({ arms: allArms, ablationSizes: [64, 1024], repeatSizes: [64], ...everyModeAt(64) });
const results = resultsOf(plan, journalOf(plan));

function plotOf(name: Plot["name"], of: Results = results): Plot {
    return plotsOf(of).find((plot) => plot.name === name) as Plot;
}

function drawn(name: Plot["name"], property: string, of: Results = results) {
    return drawnIn(plotOf(name, of), property);
}

const ratioAt = (size: number, ratio: number, change: Partial<Ratio> = {}): Ratio => ({
    ...{ size, ratio, interval: [ratio / 1.1, ratio * 1.1], withinNoise: false },
    verdict: ratio > 1 ? "network faster" : "volume faster",
    ...change,
});

describe("the latency plot", () => {
    it("has a point for each median, but that of the harness' floor", () => {
        const points = drawn("latency", "dataSeconds").map(({ dataArm, dataSize, dataSeconds }) =>
            [dataArm, dataSize, dataSeconds].join(" "),
        );
        const cells = results.cells.filter(({ arm }) => arm !== "floor/noop");
        assert.deepEqual(
            points.sort(),
            cells.map(({ arm, size, p50Seconds }) => [arm, size, p50Seconds].join(" ")).sort(),
        );
        assert.deepEqual(ablationsOf(results), allArms.filter((arm) => !isMain(arm) && arm !== "floor/noop").sort());
    });

    it("says in numbers what it shows", () => {
        const { title, description } = plotOf("latency");
        assert.equal(title, "Latency by payload size");
        assert.match(
            description,
            /^The median of network\/cluster-ip is [\d.]+ us at 64 B and [\d.]+ us at 1 KiB\. The median of volume\/chokidar is [\d.]+ us at 64 B and [\d.]+ us at 1 KiB\.$/,
        );
    });

    it("says what it lacks", () => {
        asText("the latency plot says what it lacks", plotOf("latency").notes);
        const [first, ...others] = results.cells.filter(({ arm }) => isMain(arm));
        const cells = others.map(({ p50IntervalSeconds, ...cell }) => cell);
        assert.deepEqual(plotOf("latency", { ...results, cells }).notes, [
            `${first?.arm} has no median at 64 B: not measured, or too few round trips.`,
            "No CIs of p50: a single trial, or the stack output leaves the intervals out; use the run's folder.",
            "No band at 3 of 3 points: too few round trips for a p99.",
        ]);
        assert.equal(plotOf("latency", { ...results, cells: [] }).draw, undefined);
    });

    it("marks the crossover with its interval, which is open where the sizes end", () => {
        const crossover = { size: 512, lowSize: 300 };
        assert.deepEqual(drawn("latency", "dataSize", { ...results, crossover })[0], {
            className: ["crossover"],
            dataSize: 512,
        });
        assert.match(
            plotOf("latency", { ...results, crossover }).description,
            /The faster arm changes at about 512 B \(95% CI: 300 B or more\)\.$/,
        );
    });

    it("draws fewer points if there are many, and keeps the line", () => {
        const large = drawn("latency", "dataSeconds", largeResults());
        const of = (arm: string) => large.filter(({ dataArm }) => dataArm === arm);
        assert.deepEqual([of("network/cluster-ip").length, of("network/pod-ip").length], [64, 16]);
        assert.equal(of("network/cluster-ip").at(-1)?.dataSize, mainSizes(largeResults().plan).at(-1));
    });
});

describe("the ratio plot", () => {
    it("has a point for each ratio, with its verdict", () => {
        assert.deepEqual(
            drawn("ratio", "dataRatio").map(({ dataSize, dataRatio, dataVerdict }) => [
                dataSize,
                dataRatio,
                dataVerdict,
            ]),
            results.ratios.map(({ size, ratio, verdict }) => [size, ratio, verdict]),
        );
    });

    it("says in numbers what it shows", () => {
        const ratios = [ratioAt(64, 5), ratioAt(128, 1.01, { verdict: "no difference" }), ratioAt(256, 0.5)];
        asText("the ratio plot says in numbers what it shows", plotOf("ratio", { ...results, ratios }).description);
    });

    it("counts in words what its points show: within noise nobody is faster", () => {
        const ratios = [
            ratioAt(64, 5),
            ratioAt(128, 1.3, { withinNoise: true }),
            ratioAt(256, 1, { verdict: "no difference" }),
        ];
        assert.match(
            plotOf("ratio", { ...results, ratios }).description,
            /\. The network is faster at 1 size, the volume at 0, 2 are undecided or within noise\.$/,
        );
    });

    it("says that there is no noise floor, or no ratio at all", () => {
        asText(
            "the ratio plot says that there is no noise floor, or no ratio at all",
            plotOf("ratio", { ...results, ratios: [ratioAt(64, 5)] }).notes,
        );
        const { notes, draw } = plotOf("ratio", { ...results, ratios: [] });
        asText("the ratio plot says that there is no noise floor, or no ratio at all (2)", notes);
        assert.equal(draw, undefined);
    });
});

describe("the plot of phases", () => {
    it("has a bar of all parts for each arm and size, and the numbers in words", () => {
        const parts = drawn("phases", "dataSeconds");
        assert.deepEqual(
            parts.map(({ dataArm, dataSize }) => [dataArm, dataSize]),
            results.phases.flatMap(({ arm, size, parts: all }) => all.map(() => [arm, size])),
        );
        assert.match(
            plotOf("phases").description,
            /^network\/cluster-ip at 64 B [\d.]+ us: write 25%, event seen 75%\. volume\/chokidar at 64 B [\d.]+ us: write 25%, event seen 75%\.$/,
        );
    });

    it("shows 16 sizes of more, and says so", () => {
        const large = largeResults();
        assert.equal(drawn("phases", "dataSeconds", large).length, 2 * 16 * 2);
        asText("the plot of phases shows 16 sizes of more, and says so", plotOf("phases", large).notes);
    });
});

describe("the plot of the cost", () => {
    it("has the CPU time of both ends for each main cell, and the most memory of each container", () => {
        const points = drawn("cost", "dataSeconds").map(({ dataArm, dataSize, dataSeconds }) => [
            dataArm,
            dataSize,
            dataSeconds,
        ]);
        const main = results.cells.filter(({ arm }) => isMain(arm));
        assert.deepEqual(
            points,
            main.map(({ arm, size, cpuSecondsPerRoundTrip }) => [arm, size, cpuSecondsPerRoundTrip]),
        );
        assert.deepEqual(
            drawn("cost", "dataBytes").map(({ dataRole, dataBytes }) => [dataRole, dataBytes]),
            ["sender", "receiver", "writer", "reader"].map((role) => [role, 60_000_000]),
        );
    });

    it("says why a figure is unavailable, never 0", () => {
        const unavailable = { unavailable: "no cpu.stat" };
        const cells = results.cells.map((cell) => ({ ...cell, cpuSecondsPerRoundTrip: unavailable }));
        const { notes, description } = plotOf("cost", { ...results, cells });
        asText("the plot of the cost says why a figure is unavailable, never 0", notes);
        const [first, ...others] = results.cells.filter(({ arm }) => isMain(arm)).map((cell) => ({ ...cell }));
        asText(
            "the plot of the cost says why a figure is unavailable, never 0 (2)",
            plotOf("cost", {
                ...results,
                cells: [{ ...first, cpuSecondsPerRoundTrip: unavailable } as never, ...others],
            }).notes,
        );
        assert.ok(description.startsWith("CPU time of network/cluster-ip is unavailable."));
        assert.equal(plotOf("cost", { ...results, cells: [] }).draw, undefined);
    });
});

describe("a plot as a picture of its own", () => {
    it("has a name, a description, its style, and no line that only a page can switch on", () => {
        const picture = pictureOf(plotOf("latency")) as string;
        assert.match(
            picture,
            /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 892 \d+" width="892" height="\d+" role="img"/,
        );
        assert.ok(picture.includes('aria-labelledby="latency-title latency-description"'));
        assert.ok(picture.includes('<title id="latency-title">Latency by payload size</title>'));
        assert.match(picture, /<style>:root\{color-scheme:light;/);
        assert.doesNotMatch(picture, /class="[^"]*\bablation\b/);
    });

    it("holds nothing that XML can't", () => {
        const phases = results.phases.map((phase) => ({
            ...phase,
            parts: phase.parts.map((part) => ({ ...part, name: `a\u0000b\u0007<&${part.name}` })),
        }));
        const picture = pictureOf(plotOf("phases", { ...results, phases })) as string;
        assert.ok(picture.includes("ab&#x3C;&#x26;write"));
    });

    it("does not exist if there is nothing to show", () => {
        assert.equal(pictureOf(plotOf("phases", { ...results, phases: [] })), undefined);
    });
});

describe("the style of an arm", () => {
    it("differs from that of every other in more than colour", () => {
        const looks = allArms.map((arm) => {
            const { dash } = styleOf(arm);
            return `${arm.split("/")[0]} ${dash} ${markerOf(arm)}`;
        });
        assert.equal(new Set(looks).size, allArms.length);
        assert.notEqual(markerOf("network/cluster-ip"), markerOf("volume/chokidar"));
        assert.equal(armClass("network/pod-ip"), "arm-network-pod-ip");
    });
});

describe("thinned", () => {
    it("keeps few items as they are, and of many both ends and what is evenly between", () => {
        assert.deepEqual(thinned([1, 2, 3], 3), [1, 2, 3]);
        assert.deepEqual(thinned([0, 1, 2, 3, 4, 5, 6, 7, 8], 3), [0, 4, 8]);
    });
});
