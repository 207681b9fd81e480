import assert from "node:assert/strict";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { mainArms } from "../../../model/arms.ts";
import { type Changes, Compared } from "../../../model/comparison.ts";
import type { Cell, Geomean, Results } from "../../../model/results.ts";
import { compareRuns } from "../../../report/findings/compare.ts";
import { comparedText } from "../../../report/formats/compare-text.ts";
import { calm, cellsAt, journalOf, planOf, resultsOf, slowedRun, slower } from "../../model/fixtures.ts";
import { textsOf } from "../../support/texts.ts";
import { injectionsOf, scenarioPlanOf, scenarioRunOf } from "../injections.ts";

const asText = textsOf("report/findings/compare");

const plan = planOf();
const { network, volume } = mainArms;
/** Runs of the same arms, which differ only by chance. */
const [first, second, third] = [1, 2, 3].map((seed) =>
    resultsOf(planOf({ runId: `run-${seed}` }), journalOf(planOf({ runId: `run-${seed}` }), calm, seed)),
) as [Results, Results, Results];
const changed = (run: Results, change: (cell: Cell) => Cell): Results => ({ ...run, cells: run.cells.map(change) });
const of = ({ arms }: Compared, wanted: string): Changes =>
    arms.find(({ arm }) => arm === wanted)?.p50 ?? assert.fail(`${wanted} is not compared`);
const outcomes = ({ sizes }: Changes) => sizes.map(({ outcome }) => outcome);
const near = (actual: number | undefined, expected: number) =>
    assert.ok(Math.abs((actual ?? Number.NaN) / expected - 1) <= 1e-5, `${actual} is not ${expected}`);
const factors = fc.double({ min: 0.2, max: 5, noNaN: true });

