import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { projectRoot } from "../../cli/project.ts";
import { allArms } from "../../model/arms.ts";
import type { Results } from "../../model/results.ts";
import { allSizes } from "../../model/sizes.ts";
import { calm, everyModeAt, journalOf, planOf, resultsOf } from "../model/fixtures.ts";

/** Results that use everything a report can show: all arms, a crossover, phases, load. @param sizes of the main arms */
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
    return { ...results, warnings: [...results.warnings, "A sentence that somebody should read."] };
}

/** Path of a test's picture. */
export function pictureAt(name: string): string {
    const folder = join(projectRoot, "test-results");
    mkdirSync(folder, { recursive: true });
    return join(folder, name);
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
