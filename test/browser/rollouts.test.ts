import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { reportPage } from "../../report/formats/html/page.ts";
import { rolloutTables } from "../../report/tables/rollout-tables.ts";
import { rolloutRunOf } from "../report/rollouts.ts";
import { installMs } from "../support/debian.ts";
import { type Browser, openChromium } from "./chromium.ts";
import { takePicture, textFaults } from "./support.ts";

const run = rolloutRunOf();
/** Without a row of the matrix, so that something is not measured. */
const results = {
    ...run,
    scenarios: {
        ...run.scenarios,
        cells: run.scenarios.cells.filter(({ scenario }) => !scenario.startsWith("rolling-update/recreate-prestop")),
    },
};
const views = (["light", "dark"] as const).flatMap((colorScheme) =>
    [1440, 360].map((width) => ({ width, colorScheme })),
);

/** A visible cell of the heat map, and what is written in it. */
interface Cell {
    scenario: string;
    topology: string;
    heat: string;
    fill: string;
    words: string[];
}

describe("the heat map of rollouts in Chromium", function () {
    this.timeout(60_000);
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-rollouts-"));
        writeFileSync(join(folder, "report.html"), reportPage([results]));
    });
    after(() => rmSync(folder, { recursive: true }));

    for (const { width, colorScheme } of views) {
        describe(`at ${width} px, ${colorScheme}`, () => {
            let browser: Browser;
            let page: Page;
            before(async function () {
                this.timeout(installMs);
                browser = await openChromium({ width, colorScheme });
                page = await browser.context.newPage();
                await page.goto(`file://${join(folder, "report.html")}`);
                await takePicture(page.locator("section:has(#rollouts)"), `rollouts-${width}-${colorScheme}.png`);
            });
            after(() => browser.close());

            it("has each figure in its cell, 0 and what was not measured in colours of their own", async () => {
                const cells = await cellsDrawn(page);
                assert.equal(cells.length, 48);
                const at = (variant: string) =>
                    cells.find(
                        ({ scenario, topology }) => scenario === `rolling-update/${variant}` && topology === "network",
                    );
                assert.deepEqual(at("surge-prestop-ready-drain")?.words, ["0", "at most 3/20"]);
                assert.deepEqual(at("recreate-prestop")?.words, ["not", "measured"]);
                const measured = results.scenarios.cells.find(({ scenario }) => scenario === "rolling-update/surge");
                const { median, interval } = measured?.undelivered ?? {};
                assert.deepEqual(at("surge")?.words, [String(median), interval?.join(" to ")]);
                const fills = new Map(cells.map(({ heat, fill }) => [heat, fill]));
                assert.equal(fills.size, 6);
                assert.equal(new Set(fills.values()).size, 6);
            });

            it("cuts no text off, lets none overlap, and has none below 10 px", async () => {
                assert.deepEqual(await page.evaluate(textFaults), []);
                const smallest = await page.evaluate(`Math.min(
                    ...[...document.querySelectorAll("#rollouts ~ figure > svg")]
                        .filter((svg) => svg.getBoundingClientRect().width > 0)
                        .flatMap((svg) => [...svg.querySelectorAll("text")].map((text) =>
                            parseFloat(getComputedStyle(text).fontSize) * svg.getScreenCTM().a)))`);
                assert.ok((smallest as number) >= 10, `${smallest} px`);
            });

            it("does not make the page scroll sideways, nor does the YAML of the advice", async () => {
                const tooWide = "document.scrollingElement.scrollWidth - window.innerWidth";
                assert.ok(((await page.evaluate(tooWide)) as number) <= 0);
                const hidden =
                    "[...document.querySelectorAll('.advice pre')].map((pre) => pre.scrollWidth - pre.clientWidth)";
                assert.deepEqual(await page.evaluate(hidden), [0, 0, 0]);
            });

            it("has a table that says the same in words, for people who can't see it", async () => {
                const rows = await page.evaluate(`[...document.querySelectorAll("section:has(#rollouts) tbody")]
                    .map((body) => [...body.rows].map((row) => [...row.cells].map(({ textContent }) => textContent)))`);
                assert.deepEqual(
                    rows,
                    rolloutTables(results).map((grid) => grid.rows),
                );
            });

            it("has no fault that axe finds", async () => {
                await page.evaluate(axe.source);
                const found = (await page.evaluate("axe.run('section:has(#rollouts)')")) as AxeResults;
                assert.ok(found.passes.length > 10, "axe looked at the section");
                assert.deepEqual(
                    found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
                    [],
                );
            });
        });
    }
});

/** The visible cells, each with the texts whose middle lies in it. */
async function cellsDrawn(page: Page): Promise<Cell[]> {
    return (await page.evaluate(`(() => {
        const svg = [...document.querySelectorAll("#rollouts ~ figure > svg")].find((one) => one.getBoundingClientRect().width > 0);
        const texts = [...svg.querySelectorAll("text")].map((text) => {
            const { left, right, top, bottom } = text.getBoundingClientRect();
            return { words: text.textContent, x: (left + right) / 2, y: (top + bottom) / 2 };
        });
        return [...svg.querySelectorAll("rect[data-heat]")].map((rect) => {
            const { left, right, top, bottom } = rect.getBoundingClientRect();
            const within = ({ x, y }) => x > left && x < right && y > top && y < bottom;
            return {
                ...rect.dataset,
                fill: getComputedStyle(rect).fill,
                words: texts.filter(within).map(({ words }) => words),
            };
        });
    })()`)) as Cell[];
}
