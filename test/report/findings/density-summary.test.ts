import assert from "node:assert/strict";
import { summarizeDensity } from "../../../report/findings/density-summary.ts";
import { scenarioWarnings } from "../../../report/findings/scenario-warnings.ts";
import { textsOf } from "../../support/texts.ts";
import { densityRunOf } from "../density.ts";
import { scenarioRunOf } from "../injections.ts";

const asText = textsOf("report/findings/density-summary");
const run = densityRunOf();
const cells = run.scenarios.density ?? [];

describe("the sentence of density", () => {
    it("says what one pair more costs, and when p99 is doubled, in each topology", () => {
        asText("both topologies", run.scenarios.summary);
        assert.ok(run.summary.endsWith(run.scenarios.summary));
        asText("one topology", summarizeDensity(cells.slice(0, 1)));
    });

    it("comes after that of the other scenarios", () => {
        const { scenarios } = scenarioRunOf();
        assert.ok(scenarios.summary.startsWith("Killing the receiver"));
        assert.equal(scenarios.density, undefined);
    });

    it("says what is not known", () => {
        const unavailable = { unavailable: "no cgroup" };
        asText(
            "unavailable figures",
            summarizeDensity(
                cells.map(({ doubling: _, slopes, ...cell }) => ({
                    ...cell,
                    ...(slopes && { slopes: { ...slopes, cpuCores: unavailable } }),
                })),
            ),
        );
        asText("no slope", summarizeDensity(cells.map(({ slopes: _, ...cell }) => cell)));
    });
});

describe("a run with density", () => {
    it("is complete once every injection is made, also without other scenarios", () => {
        assert.equal(run.complete, true);
        assert.deepEqual(run.scenarios.void, []);
    });

    it("warns of pairs that did not fit, with the scheduler's words", () => {
        asText(
            "unfit",
            scenarioWarnings(run.scenarios).filter((line) => line.startsWith("density")),
        );
    });
});
