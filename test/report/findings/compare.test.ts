import assert from "node:assert/strict";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { mainArms } from "../../../model/arms.ts";
import { type Changes, Compared } from "../../../model/comparison.ts";
import type { Cell, Geomean, Results } from "../../../model/results.ts";
import { compareRuns } from "../../../report/findings/compare.ts";
import { comparedText } from "../../../report/formats/compare-text.ts";
import { calm, cellsAt, journalOf, planOf, resultsOf, slowedRun, slower } from "../../model/fixtures.ts";

const plan = planOf();
const { network, volume } = mainArms;
/** Runs of the same arms, which differ by chance alone. */
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

    it("gives exactly the change where all times of B are multiplied, the same ratio, and says that the machine moved", () => {
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

    it("gives the change of one arm to that arm and the ratio alone", () => {
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
        assert.deepEqual(warnings, ["B: run run-1 is incomplete: 1 of 20 trials were not measured"]);
        assert.equal(b[0]?.incompleteReason, "1 of 20 trials were not measured");
    });
});

describe("comparedText", () => {
    const slowVolume = slowedRun(second, 1.2, ({ arm }) => arm === volume);

    it("is the verdict, which runs, and each change", () => {
        assert.equal(
            comparedText(compareRuns([first], [slowVolume])),
            `No significant change at 2 of 2 sizes in network/cluster-ip; volume/chokidar is slower at 2 of 2 sizes (geomean +20%: +18% to +22%); volume / network is higher at 2 of 2 sizes (geomean +20%: +18% to +23%).

A: run-1 (2026-11-21T10:00:00Z)
B: run-2 (2026-11-21T10:00:00Z)

Change is B over A. The intervals of all sizes of an arm hold together with 95%; a change is called one only where its whole interval is on one side of 0. The line \`all\` is the geometric mean over all sizes and trials, with a 95% CI of its own.

How much faster the network is

                   size     A     B  change  95% CI
volume / network   64 B  6.02  7.16    +19%  +15% to +23%  higher
                  1 KiB  5.91  7.16    +21%  +18% to +25%  higher
                    all  5.96  7.16    +20%  +18% to +23%  higher

p50

                     size        A       B  change    95% CI
network/cluster-ip   64 B  99.2 us  100 us   +0.9%  -1.3% to +3.2%  no significant change
                    1 KiB   102 us  101 us   -0.7%  -2.5% to +1.1%  no difference
                      all   100 us  101 us      0%  -1.5% to +1.6%  no difference
volume/chokidar      64 B   597 us  717 us    +20%    +17% to +23%  slower
                    1 KiB   601 us  723 us    +20%    +18% to +23%  slower
                      all   599 us  720 us    +20%    +18% to +22%  slower
`,
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
        assert.deepEqual(parts.slice(0, 4), [
            "A and B were measured under different conditions, which may explain a change:\n  environment.cpus: A has 2, B has 4",
            "warning: B: run run-2 is incomplete: the deadline passed",
            "No significant change at 2 of 2 sizes in network/cluster-ip; no significant change at 2 of 2 sizes in volume/chokidar; no significant change at 2 of 2 sizes in volume / network.",
            "A: mean of 2 runs: run-1 (2026-11-21T10:00:00Z), run-3 (2026-11-21T10:00:00Z)\nB: run-2 (2026-11-21T10:00:00Z)",
        ]);
    });

    it("says that the machine moved", () => {
        const moved = slowedRun(second, 1.5);
        assert.equal(
            compareRuns([first], [moved]).summary,
            "network/cluster-ip is slower at 2 of 2 sizes (geomean +50%: +48% to +52%); volume/chokidar is slower at 2 of 2 sizes (geomean +50%: +48% to +53%); no significant change at 2 of 2 sizes in volume / network. Both main arms changed alike (+50% and +50% over all sizes) while their ratio did not: the machine changed rather than an arm.",
        );
    });

    it("says that the machine may have a part where both arms moved in one direction, and their ratio too", () => {
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

    it("says of how many sizes too little is known to tell 20%, and whether other arms changed", () => {
        const wide = (cell: Cell): Cell => {
            const median = cell.p50Seconds ?? 0;
            return { ...cell, p50IntervalSeconds: [median / 1.3, median * 1.3] };
        };
        const ablation = (run: Results, times: number): Results => ({
            ...run,
            cells: [...run.cells, { ...slower(run.cells[0] as Cell, times), arm: "network/pod-ip" }],
        });
        assert.equal(
            compareRuns([ablation(first, 1)], [ablation(changed(second, wide), 1)]).summary,
            "No significant change at 2 of 2 sizes in network/cluster-ip (at 2 even 20% would not be detected); no significant change at 2 of 2 sizes in volume/chokidar (at 2 even 20% would not be detected); no significant change at 2 of 2 sizes in volume / network (at 2 even 20% would not be detected); no other arm changed significantly.",
        );
        assert.match(
            compareRuns([ablation(first, 1)], [ablation(second, 0.5)]).summary,
            /; network\/pod-ip is faster at 1 of 1 size\.$/,
        );
    });

    it("says of an arm that changed at one size whether it did over all of them", () => {
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
        const lastClause = (a: Results, b: Results) => compareRuns([a], [b]).summary.split("; ").at(-1);
        assert.equal(lastClause(ablation(first, "network/pod-ip"), second), "1 other arm can't be compared.");
        assert.equal(
            lastClause(ablation(first, "network/pod-ip", "volume/disk"), ablation(second, "volume/disk")),
            "no other arm changed significantly (1 can't be compared).",
        );
    });

    it("names an arm that changed over all sizes, though none of them tells by itself", () => {
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

    it("gives each reason once where sizes can't be compared", () => {
        const one = changed(second, ({ p50IntervalSeconds: _, ...cell }) => ({ ...cell, trials: 1 }));
        assert.equal(
            comparedText(compareRuns([first], [one]))
                .split("\n\n")
                .at(-1),
            `inconclusive: B: volume/chokidar of run run-2 has only 1 trial; an interval needs 2
inconclusive: B: network/cluster-ip of run run-2 has only 1 trial; an interval needs 2
`,
        );
        assert.equal(
            compareRuns([first], [one]).summary,
            "network/cluster-ip is inconclusive at 2 of 2 sizes; volume/chokidar is inconclusive at 2 of 2 sizes; volume / network is inconclusive at 2 of 2 sizes.",
        );
    });

    it("shows runs that have nothing in common", () => {
        const nothing = compareRuns([{ ...first, cells: [] }], [{ ...second, cells: [] }]);
        assert.equal(nothing.summary, "No arm was measured on either side.");
    });
});
