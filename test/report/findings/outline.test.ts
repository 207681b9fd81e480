import assert from "node:assert/strict";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { allArms, isMain, mainArms } from "../../../model/arms.ts";
import { parseResults } from "../../../model/parse.ts";
import type { Cell } from "../../../model/results.ts";
import { Results } from "../../../model/results.ts";
import { allSizes } from "../../../model/sizes.ts";
import type { Trial } from "../../../model/trial.ts";
import { outline } from "../../../report/findings/outline.ts";
import {
    calm,
    counters,
    everyModeAt,
    journalOf,
    measuredTrial,
    planOf,
    resultsOf,
    scraped,
} from "../../model/fixtures.ts";
import { scenarioRunOf } from "../injections.ts";

const limit = 64 * 1024;
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

/** All arms at all sizes with everything there is; trials may have something wrong. */
const everything = planOf({
    ...{ profile: "full", rounds: 2, arms: [...allArms] },
    ...{ sizes: [...allSizes], ablationSizes: [...allSizes], repeatSizes: [...allSizes] },
    ...everyModeAt(...allSizes),
});
const sound = journalOf(everything, { ...calm, roundTrips: 20 }).map((trial) =>
    measuredTrial(trial, { prometheus: scraped }),
);
const whole = withQuantiles(resultsOf(everything, sound));

/** As if there had been round trips enough for every quantile. */
function withQuantiles(results: Results): Results {
    const quantiles = {
        p50Seconds: 1.23456e-4,
        p90Seconds: 1.34567e-4,
        p99Seconds: 2.45678e-4,
        p999Seconds: 9.87654e-4,
    };
    const intervals: Pick<Cell, "p50IntervalSeconds" | "p99IntervalSeconds"> = {
        p50IntervalSeconds: [1.12345e-4, 1.34567e-4],
        p99IntervalSeconds: [2.12345e-4, 2.98765e-4],
    };
    return {
        ...results,
        cells: results.cells.map((cell) => ({ ...quantiles, ...intervals, ...cell })),
        constantRate: results.constantRate.map((cell) => ({ ...quantiles, ...cell })),
    };
}