describe("compareRuns", () => {
    it("has what its schema says", () => {
        const compared = JSON.parse(JSON.stringify(compareRuns([first], [second, third])));
        assert.deepEqual([...Value.Errors(Compared, compared)], []);
    });

    it("finds nothing between a run and itself", () => {
        const { arms, ratio, machineMoved } = compareRuns([first], [first]);
        for (const changes of [ratio, ...arms.map(({ p50 }) => p50)]) {
            for (const { factor, outcome } of changes.sizes) {
                assert.equal(factor, 1);
                assert.match(outcome, /^no (difference|significant change)$/);
            }
        }
        assert.equal(machineMoved, false);
    });

    it("gives exactly the change if all times of B are multiplied, the same ratio, and says that the machine changed", () => {
        fc.assert(
            fc.property(factors, (times) => {
                const { arms, ratio, machineMoved } = compareRuns([first], [slowedRun(first, times)]);
                for (const { p50 } of arms)
                    for (const change of [...p50.sizes, p50.overall]) near(change?.factor, times);
                for (const { factor } of ratio.sizes) near(factor, 1);
                if (times > 1.3) assert.equal(machineMoved, true);
            }),
        );
    });

    it("attributes the change of one arm only to that arm and the ratio", () => {
        const b = slowedRun(second, 1.2, ({ arm }) => arm === volume);
        const compared = compareRuns([first], [b]);
        assert.deepEqual(outcomes(of(compared, volume)), ["slower", "slower"]);
        assert.ok(outcomes(of(compared, network)).every((outcome) => outcome.startsWith("no ")));
        assert.deepEqual(outcomes(compared.ratio), ["higher", "higher"]);
        assert.equal(compared.machineMoved, false);
    });

    it("from B to A is the inverse", () => {
        const [forth, back] = [compareRuns([first, second], [third]), compareRuns([third], [first, second])];
        for (const wanted of [network, volume]) {
            for (const [index, { factor, interval }] of of(forth, wanted).sizes.entries()) {
                const other = of(back, wanted).sizes[index];
                near(other?.factor, 1 / (factor ?? 0));
                near(other?.interval?.[0], 1 / (interval?.[1] ?? 0));
            }
        }
    });

    it("takes a set by its geometric mean, and one that scatters as less sure than its runs say", () => {
        const faster = slowedRun(second, 0.5);
        const set = of(compareRuns([first], [second, faster]), network).sizes[0];
        const one = of(compareRuns([first], [second]), network).sizes[0];
        near(set?.b, (one?.b ?? 0) * Math.SQRT1_2);
        const width = (interval: [number, number] | undefined) => (interval?.[1] ?? 0) / (interval?.[0] ?? 1);
        assert.ok(width(set?.interval) > 5 * width(one?.interval));
    });

    it("lets a drift between the runs of a set cancel out of the ratio", () => {
        const faster = slowedRun(first, 0.5);
        const { ratio } = compareRuns([first, faster], [second]);
        const [low, high] = ratio.sizes[0]?.interval ?? [0, 0];
        assert.ok(low > 0.9 && high < 1.1, `${low} to ${high}`);
    });

    describe("guesses nothing", () => {
        const without = (drop: "p50Seconds" | "p50IntervalSeconds") => (cell: Cell) => {
            const { [drop]: _, ...rest } = cell;
            return rest;
        };
        for (const [what, run, reason] of [
            [
                "of which a run has no median",
                changed(second, without("p50Seconds")),
                "has too few round trips for a p50",
            ],
            [
                "of results without intervals",
                changed(second, without("p50IntervalSeconds")),
                "has no interval: the stack output leaves the intervals out; use the run's folder",
            ],
            [
                "of one trial",
                changed(second, (cell) => ({ ...without("p50IntervalSeconds")(cell), trials: 1 })),
                "has only 1 trial; an interval needs 2",
            ],
            [
                "that a run lacks",
                { ...second, cells: second.cells.filter(({ arm }) => arm !== network) },
                "was not measured at this size",
            ],
        ] satisfies [string, Results, string][]) {
            it(`about a cell ${what}`, () => {
                const { sizes } = of(compareRuns([first], [third, run]), network);
                assert.deepEqual(outcomes({ sizes }), ["inconclusive", "inconclusive"]);
                assert.equal(sizes[0]?.reason, `B: network/cluster-ip of run run-2 ${reason}`);
                assert.equal(sizes[0]?.factor, undefined);
            });
        }

        const geomeansOf = (change: Partial<Geomean> | undefined): Results => ({
            ...second,
            geomeans: second.geomeans.flatMap((geomean) => {
                if (geomean.arm !== network) return [geomean];
                return change === undefined ? [] : [{ ...geomean, ...change }];
            }),
        });
        for (const [what, run, reason] of [
            [
                "of which no trial is whole",
                geomeansOf(undefined),
                "B: network/cluster-ip of run run-2 has no trial with a median at all sizes",
            ],
            [
                "of one trial",
                geomeansOf({ trials: 1 }),
                "B: network/cluster-ip of run run-2 has only 1 trial; an interval needs 2",
            ],
            [
                "at other sizes",
                { ...second, plan: { ...second.plan, cells: cellsAt({ sizes: [64] }) } },
                "A: network/cluster-ip was not measured at the same sizes in all runs; B: network/cluster-ip was not measured at the same sizes in all runs",
            ],
        ] satisfies [string, Results, string][]) {
            it(`about all sizes together ${what}`, () => {
                const { arms, ratio, machineMoved } = compareRuns([first], [run]);
                for (const overall of [arms[0]?.p50.overall, ratio.overall]) {
                    assert.deepEqual(
                        { outcome: overall?.outcome, factor: overall?.factor },
                        { outcome: "inconclusive", factor: undefined },
                    );
                }
                assert.equal(arms[0]?.p50.overall?.reason, reason);
                assert.equal(machineMoved, false);
            });
        }
    });

    it("compares p99 only at sizes at which all runs have it", () => {
        const p99 = (cell: Cell): Cell =>
            cell.size === 64 ? { ...cell, p99Seconds: 0.001, p99IntervalSeconds: [0.0009, 0.00111111] } : cell;
        const [a, b] = [changed(first, p99), changed(second, (cell) => slower(p99(cell), 2))];
        const { arms } = compareRuns([a], [b]);
        assert.deepEqual(
            arms.map((arm) => arm.p99.sizes.map(({ size, factor, outcome }) => [size, factor, outcome])),
            [[[64, 2, "slower"]], [[64, 2, "slower"]]],
        );
        assert.deepEqual(compareRuns([a], [second]).arms[0]?.p99, { sizes: [] });
    });

    it("warns of incomplete runs", () => {
        const run = resultsOf(plan, journalOf(plan).slice(0, -1));
        const { warnings, b } = compareRuns([first], [run]);
        asText("compareRuns warns of incomplete runs", warnings);
        asText("compareRuns warns of incomplete runs (2)", b[0]?.incompleteReason ?? "");
    });
});

