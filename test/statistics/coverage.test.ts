import assert from "node:assert/strict";
import { perMille } from "../../statistics/histogram.ts";
import { coverageOf, quantileCoverageOf, scenarios } from "./coverage.ts";

describe("coverage of the 95% CI over 1,000 simulated experiments", () => {
    for (const scenario of scenarios) {
        it(`is 92 to 98% with 10 trials, and with 10 to 12 by the adaptive rule: ${scenario.name}`, () => {
            const { planned, adaptive } = coverageOf(scenario, { trials: 10, atMost: 12, runs: 1000, seed: 11 });
            assert.ok(adaptive.trials > 10.1 && adaptive.trials < 11.9, `the rule decides nothing: ${adaptive.trials}`);
            for (const { share } of [planned, adaptive]) assert.ok(share >= 0.92 && share <= 0.98, `${share}`);
            assert.ok(adaptive.halfWidth < planned.halfWidth);
        }).timeout(30_000); // 2 s; other tests may share the processors

        it(`is not below 92% with 3 trials: ${scenario.name}`, () => {
            const { share } = coverageOf(scenario, { trials: 3, runs: 1000, seed: 11 }).planned;
            assert.ok(share >= 0.92, `${share}`);
        }).timeout(30_000);
    }

    it("is not bought by width: 3 trials are within 4 times the spread between trials", () => {
        const { halfWidth } = coverageOf(scenarios[0], { trials: 3, runs: 150, seed: 11 }).planned;
        assert.ok(halfWidth < 4 * 0.05, `${halfWidth}`);
    });
});

describe("coverage of the 95% CI of a p99 over 300 simulated runs", () => {
    const covered = (scenario: (typeof scenarios)[number], trials: number) =>
        quantileCoverageOf(scenario, perMille.p99, { trials, roundTrips: 500, runs: 300, seed: 11 });

    for (const scenario of scenarios.filter(({ name }) => name !== "trials with a long tail")) {
        it(`is at least 90%, whatever the trials have to do with it: ${scenario.name}`, () => {
            for (const trials of [3, 10]) assert.ok(covered(scenario, trials) >= 0.9, `${trials} trials`);
        }).timeout(30_000);
    }

    it("is only about 80% with a long tail of trials, as the documentation says", () => {
        const longTail = scenarios.find(({ name }) => name === "trials with a long tail") as (typeof scenarios)[number];
        const share = covered(longTail, 10);
        assert.ok(share > 0.72 && share < 0.88, `${share}`);
    }).timeout(30_000);
});
