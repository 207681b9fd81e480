import assert from "node:assert/strict";
import { outline } from "../../../report/findings/outline.ts";
import { reportPage } from "../../../report/formats/html/page.ts";
import { densityPlot } from "../../../report/plots/density.ts";
import { pictureOf } from "../../../report/plots/picture.ts";
import { shapes } from "../../../report/plots/plot.ts";
import { plotsOf } from "../../../report/plots/plots.ts";
import { textsOf } from "../../support/texts.ts";
import { densityRunOf } from "../density.ts";
import { scenarioRunOf } from "../injections.ts";
import { drawnIn } from "./drawn.ts";

const asText = textsOf("report/plots/density");
const run = densityRunOf();
const plot = densityPlot(run);
const bare = outline(run, 1024);

describe("the plot of density", () => {
    it("is there only with its injections, and has a section of the page", () => {
        assert.ok(plotsOf(scenarioRunOf()).every(({ name }) => name !== "density"));
        const page = reportPage([run]);
        assert.ok(page.includes('id="density"') && page.includes('id="density-plot-wide-title"'));
    });

    it("has p50 and p99 of every step of every injection", () => {
        const points = drawnIn(plot, "dataPairs").map(({ dataFigure, dataPairs, dataSeconds }) =>
            [dataFigure, dataPairs, dataSeconds].join(" "),
        );
        const expected = (run.scenarios.density ?? []).flatMap((cell) =>
            cell.points.flatMap(({ pairs, p50Seconds, p99Seconds }) => [
                `p50Seconds ${pairs} ${p50Seconds}`,
                `p99Seconds ${pairs} ${p99Seconds}`,
            ]),
        );
        assert.deepEqual(points.sort(), expected.sort());
    });

    it("puts slower ones higher, and those with more pairs further to the right", () => {
        const points = drawnIn(plot, "dataPairs")
            .filter(({ dataFigure }) => dataFigure === "p99Seconds")
            .map(({ dataPairs, dataSeconds, transform }) => {
                const [, x, y] = /\(([\d.]+),([\d.]+)\)/.exec(String(transform)) ?? [];
                return { pairs: Number(dataPairs), seconds: Number(dataSeconds), x: Number(x), y: Number(y) };
            });
        for (const one of points)
            for (const other of points) {
                if (one.pairs < other.pairs) assert.ok(one.x < other.x);
                if (one.seconds < other.seconds) assert.ok(one.y >= other.y);
            }
    });

    it("has a line with its interval for each topology in both panels, from 6 injections on", () => {
        const drawn = JSON.stringify(plot.draw?.(shapes.wide).children);
        const count = (text: string, what: string) => text.split(`"className":["${what}"]`).length - 1;
        assert.deepEqual([count(drawn, "line"), count(drawn, "band")], [5, 5]); // with the legend
        const few = densityPlot(densityRunOf(3));
        assert.equal(count(JSON.stringify(few.draw?.(shapes.narrow).children), "band"), 0);
        asText("few injections", few.notes);
    });

    it("shows messages that were not acknowledged above all others", () => {
        const density = (run.scenarios.density ?? []).map((cell) => ({
            ...cell,
            points: cell.points.map((point) => (point.pairs === 8 ? { ...point, p99Seconds: null } : point)),
        }));
        const censored = densityPlot({ scenarios: { ...run.scenarios, density } });
        const tops = drawnIn(censored, "dataPairs").filter(({ dataSeconds }) => dataSeconds === "censored");
        assert.equal(tops.length, density.flatMap(({ points }) => points.filter(({ pairs }) => pairs === 8)).length);
        assert.doesNotMatch(pictureOf(censored) ?? "", /NaN|undefined|Infinity/);
    });

    it("is a picture of its own, and says why there is none in a stack output", () => {
        assert.doesNotMatch(pictureOf(plot) ?? "", /NaN|undefined|Infinity/);
        assert.equal(plot.description, run.scenarios.summary);
        assert.equal(densityPlot(bare).draw, undefined);
        asText("nothing to draw", densityPlot(bare).notes);
    });
});
