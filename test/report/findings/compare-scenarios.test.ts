import assert from "node:assert/strict";
import fc from "fast-check";
import type { OutageChange } from "../../../model/comparison.ts";
import type { Results } from "../../../model/results.ts";
import { type ScenarioCell, sham } from "../../../model/scenarios.ts";
import { outageChanges, summarizeOutages } from "../../../report/findings/compare-scenarios.ts";
import { outline } from "../../../report/findings/outline.ts";
import { resultsOf } from "../../model/fixtures.ts";
import { textsOf } from "../../support/texts.ts";
import { injectionsOf, scenarioPlanOf, scenarioRunOf } from "../injections.ts";

const asText = textsOf("report/findings/compare-scenarios");

const plan = scenarioPlanOf();
/** Two runs that differ only by chance. */
const [first, second] = [3, 5].map((seed) => ({
    ...scenarioRunOf(plan, injectionsOf(plan, seed)),
    runId: `run-${seed}`,
})) as [ReturnType<typeof scenarioRunOf>, ReturnType<typeof scenarioRunOf>];
const scenariosOf = (run: Results, change: Partial<Results["scenarios"]>): Results => ({
    ...run,
    ...(run.scenarios && { scenarios: { ...run.scenarios, ...change } }),
});
const changed = (
    run: Results,
    scenario: string,
    change: (cell: ScenarioCell) => Partial<ScenarioCell> | undefined,
): Results =>
    scenariosOf(run, {
        cells: (run.scenarios?.cells ?? []).flatMap((cell) => {
            if (cell.scenario !== scenario) return [cell];
            const other = change(cell);
            return other === undefined ? [] : [{ ...cell, ...other }];
        }),
    });
/** With longer outages of a scenario in both topologies. */
const slower = (run: Results, scenario: string, seconds: number): Results =>
    changed(run, scenario, ({ outages }) => ({ outages: outages.map((one) => (one === null ? null : one + seconds)) }));
const brief = (changes: readonly OutageChange[]) =>
    changes.map(({ scenario, topology, outcome }) => `${scenario} ${topology}: ${outcome}`);
const of = (changes: readonly OutageChange[], scenario: string, topology = "network"): OutageChange =>
    changes.find((one) => one.scenario === scenario && one.topology === topology) ??
    assert.fail(`${scenario} (${topology}) is not compared`);
const isDifferent = ({ outcome }: OutageChange) => outcome === "longer" || outcome === "shorter";

