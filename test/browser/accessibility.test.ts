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
import { listenTo, takePicture, wholeResults } from "./support.ts";

const results = wholeResults();
/** axe takes half a minute for the tables of all sizes, whose rows are alike. */
const short = wholeResults([64, 4096, 65_536, 1_048_576, 16_777_216]);

describe("the accessibility of the HTML report", function () {
    this.timeout(installMs);
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-report-"));
        const incomplete = { ...short, runId: "run-2", complete: false, incompleteReason: "the deadline passed" };
        writeFileSync(join(folder, "report.html"), reportPage([short]));
        writeFileSync(join(folder, "runs.html"), reportPage([short, incomplete]));
        for (const plot of plotsOf(results)) {
            writeFileSync(join(folder, `${plot.name}.svg`), pictureOf(plot) ?? "");
        }
    });
    after(() => rmSync(folder, { recursive: true }));

    // Each width in one theme: what axe judges differs by theme, and by how the tables are folded.
    const pages = { light: ["report", 1440], dark: ["runs", 360] } as const;
    for (const colorScheme of ["light", "dark"] as const) {
        const [name, width] = pages[colorScheme];
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

        it(`draws each plot as a picture of its own, ${colorScheme}`, async () => {
            const browser = await openChromium({ width: 900, height: 560, colorScheme });
            try {
                const page = await browser.context.newPage();
                const heard = listenTo(page);
                for (const { name, title } of plotsOf(results)) {
                    await page.goto(`file://${join(folder, `${name}.svg`)}`);
                    await takePicture(page, `${name}-${colorScheme}.png`);
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