describe("outline", () => {
    it("is the results as they are where they fit", () => {
        const results = resultsOf(planOf({ rounds: 2 }));
        assert.equal(outline(results), results);
        assert.equal(outline(whole, bytes(whole)), whole);
    });

    it("fits at any number of sizes that a ConfigMap of results allows", () => {
        const sizes = Array.from({ length: 300 }, (_, index) => 64 * (index + 1));
        const plan = planOf({ rounds: 2, arms: [mainArms.network, mainArms.volume], sizes });
        const results = withQuantiles(resultsOf(plan, journalOf(plan, { ...calm, roundTrips: 20 })));
        const shown = outline(results);
        assert.ok(bytes(shown) <= limit, `${bytes(shown)} bytes`);
        assert.deepEqual(shown.ratios, results.ratios);
        const kept = new Set(shown.cells.map(({ size }) => size));
        assert.deepEqual([kept.size, kept.has(64), kept.has(64 * 300)], [16, true, true]);
    });

    it("leaves out the usage of round trips first, and says where to find it", () => {
        const smaller = outline(whole, bytes(whole) - 1);
        const cells = whole.cells.map(({ usage, ...cell }) => cell);
        const warning =
            "This output leaves out the resource usage of round trips. Find everything in results.json, in the run's folder and in ConfigMap hopcost-run-1-results.";
        assert.deepEqual(smaller, { ...whole, cells, warnings: [...whole.warnings, warning] });
    });

    it("goes without the metrics next, before anything that explains the times", () => {
        const withoutUsage = outline(whole, bytes(whole) - 1);
        const { metrics, ...smaller } = outline(whole, bytes(withoutUsage) - 1);
        assert.equal(metrics, undefined);
        const warning =
            "This output leaves out the resource usage of round trips; the Prometheus metrics of each container. Find everything in results.json, in the run's folder and in ConfigMap hopcost-run-1-results.";
        const { metrics: all, ...expected } = { ...withoutUsage, warnings: [...whole.warnings, warning] };
        assert.equal(all?.length, 2 * allArms.length);
        assert.deepEqual(smaller, expected);
    });

    it("goes without the intervals of ablation arms next: their comparisons have intervals of their own", () => {
        const [usage, metrics] = [bytes(whole), bytes(outline(whole, bytes(whole) - 1))];
        const small = outline(whole, bytes(outline(whole, Math.min(usage, metrics) - 1)) - 1);
        const bare = ({ p50IntervalSeconds, p99IntervalSeconds, usage, ...cell }: Cell) => cell;
        const main = ({ usage, ...cell }: Cell) => cell;
        assert.deepEqual(
            small.cells,
            whole.cells.map((cell) => (isMain(cell.arm) ? main(cell) : bare(cell))),
        );
        assert.deepEqual(small.comparisons, whole.comparisons);
    });

    it("is small enough with every arm and size and mode, valid, and whole in what decides", () => {
        assert.ok(bytes(whole) > 3 * limit, "or this would not test much");
        const small = outline(whole);
        assert.ok(bytes(small) <= limit, `${bytes(small)} bytes`);
        assert.deepEqual(parseResults(JSON.stringify(small)), small);
        assert.deepEqual([small.ratios, small.summary], [whole.ratios, whole.summary]);
        for (const arm of Object.values(mainArms)) {
            assert.equal(small.cells.filter((cell) => cell.arm === arm).length, allSizes.length);
        }
        assert.ok(
            small.cells.some(({ arm }) => !isMain(arm)),
            "a few sizes of the ablation arms have room",
        );
        assert.match(
            small.warnings.at(-1) as string,
            /^This output leaves out the resource usage of round trips; the Prometheus metrics of each container; the intervals of the ablation arms' quantiles; the ablation/,
        );
    });

    it("goes without the time lines of scenarios first, and keeps their figures and verdicts if these fit", () => {
        const run = scenarioRunOf();
        const small = outline(run, bytes(run) - 1);
        const bins = { fromSeconds: 0, outcomes: {}, p50Microseconds: [], p99Microseconds: [], maxMicroseconds: [] };
        assert.deepEqual(small.scenarios, {
            ...run.scenarios,
            cells: run.scenarios.cells.map((cell) => ({ ...cell, bins, outages: [], recoveries: [] })),
            events: [],
        });
        assert.equal(
            small.warnings.at(-1),
            "This output leaves out the time lines of the scenarios, and their single injections. Find everything in results.json, in the run's folder and in ConfigMap hopcost-run-1-results.",
        );
        assert.ok(Value.Check(Results, small));
        assert.deepEqual(small.cells, run.cells);
    });

    it("leaves out flows of scenarios before their verdicts, and always fits with 14 scenarios", () => {
        const names = Array.from({ length: 14 }, (_, index) => `outage-${index}/of-some-variant`);
        const { scenarios } = scenarioRunOf();
        const first = scenarios.cells.filter(({ scenario }) => scenario === "kill-process");
        const cells = names.flatMap((scenario) => first.map((cell) => ({ ...cell, scenario })));
        const verdicts = names.flatMap((scenario) =>
            scenarios.verdicts.slice(0, 2).map((one) => ({ ...one, scenario })),
        );
        const many = { ...scenarios, cells, verdicts };
        const flowsWithin = (kib: number, of: Results) => {
            const small = outline({ ...of, scenarios: many }, kib * 1024);
            assert.ok(bytes(small) <= kib * 1024 && Value.Check(Results, small));
            assert.deepEqual(small.scenarios?.verdicts, verdicts);
            return [...new Set(small.scenarios?.cells.map(({ flow }) => flow))];
        };
        const few = resultsOf(planOf({ rounds: 2 }));
        assert.deepEqual(flowsWithin(120, few), ["once", "once-fresh", "retry", "retry-no-rescan"]);
        assert.deepEqual(flowsWithin(64, few), ["once", "retry"]);
        assert.deepEqual(flowsWithin(45, few), ["once"]);
        assert.deepEqual(flowsWithin(20, few), []);
        assert.deepEqual(flowsWithin(64, whole), []);
    });

    it("leaves out more the less room there is, and keeps the verdict and the main cells to the last", () => {
        const sizes = [60, 50, 40, 38].map((kib) => outline(whole, kib * 1024));
        for (const [index, small] of sizes.entries()) {
            assert.ok(index === 0 || bytes(small) <= bytes(sizes[index - 1]));
            assert.deepEqual([small.ratios, small.summary], [whole.ratios, whole.summary]);
            assert.ok(Value.Check(Results, small));
        }
        const last = sizes.at(-1) as Results;
        assert.deepEqual([last.phases, last.comparisons, last.attributions], [[], [], []]);
        assert.equal(last.cells.length, 2 * allSizes.length);
    });

    it("keeps the first warnings and counts the others if even texts don't fit", () => {
        const warnings = Array.from({ length: 50 }, (_, index) => `${index} ${"x".repeat(1000)}`);
        const small = outline({ ...whole, warnings }, 40 * 1024).warnings;
        assert.deepEqual(
            small.slice(0, -2),
            warnings.slice(0, 20).map((warning) => `${warning.slice(0, 200)}...`),
        );
        assert.equal(small.at(-2), "30 more warnings.");
        assert.match(
            small.at(-1) as string,
            /long texts, and warnings beyond the first few\. Find everything in results\.json/,
        );
    });

    it("always fits, whatever is wrong with the trials and however much the platform has to say", () => {
        const text = fc.integer({ min: 0, max: 6000 }).map((length) => "\u00e9".repeat(length));
        const states = fc.constantFrom<Trial["state"]>("ok", "noisy", "discarded", "unavailable");
        fc.assert(
            fc.property(text, text, fc.array(states, { minLength: 3, maxLength: 7 }), (reason, missing, pattern) => {
                const reasons = [reason];
                const unavailable = { unavailable: missing };
                const unread = Object.fromEntries(Object.keys(counters).map((name) => [name, unavailable]));
                const trials = sound.map((trial, index): Trial => {
                    const state = pattern[index % pattern.length] as Trial["state"];
                    const usage = { initiator: unread, responder: unread } as unknown as NonNullable<
                        Trial["cells"][number]["usage"]
                    >;
                    const cells = trial.cells.map((cell, position): typeof cell =>
                        position % 5 === 4
                            ? { ...cell, state: "discarded", reasons }
                            : { ...cell, usage, misses: 3, staleAcks: 2 },
                    );
                    const containers = trial.containers.map((container) => ({
                        ...container,
                        qosClass: unavailable,
                        metrics: { prometheus: unavailable, api: unavailable },
                        info: { ...container.info, mitigations: unavailable, containerRuntime: unavailable },
                    }));
                    return { ...trial, state, reasons, attempt: 3, cells, containers };
                });
                const results = withQuantiles(resultsOf(everything, trials));
                const small = outline(results);
                assert.ok(bytes(small) <= limit, `${bytes(small)} bytes`);
                assert.ok(Value.Check(Results, small));
                assert.equal(small.summary, results.summary);
            }),
            { numRuns: 8 },
        );
    }).timeout(30_000);
});
