import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { isMain, mainArms } from "../../model/arms.ts";
import { reportPage } from "../../report/formats/html/page.ts";
import { resultsTable } from "../../report/tables/main-tables.ts";
import { scenarioRunOf } from "../report/injections.ts";
import { installMs } from "../support/debian.ts";
import { type Browser, openChromium } from "./chromium.ts";
import { listenTo, pictureAt, takePicture, textFaults, wholeResults } from "./support.ts";

const results = wholeResults();
const { scenarios } = scenarioRunOf();
const views = (["light", "dark"] as const).flatMap((colorScheme) =>
    [1440, 360].map((width) => ({ width, colorScheme })),
);

describe("the HTML report in Chromium", function () {
    this.timeout(60_000);
    let folder: string;
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-report-"));
        writeFileSync(join(folder, "report.html"), reportPage([results]));
        writeFileSync(join(folder, "runs.html"), reportPage([results, { ...results, runId: "run-2" }]));
    });
    after(() => rmSync(folder, { recursive: true }));

    for (const { width, colorScheme } of views) {
        describe(`at ${width} px, ${colorScheme}`, () => {
            let browser: Browser;
            let page: Page;
            let heard: string[];
            before(async function () {
                this.timeout(installMs);
                browser = await openChromium({ width, colorScheme });
                page = await browser.context.newPage();
                heard = listenTo(page);
                await page.goto(`file://${join(folder, "report.html")}`);
                await takePicture(page, `report-${width}-${colorScheme}.png`, { fullPage: true });
            });
            after(() => browser.close());

            it("says nothing on the console and asks for nothing but the document", () => {
                assert.deepEqual(heard, []);
            });

            it("does not scroll sideways, with all tables open as well", async () => {
                const tooWide = () =>
                    page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth") as Promise<number>;
                assert.ok((await tooWide()) <= 0, `${await tooWide()} px too wide`);
                await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
                assert.ok((await tooWide()) <= 0, `${await tooWide()} px too wide with its tables open`);
            });

            it("shows only one variant of each plot, with text of at least 10 px", async () => {
                const shown = (await page.evaluate(`[...document.querySelectorAll("figure > svg")]
                    .filter((svg) => svg.getBoundingClientRect().width > 0)
                    .map((svg) => ({
                        id: svg.getAttribute("aria-labelledby").split(" ")[0].replace(/-title$/, ""),
                        px: Math.min(...[...svg.querySelectorAll("text")].map((text) =>
                            parseFloat(getComputedStyle(text).fontSize) * svg.getScreenCTM().a)),
                    }))`)) as { id: string; px: number }[];
                const variant = width === 360 ? "narrow" : "wide";
                assert.deepEqual(
                    shown.map(({ id }) => id),
                    [
                        ...["latency", "ratio", "topologies", "phases", "cost", "outages"],
                        ...scenarios.plan.names.map((name) => `time-line-${name}`),
                        "density",
                    ].map((name) => `${name}-plot-${variant}`),
                );
                for (const { id, px } of shown) assert.ok(px >= 10, `${id}: ${px} px`);
            });

            it("cuts no text of a plot off, and lets none of its labels overlap", async () => {
                assert.deepEqual(await page.evaluate(textFaults), []);
            });

            it("draws the median of both main arms at every size where the axes say it is", async () => {
                const points = await pointsOf(page, "latency", "seconds");
                const expected = results.cells.filter(({ arm }) => isMain(arm));
                assert.equal(expected.length, 32);
                assert.deepEqual(
                    points.map(({ arm, size, value }) => [arm, size, value]),
                    expected.map(({ arm, size, p50Seconds }) => [arm, size, p50Seconds]),
                );
                for (const point of points) assertNear(point);
            });

            it("draws every ratio where the axes say it is", async () => {
                const points = await pointsOf(page, "ratio", "ratio");
                assert.deepEqual(
                    points.map(({ size, value }) => [size, value]),
                    results.ratios.map(({ size, ratio }) => [size, ratio]),
                );
                for (const point of points) assertNear(point);
            });

            it("draws each part of a round trip as long as it takes", async () => {
                const parts =
                    (await page.evaluate(`[...document.querySelectorAll("figure > svg.plot rect[data-seconds]")]
                    .filter((bar) => bar.getBoundingClientRect().width > 0)
                    .map((bar) => ({ ...bar.dataset, x: bar.x.baseVal.value, width: bar.width.baseVal.value }))`)) as {
                        arm: string;
                        size: string;
                        seconds: string;
                        x: number;
                        width: number;
                    }[];
                const expected = results.phases.flatMap((phase) =>
                    phase.parts.map((part) => ({
                        arm: phase.arm,
                        size: phase.size,
                        share: part.seconds / phase.totalSeconds,
                    })),
                );
                assert.deepEqual(
                    parts.map(({ arm, size }) => [arm, Number(size)]),
                    expected.map(({ arm, size }) => [arm, size]),
                );
                const whole = (parts[0]?.width ?? 0) + (parts[1]?.width ?? 0);
                for (const [index, { arm, size, x, width: drawn }] of parts.entries()) {
                    const next = parts[index + 1];
                    if (next !== undefined && next.arm === arm && next.size === size) {
                        assert.ok(Math.abs(next.x - x - drawn) < 0.1, `${size}: parts do not lie side by side`);
                    }
                    const share = expected[index]?.share ?? 0;
                    assert.ok(Math.abs(drawn / whole - share) < 0.005, `${drawn} of ${whole} is not ${share}`);
                }
            });

            it("draws every outage where the axis says it is", async () => {
                const points = await outagesDrawn(page);
                const once = scenarios.cells.filter(({ flow }) => flow === "once");
                const expected = once.flatMap(({ outages }) => outages.filter((seconds) => (seconds ?? 0) > 0));
                assert.equal(points.length, expected.length);
                for (const { seconds, axis } of points) {
                    assert.ok(Math.abs(axis / seconds - 1) < 0.05, `${seconds} s is drawn at ${axis} s`);
                }
            });

            it("draws failed messages from the injection until the last one failed", async () => {
                const { from, to } = await failedSpan(page);
                const cell = scenarios.cells[0];
                const last = (cell?.bins.outcomes.failed ?? []).findLastIndex((count) => count > 0);
                const end = (cell?.bins.fromSeconds ?? 0) + 0.1 * (last + 1);
                assert.ok(end > 2 && Math.abs(from) < 0.15 && Math.abs(to - end) < 0.15, `${from} to ${to}, ${end}`);
            });

            it("has a table beside the plots that says the same in words", async () => {
                const rows = await page.evaluate(`[...document.querySelector("main table").tBodies[0].rows]
                    .map((row) => [...row.cells].map(({ textContent }) => textContent))`);
                assert.deepEqual(rows, resultsTable(results).rows);
            });
        });
    }

    describe("by keyboard", () => {
        let browser: Browser;
        let page: Page;
        before(async function () {
            this.timeout(installMs);
            browser = await openChromium({ width: 1440 });
            page = await browser.context.newPage();
        });
        beforeEach(() => page.goto(`file://${join(folder, "report.html")}`));
        after(() => browser.close());

        const focused = () =>
            page.evaluate("document.activeElement.className || document.activeElement.tagName") as Promise<string>;

        it("offers to skip to the content first", async () => {
            await page.keyboard.press("Tab");
            assert.equal(await focused(), "skip");
            await page.keyboard.press("Enter");
            assert.ok(page.url().endsWith("#main"));
        });

        it("reaches the switch of each ablation arm, and Space shows its line", async () => {
            const shown = (arm: string) =>
                page.evaluate(`getComputedStyle(document.querySelector("svg.wide g.ablation.${arm}")).display`);
            assert.equal(await shown("arm-network-pod-ip"), "none");
            for (let tabs = 0; tabs < 60 && (await focused()) !== "arm-network-pod-ip"; tabs++) {
                await page.keyboard.press("Tab");
            }
            assert.equal(await focused(), "arm-network-pod-ip");
            await page.keyboard.press("Space");
            assert.equal(await shown("arm-network-pod-ip"), "inline");
            assert.equal(await shown("arm-network-localhost"), "none");
            for (const box of await page.locator(".switches input").all()) await box.check();
            await takePicture(page.locator("figure").first(), "ablations-1440-light.png");
        });

        it("reaches what scrolls, and opens what is folded", async () => {
            await page.locator("details summary").last().focus();
            await page.keyboard.press("Enter");
            assert.equal(await page.evaluate("[...document.querySelectorAll('details')].at(-1).open"), true);
            await page.keyboard.press("Tab");
            assert.equal(await focused(), "scroll");
        });
    });

    describe("on paper", () => {
        let browser: Browser;
        let page: Page;
        before(async function () {
            this.timeout(installMs);
            browser = await openChromium({ width: 1000, colorScheme: "dark" });
            page = await browser.context.newPage();
            await page.goto(`file://${join(folder, "report.html")}`);
            await page.emulateMedia({ media: "print" });
            await page.pdf({ path: pictureAt("report.pdf"), preferCSSPageSize: true, printBackground: true });
        });
        after(() => browser.close());

        it("is black on white, whatever the theme of the system is", async () => {
            const body = await page.evaluate(
                "(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.body))",
            );
            assert.deepEqual(body, ["rgb(26, 33, 39)", "rgb(255, 255, 255)"]);
        });

        it("shows what is folded", async () => {
            const last = "[...document.querySelectorAll('main table')].at(-1)";
            assert.equal(await page.evaluate(`${last}.closest("details").open`), false);
            assert.equal(await page.evaluate(`${last}.checkVisibility({ contentVisibilityAuto: true })`), true);
            assert.ok(((await page.evaluate(`${last}.getBoundingClientRect().height`)) as number) > 500);
        });

        it("hides what can't be used there, and cuts no table off", async () => {
            for (const hidden of ["nav", ".switches", ".skip"]) {
                assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
            }
            const cut =
                "[...document.querySelectorAll('.scroll')].filter((one) => getComputedStyle(one).overflowX !== 'visible').length";
            assert.equal(await page.evaluate(cut), 0);
        });
    });

    it("shows hostile texts as texts", async function () {
        this.timeout(installMs);
        const text = `</style></title><script>document.title = "x"</script><img src=x onerror="document.title = 'x'">`;
        const attacked = { ...results, runId: text, summary: text, warnings: [text], startedAt: text };
        writeFileSync(join(folder, "hostile.html"), reportPage([attacked, attacked]));
        const browser = await openChromium({ width: 360 });
        try {
            const page = await browser.context.newPage();
            const heard = listenTo(page);
            await page.goto(`file://${join(folder, "hostile.html")}`);
            assert.deepEqual(heard, []);
            assert.equal(await page.evaluate("document.scripts.length + document.images.length"), 0);
            assert.equal(await page.title(), "hopcost: 2 runs");
            assert.equal(await page.locator("p.lead").first().textContent(), text);
        } finally {
            await browser.close();
        }
    });

    it("has a table of contents and no duplicate id with several runs", async function () {
        this.timeout(installMs);
        const browser = await openChromium({ width: 360 });
        try {
            const page = await browser.context.newPage();
            const heard = listenTo(page);
            await page.goto(`file://${join(folder, "runs.html")}`);
            await takePicture(page, "runs-360-light.png");
            const ids = (await page.evaluate("[...document.querySelectorAll('[id]')].map(({ id }) => id)")) as string[];
            assert.deepEqual(ids.length, new Set(ids).size);
            assert.deepEqual(await page.locator("nav.runs a").allTextContents(), ["run-1", "run-2"]);
            const lost =
                "[...document.querySelectorAll('a')].map((a) => a.hash.slice(1)).filter((id) => !document.getElementById(id))";
            assert.deepEqual(await page.evaluate(lost), []);
            assert.equal(await page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"), true);
            assert.deepEqual(heard, []);
        } finally {
            await browser.close();
        }
    });
});

