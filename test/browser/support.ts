import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { projectRoot } from "../../cli/project.ts";
import { allArms } from "../../model/arms.ts";
import type { Results } from "../../model/results.ts";
import { allSizes } from "../../model/sizes.ts";
import { calm, everyModeAt, journalOf, planOf, resultsOf } from "../model/fixtures.ts";
import { densityRunOf } from "../report/density.ts";
import { scenarioRunOf } from "../report/injections.ts";

/** Results that use everything a report can show: all arms, a crossover, phases, load, scenarios. @param sizes of the main arms */
export function wholeResults(sizes: readonly number[] = allSizes): Results {
    const few = [64, 4096, 65_536, 1_048_576, 16_777_216];
    const plan = planOf({
        arms: allArms,
        sizes: [...sizes],
        ablationSizes: few,
        repeatSizes: [...sizes],
        ...everyModeAt(...few),
    });
    const perByte = { network: 0.7, volume: 0.55, floor: 0 } as const;
    const medianNs: typeof calm.medianNs = (arm, size) =>
        calm.medianNs(arm, 0) + size * perByte[arm.slice(0, arm.indexOf("/")) as keyof typeof perByte];
    const results = resultsOf(
        plan,
        journalOf(plan, { ...calm, medianNs, roundTrips: 1100, between: 0.03, within: 0.3 }),
    );
    const { density = [] } = densityRunOf().scenarios;
    const scenarios = { ...scenarioRunOf().scenarios, density };
    return { ...results, scenarios, warnings: [...results.warnings, "A sentence that somebody should read."] };
}

/** Path of a test's picture. */
export function pictureAt(name: string): string {
    const folder = join(projectRoot, "test-results");
    mkdirSync(folder, { recursive: true });
    return join(folder, name);
}

/** Takes a picture for people to look at. */
export async function takePicture(
    of: Page | Locator,
    name: string,
    options: { fullPage?: boolean } = {},
): Promise<void> {
    for (let tries = 1; ; tries++) {
        try {
            await of.screenshot({ path: pictureAt(name), ...options });
            return;
        } catch (error) {
            // Chromium refuses now and then if the machine is busy.
            if (tries === 5 || !/Unable to capture screenshot/.test(String(error))) throw error;
        }
    }
}

/** All console messages and network requests of a page, except the document itself. */
export function listenTo(page: Page): string[] {
    const heard: string[] = [];
    page.on("console", (message) => heard.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => heard.push(`error: ${error.message}`));
    page.on("request", (request) => {
        if (!request.isNavigationRequest() || !request.url().startsWith("file:"))
            heard.push(`request: ${request.url()}`);
    });
    return heard;
}

/** In the page: texts of a visible plot that reach outside it or overlap another text. */
export const textFaults = `[...document.querySelectorAll("figure > svg")]
    .filter((svg) => svg.getBoundingClientRect().width > 0)
    .flatMap((svg) => {
        const frame = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim() !== "" && text.checkVisibility())
            .map((text) => ({ words: text.textContent, box: text.getBoundingClientRect() }));
        const cut = texts.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
            .map(({ words }) => "cut: " + words);
        const over = texts.flatMap((one, index) => texts.slice(index + 1)
            .filter((other) => one.box.left < other.box.right - 1 && other.box.left < one.box.right - 1 && one.box.top < other.box.bottom - 4 && other.box.top < one.box.bottom - 4)
            .map((other) => one.words + " over " + other.words));
        return [...cut, ...over];
    })`;
