import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe, { type AxeResults } from "axe-core";
import { reportPage } from "../../report/formats/html/page.ts";
import { pictureOf } from "../../report/plots/picture.ts";
import { plotsOf } from "../../report/plots/plots.ts";
import { installMs } from "../support/debian.ts";
import { openChromium } from "./chromium.ts";
import { listenTo, pictureAt, wholeResults } from "./support.ts";

const results = wholeResults();

describe("the accessibility of the HTML report", function () {
    this.timeout(installMs);
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-report-"));
        const incomplete = { ...results, runId: "run-2", complete: false, incompleteReason: "the deadline passed" };
        writeFileSync(join(folder, "report.html"), reportPage([results]));
        writeFileSync(join(folder, "runs.html"), reportPage([results, incomplete]));
        for (const plot of plotsOf(results)) {
            writeFileSync(join(folder, `${plot.name}.svg`), pictureOf(plot) ?? "");
        }
    });
    after(() => rmSync(folder, { recursive: true }));

    const widths = { light: { report: 1440, runs: 360 }, dark: { report: 360, runs: 1440 } };
    for (const colorScheme of ["light", "dark"] as const) {
        for (const [name, width] of Object.entries(widths[colorScheme])) {
            it(`has no fault that axe finds in ${name}.html at ${width} px, ${colorScheme}`, async () => {
                const browser = await openChromium({ width, colorScheme });
                try {
                    const page = await browser.context.newPage();
                    await page.goto(`file://${join(folder, `${name}.html`)}`);
                    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
                    await page.evaluate(axe.source);
                    const found = (await page.evaluate("axe.run()")) as AxeResults;
                    assert.ok(found.passes.length > 20, "axe looked at the page");
                    assert.deepEqual(
                        found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
                        [],
                    );
                } finally {
                    await browser.close();
                }
            });
        }

        it(`draws each plot as a picture of its own, ${colorScheme}`, async () => {
            const browser = await openChromium({ width: 900, height: 560, colorScheme });
            try {
                const page = await browser.context.newPage();
                const heard = listenTo(page);
                for (const { name, title } of plotsOf(results)) {
                    await page.goto(`file://${join(folder, `${name}.svg`)}`);
                    await page.screenshot({ path: pictureAt(`${name}-${colorScheme}.png`) });
                    const root =
                        "[document.documentElement.tagName, document.documentElement.querySelector('title').textContent]";
                    assert.deepEqual(await page.evaluate(root), ["svg", title]);
                    const fill = "getComputedStyle(document.querySelector('rect')).fill";
                    const surface = colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(18, 23, 28)";
                    assert.equal(await page.evaluate(fill), surface);
                }
                assert.deepEqual(heard, []);
            } finally {
                await browser.close();
            }
        });
    }
});