/** A drawn point, and the values that the axes give for its position. */
interface Point {
    arm: string | undefined;
    size: number;
    value: number;
    axes: { size: number; value: number };
}

/** The visible points of a plot, converted back by the ticks of its axes, which are logarithmic. */
async function pointsOf(page: Page, plot: string, figure: "seconds" | "ratio"): Promise<Point[]> {
    return (await page.evaluate(`(() => {
        const middle = (element) => {
            const { left, right, top, bottom } = element.getBoundingClientRect();
            return { x: (left + right) / 2, y: (top + bottom) / 2 };
        };
        const svg = [...document.querySelectorAll("#${plot} ~ figure > svg")].find((one) => one.getBoundingClientRect().width > 0);
        const axis = (name) => {
            const ticks = [...svg.querySelectorAll(".tick." + name)];
            const [first, last] = [ticks[0], ticks.at(-1)].map((tick) => ({
                at: middle(tick.querySelector("line"))[name],
                log: Math.log(Number(tick.dataset.value)),
            }));
            return (at) => Math.exp(first.log + ((at - first.at) / (last.at - first.at)) * (last.log - first.log));
        };
        const [sizeAt, valueAt] = [axis("x"), axis("y")];
        return [...svg.querySelectorAll("path[data-${figure}]")]
            .filter((point) => point.getBoundingClientRect().width > 0)
            .map((point) => {
                const { x, y } = middle(point);
                const { arm, size, ${figure}: value } = point.dataset;
                return { arm, size: Number(size), value: Number(value), axes: { size: sizeAt(x), value: valueAt(y) } };
            });
    })()`)) as Point[];
}

