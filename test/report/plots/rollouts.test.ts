import assert from "node:assert/strict";
import { outline } from "../../../report/findings/outline.ts";
import { reportPage } from "../../../report/formats/html/page.ts";
import { pictureOf } from "../../../report/plots/picture.ts";
import { type Plot, shapes } from "../../../report/plots/plot.ts";
import { plotsOf } from "../../../report/plots/plots.ts";
import { rolloutsPlot } from "../../../report/plots/rollouts.ts";
import { textsOf } from "../../support/texts.ts";
import { scenarioRunOf } from "../injections.ts";
import { rolloutJournal, rolloutPlanOf, rolloutRunOf } from "../rollouts.ts";
import { drawnIn } from "./drawn.ts";

const asText = textsOf("report/plots/rollouts");
const run = rolloutRunOf();
const [plot] = rolloutsPlot(run) as [Plot];

/** The colour of each cell of a topology: its name, by scenario. */
function heatsIn(of: Plot | undefined, topology: string): Map<unknown, unknown> {
    const cells = drawnIn(of, "dataHeat").filter(({ dataTopology }) => dataTopology === topology);
    return new Map(cells.map(({ dataScenario, dataHeat }) => [dataScenario, dataHeat]));
}

describe("the heat map of rollouts", () => {
    it("has a cell for each rollout of both topologies, the stronger the more messages never arrived", () => {
        for (const topology of ["network", "volume"]) {
            const heats = heatsIn(plot, topology);
            assert.equal(heats.size, 24);
            for (const { scenario, undelivered } of run.scenarios.cells.filter((cell) => cell.topology === topology)) {
                const { median } = undelivered;
                const expected = median >= 100 ? "hundreds" : median >= 10 ? "tens" : median >= 1 ? "ones" : undefined;
                if (expected !== undefined) assert.equal(heats.get(scenario), expected, scenario);
            }
            assert.equal(heats.get("rolling-update/recreate"), "hundreds");
        }
    });

    it("keeps none at all apart from a median of 0, and from what was not measured", () => {
        const heats = heatsIn(plot, "network");
        assert.equal(heats.get("rolling-update/surge-prestop-ready-drain"), "none");
        assert.equal(heats.get("rolling-update/surge-prestop-ready"), "few");
        const plan = rolloutPlanOf({ names: ["rolling-update/surge", "rolling-update/recreate"], injections: 3 });
        const [two] = rolloutsPlot(
            rolloutRunOf(
                plan,
                rolloutJournal(plan, ({ update }) => (update === "surge" ? 0 : 4)),
            ),
        );
        const few = heatsIn(two, "volume");
        assert.deepEqual(
            [
                few.get("rolling-update/surge"),
                few.get("rolling-update/recreate"),
                few.get("rolling-update/surge-ready"),
            ],
            ["none", "ones", "missing"],
        );
        assert.equal([...few.values()].filter((heat) => heat === "missing").length, 22);
        asText("two variants", two?.description ?? "");
    });

    it("draws every cell apart from the others, within both shapes", () => {
        for (const shape of Object.values(shapes)) {
            const { height, children } = plot.draw?.(shape) ?? { height: 0, children: [] };
            const boxes = children
                .filter(({ properties }) => properties.dataHeat !== undefined)
                .map(({ properties: { x, y, width, height: tall } }) => [x, y, width, tall].map(Number));
            assert.equal(boxes.length, 48);
            for (const [index, [x = 0, y = 0, width = 0, tall = 0]] of boxes.entries()) {
                assert.ok(x >= 0 && x + width <= shape.width && y >= 0 && y + tall <= height);
                const over = boxes.filter(
                    ([left = 0, top = 0], other) =>
                        other !== index && left < x + width && left + width > x && top < y + tall && top + tall > y,
                );
                assert.deepEqual(over, []);
            }
        }
    });

    it("says in numbers what it shows", () => {
        asText("whole matrix", [plot.title, ...plot.description.split(/(?<=[,.]) /), ...plot.notes]);
    });

    it("is a picture of its own between outages and time lines, if a topology has at least two variants", () => {
        const names = plotsOf(run).map(({ name }) => name);
        assert.deepEqual(names.slice(5, 7), ["outages", "rollouts"]);
        assert.ok(names[7]?.startsWith("time-line-"));
        const picture = pictureOf(plot) ?? "";
        assert.ok(picture.includes(`<title id="rollouts-title">${plot.title}</title>`));
        assert.doesNotMatch(picture, /NaN|undefined|Infinity/);
        assert.ok(picture.length < 40_000, `${picture.length}`);
        assert.deepEqual(rolloutsPlot(scenarioRunOf()), []);
        assert.deepEqual(rolloutsPlot({}), []);
    });
});

describe("a page with rollouts", () => {
    const page = reportPage([run]);
    const section = (of: string) => /<section><h2 id="rollouts">.*?<\/section>/s.exec(of)?.[0] ?? "";

    it("has the heat map, the advice with its YAML, and the table, within 3 MB", () => {
        const text = section(page);
        assert.equal(text.match(/<svg /g)?.length, 2);
        assert.equal(text.match(/<table>/g)?.length, 2);
        const places = ["<svg ", "removes undelivered messages", "strategy: {type: RollingUpdate", "<table>"];
        const at = places.map((place) => text.indexOf(place));
        assert.ok(
            at.every((one, index) => one > (at[index - 1] ?? 0)),
            `${at}`,
        );
        assert.ok(page.length < 3e6, `${page.length}`);
    });

    it("has the advice also if a stack output leaves the figures out", () => {
        const text = section(reportPage([outline(run, 24 * 1024)]));
        assert.ok(text.includes("strategy: {type: RollingUpdate"));
        assert.doesNotMatch(text, /<svg|<table/);
    });

    it("has no such section without rollouts", () => {
        assert.equal(section(reportPage([scenarioRunOf()])), "");
    });
});