describe("comparedText", () => {
    const slowVolume = slowedRun(second, 1.2, ({ arm }) => arm === volume);

    it("has the verdict, the runs, and each change", () => {
        asText(
            "comparedText has the verdict, the runs, and each change",
            comparedText(compareRuns([first], [slowVolume])),
        );
    });

    it("says first what differs, and of which runs something is missing", () => {
        const partial = {
            ...second,
            complete: false,
            incompleteReason: "the deadline passed",
            environment: { ...second.environment, cpus: 4 },
        };
        const parts = comparedText(compareRuns([first, third], [partial])).split("\n\n");
        asText("comparedText says first what differs, and of which runs something is missing", parts.slice(0, 4));
    });

    it("has the outages of scenarios, and why some can't be compared", () => {
        const plan = scenarioPlanOf({ names: ["kill-process", "hang"] });
        const [a, b] = [3, 4].map((seed) => scenarioRunOf(plan, injectionsOf(plan, seed))) as [Results, Results];
        const compared = compareRuns([a], [b]);
        assert.deepEqual([...Value.Errors(Compared, JSON.parse(JSON.stringify(compared)))], []);
        const parts = comparedText(compared).split("\n\n");
        asText("comparedText has the outages of scenarios, and why some can't be compared", [
            parts[0] ?? "",
            ...parts.slice(parts.indexOf("Outages")),
        ]);
        assert.deepEqual(compareRuns([first], [second]).outages, []);
    });

    it("says that the machine changed", () => {
        const moved = slowedRun(second, 1.5);
        asText("comparedText says that the machine changed", compareRuns([first], [moved]).summary);
    });

    it("says that part of the change may come from the machine if both arms and their ratio changed", () => {
        const both = slowedRun(slowedRun(second, 0.8), 0.9, ({ arm }) => arm === volume);
        assert.match(
            compareRuns([first], [both]).summary,
            /\. Both main arms changed in the same direction \(-20% and -28% over all sizes\), and so did their ratio: part of the change may come from the machine; to find out, measure several runs per side, alternating A and B\.$/,
        );
        const apart = slowedRun(
            slowedRun(second, 0.8, ({ arm }) => arm === network),
            1.2,
            ({ arm }) => arm === volume,
        );
        assert.doesNotMatch(compareRuns([first], [apart]).summary, /Both main arms/);
    });

    it("reports at how many sizes not even 20% would be detected, and whether other arms changed", () => {
        const wide = (cell: Cell): Cell => {
            const median = cell.p50Seconds ?? 0;
            return { ...cell, p50IntervalSeconds: [median / 1.3, median * 1.3] };
        };
        const ablation = (run: Results, times: number): Results => ({
            ...run,
            cells: [...run.cells, { ...slower(run.cells[0] as Cell, times), arm: "network/pod-ip" }],
        });
        asText(
            "comparedText reports at how many sizes not even 20% would be detected, and whether other arms changed",
            compareRuns([ablation(first, 1)], [ablation(changed(second, wide), 1)]).summary,
        );
        assert.match(
            compareRuns([ablation(first, 1)], [ablation(second, 0.5)]).summary,
            /; network\/pod-ip is faster at 1 of 1 size\.$/,
        );
    });

    it("reports the geomean of an arm that changed at one size", () => {
        const b = slowedRun(second, 0.5, ({ arm, size }) => arm === volume && size === 64);
        const geomeans = (second.geomeans ?? []).map(
            (geomean): Geomean => ({ ...geomean, intervalSeconds: [geomean.seconds / 2, geomean.seconds * 2] }),
        );
        assert.match(
            compareRuns([first], [{ ...b, geomeans }]).summary,
            /; volume\/chokidar is faster at 1 of 2 sizes \(no significant change of the geomean: -50% to \+100%\); /,
        );
    });

    it("claims nothing of other arms that only one side measured", () => {
        const ablation = (run: Results, ...arms: Cell["arm"][]): Results => ({
            ...run,
            cells: [...run.cells, ...arms.map((arm) => ({ ...(run.cells[0] as Cell), arm }))],
        });
        const lastClause = (a: Results, b: Results) => compareRuns([a], [b]).summary.split("; ").at(-1) ?? "";
        asText(
            "comparedText claims nothing of other arms that only one side measured",
            lastClause(ablation(first, "network/pod-ip"), second),
        );
        asText(
            "comparedText claims nothing of other arms that only one side measured (2)",
            lastClause(ablation(first, "network/pod-ip", "volume/disk"), ablation(second, "volume/disk")),
        );
    });

    it("names an arm that changed over all sizes, but not significantly at any single size", () => {
        const wide = (cell: Cell): Cell => {
            const median = cell.p50Seconds ?? 0;
            return { ...cell, p50IntervalSeconds: [median / 1.3, median * 1.3] };
        };
        const b = changed(
            slowedRun(second, 1.1, ({ arm }) => arm === network),
            wide,
        );
        assert.match(
            compareRuns([first], [b]).summary,
            /^network\/cluster-ip is slower over 2 sizes, but not significantly at any single size \(geomean \+10%: \+8\.3% to \+12%, at 2 even 20% would not be detected\); no significant change/,
        );
    });

    it("gives each reason once if sizes can't be compared", () => {
        const one = changed(second, ({ p50IntervalSeconds: _, ...cell }) => ({ ...cell, trials: 1 }));
        asText(
            "comparedText gives each reason once if sizes can't be compared",
            comparedText(compareRuns([first], [one]))
                .split("\n\n")
                .at(-1) ?? "",
        );
        asText(
            "comparedText gives each reason once if sizes can't be compared (2)",
            compareRuns([first], [one]).summary,
        );
    });

    it("shows runs that have nothing in common", () => {
        const nothing = compareRuns([{ ...first, cells: [] }], [{ ...second, cells: [] }]);
        asText("comparedText shows runs that have nothing in common", nothing.summary);
    });
});