/** The visible outages above 0 that ended, converted back by the ticks of their logarithmic axis. */
async function outagesDrawn(page: Page): Promise<{ seconds: number; axis: number }[]> {
    return (await page.evaluate(`(() => {
        const middle = (element) => {
            const { left, right } = element.getBoundingClientRect();
            return (left + right) / 2;
        };
        const svg = [...document.querySelectorAll("#scenarios ~ figure > svg")].find((one) => one.getBoundingClientRect().width > 0);
        const ticks = [...svg.querySelectorAll(".tick.x")];
        const [first, last] = [ticks[0], ticks.at(-1)].map((tick) => ({
            at: middle(tick.querySelector("line")),
            log: Math.log(Number(tick.dataset.value)),
        }));
        return [...svg.querySelectorAll("path[data-outage]")]
            .map((point) => ({ seconds: Number(point.dataset.outage), at: middle(point) }))
            .filter(({ seconds }) => seconds > 0)
            .map(({ seconds, at }) => ({
                seconds,
                axis: Math.exp(first.log + ((at - first.at) / (last.at - first.at)) * (last.log - first.log)),
            }));
    })()`)) as { seconds: number; axis: number }[];
}

/** Seconds from the first to the last failed message of the network in the time line of kill-process, by its axis. */
async function failedSpan(page: Page): Promise<{ from: number; to: number }> {
    return (await page.evaluate(`(() => {
        const svg = [...document.querySelectorAll("#time-line-kill-process ~ figure > svg")].find((one) => one.getBoundingClientRect().width > 0);
        const ticks = [...svg.querySelectorAll(".tick.x")];
        const placed = ticks.map((tick) => ({ at: tick.querySelector("line").getBoundingClientRect().left, seconds: Number(tick.dataset.value) }));
        const [first, last] = [placed[0], placed.toSorted((one, other) => one.seconds - other.seconds).at(-1)];
        const secondsAt = (at) => first.seconds + ((at - first.at) / (last.at - first.at)) * (last.seconds - first.seconds);
        // The outline begins at the left end, and turns where messages begin to fail and where they no longer do.
        const outline = svg.querySelector('path[data-outcome="failed"][data-topology="network"]').getAttribute("d");
        const start = Number(/^M([\\d.]+),/.exec(outline)[1]);
        const turns = [...outline.matchAll(/H([\\d.]+)V/g)].map(([, at]) => Number(at)).filter((at) => at > start);
        const frame = svg.getBoundingClientRect();
        const seconds = turns.map((at) => secondsAt(frame.left + (at * frame.width) / svg.viewBox.baseVal.width));
        // The last turn is the right end.
        return { from: Math.min(...seconds), to: seconds.toSorted((one, other) => one - other).at(-2) };
    })()`)) as { from: number; to: number };
}

/** Within the value of one pixel. */
function assertNear({ arm, size, value, axes }: Point): void {
    const what = `${arm ?? mainArms.volume} at ${size}: ${value} is drawn at ${axes.size}, ${axes.value}`;
    assert.ok(Math.abs(axes.size / size - 1) < 0.05, what);
    assert.ok(Math.abs(axes.value / value - 1) < 0.03, what);
}