describe("outageChanges", () => {
    it("compares each scenario on each topology, in the order of the run, without shams", () => {
        assert.deepEqual(
            brief(outageChanges([first], [second])).map((text) => text.split(":")[0]),
            plan.names.flatMap((name) => [`${name} network`, `${name} volume`]),
        );
    });

    it("finds nothing between two runs that differ by chance, and what has become longer", () => {
        assert.deepEqual(outageChanges([first], [second]).filter(isDifferent), []);
        const changes = outageChanges([first], [slower(second, "kill-process", 3)]);
        assert.deepEqual(brief(changes.filter(isDifferent)), [
            "kill-process network: longer",
            "kill-process volume: longer",
        ]);
        const { a, b, shiftSeconds, interval, noiseFloorSeconds, watchedSeconds } = of(changes, "kill-process");
        assert.ok((b ?? 0) - (a ?? 0) > 2.5 && Math.abs((shiftSeconds ?? 0) - 3) < 0.5, `${a} ${b} ${shiftSeconds}`);
        assert.ok((interval?.[0] ?? 0) > 2 && (interval?.[1] ?? 9) < 4, `${interval}`);
        assert.equal(noiseFloorSeconds, 0.1);
        assert.equal(typeof watchedSeconds, "number");
        const back = of(outageChanges([slower(second, "kill-process", 3)], [first]), "kill-process");
        assert.deepEqual([back.outcome, back.shiftSeconds], ["shorter", -(shiftSeconds ?? 0)]);
    });

    it("never differs between a run and itself, whatever its outages", () => {
        const seconds = fc.option(fc.double({ min: 0, max: 90, noNaN: true }));
        const outages = fc.array(seconds, { minLength: 1, maxLength: 25 });
        fc.assert(
            fc.property(
                outages,
                fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { maxLength: 25 }),
                (some, calm) => {
                    const run = changed(
                        changed(first, "hang", () => ({ outages: some })),
                        sham,
                        () => ({ outages: calm }),
                    );
                    assert.deepEqual(outageChanges([run], [run]).filter(isDifferent), []);
                },
            ),
        );
    });

    it("is from B to A the opposite", () => {
        const outages = fc.array(fc.option(fc.integer({ min: 0, max: 90 })), { minLength: 1, maxLength: 12 });
        const opposite = { longer: "shorter", shorter: "longer" } as Record<string, string>;
        fc.assert(
            fc.property(outages, outages, (one, other) => {
                const [a, b] = [one, other].map((some) => changed(first, "hang", () => ({ outages: some }))) as [
                    Results,
                    Results,
                ];
                const [there, back] = [of(outageChanges([a], [b]), "hang"), of(outageChanges([b], [a]), "hang")];
                assert.equal(back.outcome, opposite[there.outcome] ?? there.outcome);
            }),
        );
    });

    it("takes the difference between the shams of A and those of B as noise", () => {
        const after = slower(second, "kill-process", 3);
        const noisy = changed(after, sham, ({ outages }) => ({ outages: outages.map((_, index) => index) }));
        const change = of(outageChanges([first], [noisy]), "kill-process");
        assert.ok((change.noiseFloorSeconds ?? 0) > 3, `${change.noiseFloorSeconds}`);
        assert.notEqual(change.outcome, "longer");
        const never = changed(after, sham, () => ({ outages: [null] }));
        assert.equal(of(outageChanges([first], [never]), "kill-process").noiseFloorSeconds, null);
    });

    it("knows that what was not over takes longer, and not by how much; if neither was, it says so", () => {
        const changes = outageChanges([changed(first, "hang", () => ({ outages: Array(20).fill(2) }))], [second]);
        const { outcome, a, b, shiftSeconds, interval, watchedSeconds } = of(changes, "hang");
        assert.deepEqual(
            { outcome, a, b, shiftSeconds, interval, watchedSeconds },
            { outcome: "longer", a: 2, b: null, shiftSeconds: null, interval: [null, null], watchedSeconds: 75 },
        );
        const both = of(outageChanges([first], [second]), "hang");
        assert.deepEqual([both.outcome, both.reason], ["inconclusive", "A and B: not over while it was watched"]);
    });

    it("takes the injections of several runs of a side together", () => {
        const count = (runs: readonly Results[]) => of(outageChanges(runs, [second]), "start-up");
        const other = slower(first, "start-up", 10);
        const { a } = count([first, other]);
        const medianOf = (run: Results) => count([run]).a ?? 0;
        assert.ok((a ?? 0) > medianOf(first) && (a ?? 0) < medianOf(other), `${a}`);
    });

    it("names what only one run has, and why the other has not", () => {
        const one = "kill-process";
        const without = (change: Partial<Results["scenarios"]>) =>
            scenariosOf(
                changed(second, one, () => undefined),
                change,
            );
        const reason = (b: Results) => {
            const change = of(outageChanges([first], [b]), one);
            assert.deepEqual([change.outcome, typeof change.a, change.b], ["inconclusive", "number", undefined]);
            assert.equal(typeof change.watchedSeconds, "number");
            return change.reason;
        };
        const lacking = "B: run run-5:";
        const nothing = { verdicts: [], expected: [], void: [] };
        const skipped = [{ scenario: one, topology: "network", reason: "one node only" }];
        assert.equal(reason(without(nothing)), `${lacking} it was not done`);
        assert.equal(reason(without({ ...nothing, skipped })), `${lacking} it was skipped: one node only`);
        assert.equal(reason({ ...resultsOf(), runId: "run-9" }), "B: run run-9 has no scenarios");
        const backwards = of(outageChanges([without(nothing)], [first]), one);
        assert.equal(backwards.reason, "A: run run-5: it was not done");
    });

    it("leaves out what both skipped, and has nothing to say of runs without scenarios", () => {
        const skip = (run: Results) => {
            const skipped = [{ scenario: "hang", topology: "volume", reason: "one node only" }];
            return scenariosOf(
                changed(run, "hang", ({ topology }) => (topology === "volume" ? undefined : {})),
                { skipped },
            );
        };
        const both = brief(outageChanges([skip(first)], [skip(second)]));
        assert.equal(both.length, 7);
        assert.ok(both.every((text) => !text.startsWith("hang volume")));
        const partly = scenariosOf(first, { skipped: [{ scenario: "hang", topology: "volume", reason: "busy" }] });
        assert.equal(outageChanges([partly], [partly]).length, 8, "some of its injections were made");
        assert.deepEqual(outageChanges([resultsOf()], [resultsOf()]), []);
    });

    it("can't compare a stack output, which lacks the single injections, and names the place that has them", () => {
        const changes = outageChanges([outline(first)], [second]);
        assert.equal(changes.length, 8);
        for (const { outcome, reason } of changes) {
            assert.equal(outcome, "inconclusive");
            assert.equal(
                reason,
                "A: run run-3: the stack output leaves the single injections out; use the run's folder",
            );
        }
    });

    it("has no interval with fewer than 6 injections on a side", () => {
        const few = changed(second, "start-up", ({ outages }) => ({ outages: outages.slice(0, 5) }));
        const { outcome, reason, interval, shiftSeconds } = of(outageChanges([first], [few]), "start-up");
        assert.deepEqual(
            { outcome, reason, interval },
            { outcome: "inconclusive", reason: "B: only 5 injections; an interval needs 6", interval: undefined },
        );
        assert.equal(typeof shiftSeconds, "number");
    });
});

describe("the sentence of outages", () => {
    it("names what changed, and counts the rest", () => {
        const longer = slower(second, "kill-process", 3);
        asText("what changed", summarizeOutages(outageChanges([first], [longer])));
        asText("nothing changed", summarizeOutages(outageChanges([first], [second])));
        const never = outageChanges([changed(first, "hang", () => ({ outages: Array(20).fill(2) }))], [second]);
        asText("longer, and not known by how much", summarizeOutages(never));
        assert.deepEqual(summarizeOutages([]), []);
    });
});
