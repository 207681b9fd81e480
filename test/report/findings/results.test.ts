import assert from "node:assert/strict";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { type Arm, allArms, mainArms } from "../../../model/arms.ts";
import { armsOf, mainSizes } from "../../../model/plan.ts";
import { Results } from "../../../model/results.ts";
import type { Trial } from "../../../model/trial.ts";
import { aggregate } from "../../../report/findings/results.ts";
import { seededRandom, shuffled } from "../../../statistics/random.ts";
import { calm, cellsAt, everyModeAt, journalOf, planOf, recordOf, resultsOf, trialOf } from "../../model/fixtures.ts";

/** Every number anywhere in a value. */
function numbersIn(value: unknown): number[] {
    if (typeof value === "number") return [value];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

describe("aggregate", () => {
    const plan = planOf({ rounds: 4 });
    const journal = journalOf(plan);

    it("puts the whole run together", () => {
        const results = resultsOf(plan, journal);
        assert.ok(Value.Check(Results, results));
        assert.deepEqual(
            results.cells.map(({ arm, size, trials, roundTrips }) => [arm, size, trials, roundTrips]),
            [
                ["network/cluster-ip", 64, 4, 240],
                ["network/cluster-ip", 1024, 4, 240],
                ["volume/chokidar", 64, 4, 240],
                ["volume/chokidar", 1024, 4, 240],
            ],
        );
        assert.deepEqual(
            results.ratios.map(({ size, verdict }) => [size, verdict]),
            [
                [64, "network faster"],
                [1024, "network faster"],
            ],
        );
        assert.deepEqual(results.trials, { ok: 8, noisy: 0, discarded: 0, planned: 8 });
        assert.equal(results.throttledSeconds, 0);
        assert.equal(results.complete, true);
        assert.equal("crossover" in results, false);
        assert.equal("incompleteReason" in results, false);
        assert.match(results.summary, /^Over 2 sizes in 4 trials, at the median, the ClusterIP hop /);
    });

    it("lets a reader check every ratio by hand: p50 of one cell over p50 of the other", () => {
        const { cells, ratios } = resultsOf(plan, journal);
        for (const { size, ratio } of ratios) {
            const p50 = (arm: string) =>
                cells.find((cell) => cell.arm === arm && cell.size === size)?.p50Seconds as number;
            assert.ok(Math.abs(ratio / (p50(mainArms.volume) / p50(mainArms.network)) - 1) < 1e-4);
        }
    });

    it("gives byte-identical JSON in whatever order the journal is read, and however often an entry is there", () => {
        const expected = JSON.stringify(resultsOf(plan, journal));
        fc.assert(
            fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
                const trials = shuffled([...journal, ...structuredClone(journal.slice(0, 3))], seededRandom(seed));
                assert.equal(JSON.stringify(resultsOf(plan, trials)), expected);
            }),
            { numRuns: 5 },
        );
    });

    it("has every arm and mode of a run with diagnostics, in order", () => {
        const all = planOf({
            ...{ arms: [...allArms], rounds: 3, sizes: [1024, 64], ablationSizes: [1024, 64] },
            repeatSizes: [1024, 64],
            ...everyModeAt(1024, 64),
        });
        const results = resultsOf(all, journalOf(all));
        assert.ok(Value.Check(Results, results));
        assert.deepEqual(
            results.warnings.filter((warning) => /no usable/.test(warning)),
            [],
        );
        assert.deepEqual(
            results.cells.map(({ arm, size }) => `${arm} ${size}`),
            allArms
                .toSorted()
                .flatMap((arm) => (arm === "floor/noop" ? [64] : [64, 1024]).map((size) => `${arm} ${size}`)),
        );
        const mains = Object.values(mainArms).flatMap((arm) => [`${arm} 64`, `${arm} 1024`]);
        for (const cells of [results.phases, results.constantRate, results.throughput]) {
            assert.deepEqual(
                cells.map(({ arm, size, trials }) => [`${arm} ${size}`, trials]),
                mains.map((name) => [name, 3]),
            );
        }
        assert.deepEqual(
            results.attributions.map(({ size, arm, parts }) => [size, arm, parts.length]),
            [64, 1024].map((size) => [size, mainArms.volume, 3]),
        );
        assert.match(results.summary, /volume\/chokidar's time at 64 B and 1 KiB goes to /);
        assert.ok(results.ratios.every(({ noise }) => noise !== undefined && noise > 1 && noise < 1.2));
    });

    it("has neither attributions nor an explanation without the ablation arms", () => {
        const results = resultsOf(plan, journal);
        assert.deepEqual([results.attributions, results.comparisons], [[], []]);
        assert.doesNotMatch(results.summary, /goes to|dominates/);
        assert.ok(results.ratios.every((ratio) => !("noise" in ratio) && !ratio.withinNoise));
    });

    it("starts with its earliest trial, and at no time without one", () => {
        const trials = journal.map((trial, index) => ({ ...trial, startedAt: `2026-11-21T10:00:${59 - index}Z` }));
        assert.equal(resultsOf(plan, trials).startedAt, "2026-11-21T10:00:52Z");
        assert.equal(resultsOf(plan, []).startedAt, "");
    });

    it("does not depend on the order of arms and sizes in the plan", () => {
        const arms = [mainArms.volume, mainArms.network];
        const turned = { ...plan, cells: cellsAt({ arms, sizes: [1024, 64] }) };
        assert.deepEqual([armsOf(turned), mainSizes(plan)], [armsOf(plan).toReversed(), [64, 1024]]);
        assert.deepEqual(resultsOf(turned, journal), resultsOf(plan, journal));
    });

    it("keeps which diagnostics were planned, in whatever order", () => {
        const diagnostics = { diagnosticSeconds: 0.7, ratePerSecond: 300, concurrency: 8 };
        const turned = { ...plan, ...diagnostics, cells: cellsAt(everyModeAt(1024, 64)) };
        const { plan: kept } = resultsOf(turned, journal);
        assert.deepEqual(kept.cells, cellsAt(everyModeAt(64, 1024)));
        const { diagnosticSeconds, ratePerSecond, concurrency } = kept;
        assert.deepEqual({ diagnosticSeconds, ratePerSecond, concurrency }, diagnostics);
    });

    it("keeps what another version measured: an arm and a mode that this one does not know", () => {
        const samples = new Float64Array(60).fill(100_000);
        const pigeon = "network/carrier-pigeon";
        const cells = [
            { arm: pigeon, mode: "closed-loop", sizes: [1024] },
            { arm: pigeon, mode: "burst", sizes: [1024, 64] },
        ];
        const newer = { ...plan, hopcostVersion: "9.0.0", cells: [...plan.cells, ...cells] };
        const records = [
            recordOf(1024, samples),
            ...[64, 1024].map((size) => recordOf(size, samples, { mode: "burst" })),
        ];
        const flown = Array.from({ length: 4 }, (_, round) => trialOf(8 + round, pigeon, records, { round }));
        const results = resultsOf(newer, [...journal, ...flown]);
        assert.ok(Value.Check(Results, results));
        assert.deepEqual(
            results.cells.filter(({ arm }) => arm === pigeon).map(({ size, trials }) => [size, trials]),
            [[1024, 4]],
        );
        assert.deepEqual(
            results.otherModes?.map(({ arm, mode, size, trials, roundTrips }) => [arm, mode, size, trials, roundTrips]),
            [64, 1024].map((size) => [pigeon, "burst", size, 4, 240]),
        );
        assert.equal(results.hopcostVersion, "9.0.0");
        const { ratios } = resultsOf(plan, journal);
        assert.deepEqual(results.ratios, ratios);
        assert.equal("otherModes" in resultsOf(plan, journal), false);
    });

    it("does not change its input", () => {
        const before = structuredClone({ plan, journal });
        resultsOf(plan, journal);
        assert.deepEqual({ plan, journal }, before);
    });

    it("takes nothing from discarded trials and discarded cells but their count and a warning", () => {
        const wild = new Float64Array(60).fill(3e9);
        const clean = resultsOf(plan, journal);
        const extra = trialOf(8, "volume/chokidar", [recordOf(64, wild)], {
            state: "discarded",
            reasons: ["restarted"],
        });
        const results = resultsOf(plan, [...journal, extra]);
        assert.deepEqual([results.cells, results.ratios], [clean.cells, clean.ratios]);
        assert.deepEqual(results.trials, { ok: 8, noisy: 0, discarded: 1, planned: 8 });
        assert.deepEqual(
            results.warnings.filter((warning) => !clean.warnings.includes(warning)),
            ["1 trial is not used: trial 8 (volume/chokidar, round 5): restarted."],
        );
        const discardedCell = trialOf(8, "volume/chokidar", [
            recordOf(64, wild, { state: "discarded", reasons: ["hash differs"] }),
        ]);
        assert.deepEqual(resultsOf(plan, [...journal, discardedCell]).cells, clean.cells);
    });

    it("uses the last attempt of a trial that was repeated", () => {
        const first = { ...journal[0], state: "discarded", reasons: ["throttled"] } as Trial;
        const second = { ...journal[0], attempt: 2, reasons: ["attempt 1: throttled"] } as Trial;
        const results = resultsOf(plan, [first, second, ...journal.slice(1)]);
        assert.deepEqual(results.cells, resultsOf(plan, journal).cells);
        assert.deepEqual(results.trials, { ok: 8, noisy: 0, discarded: 0, planned: 8 });
    });

    it("finds the crossover of a run in which the volume wins at large sizes", () => {
        const sizes = [64, 1024, 1_048_576, 4_194_304];
        const crossing = planOf({ rounds: 5, sizes, ablationSizes: sizes });
        const medianNs = (arm: string, size: number) =>
            arm === mainArms.network ? 100_000 + size : 600_000 + size / 4;
        const results = resultsOf(crossing, journalOf(crossing, { ...calm, medianNs }));
        // 100,000 + size = 600,000 + size / 4 ns at 667 KB; between 1 KiB and 1 MiB the ratio is not a power law
        const { size, lowSize = 0, highSize = 0 } = results.crossover ?? { size: 0 };
        assert.ok(1024 < lowSize && lowSize < size && size < highSize && highSize < 1_048_576, `${size}`);
        assert.match(
            results.summary,
            /; from about \d+ KiB \(95% CI: \d+ KiB to \d+ KiB\) on the shared volume is 1\.\dx faster at 1 MiB and /,
        );
    });

    it("measures no difference between an arm and itself", () => {
        const same = planOf({ rounds: 10, sizes: [64] });
        const medianNs = () => 100_000;
        const [ratio] = resultsOf(same, journalOf(same, { ...calm, medianNs, between: 0.005, roundTrips: 400 })).ratios;
        assert.equal(ratio?.verdict, "no difference");
    });

    describe("completeness", () => {
        const ablations = planOf({ rounds: 2, arms: [mainArms.network, mainArms.volume, "volume/disk", "volume/pvc"] });
        const whole = journalOf(ablations);
        const trialAt = (arm: Arm, round: number) =>
            whole.find((trial) => trial.arm === arm && trial.round === round) as Trial;
        /** The journal of a run in which an arm ends in its first round. */
        const ending = (arm: Arm, state: Trial["state"], reasons: string[]) => [
            ...whole.filter((trial) => trial.arm !== arm),
            { ...trialAt(arm, 0), state, reasons, cells: [] },
        ];
        const outcome = (trials: readonly Trial[], plan = ablations, stopReason?: string) => {
            const { complete, incompleteReason: reason, trials: counts } = aggregate({ plan, trials, stopReason });
            return { complete, reason, counts };
        };

        it("is there where every trial is, noisy or not", () => {
            assert.deepEqual(outcome(whole.map((trial) => ({ ...trial, state: "noisy" }))), {
                complete: true,
                reason: undefined,
                counts: { ok: 0, noisy: 8, discarded: 0, planned: 8 },
            });
        });

        it("lacks a missing trial, and says how many", () => {
            assert.deepEqual(outcome(whole.slice(0, 5)), {
                complete: false,
                reason: "3 of 8 trials were not measured",
                counts: { ok: 5, noisy: 0, discarded: 0, planned: 8 },
            });
            assert.match(
                resultsOf(ablations, whole.slice(0, 5)).summary,
                /^Incomplete run \(5 of 8 trials\): over 2 sizes, /,
            );
        });

        it("is never there where a reason is given", () => {
            assert.deepEqual(outcome(whole, ablations, "the Job was deleted").reason, "the Job was deleted");
            assert.equal(
                outcome(whole.slice(0, 7), ablations, "the deadline passed").reason,
                "the deadline passed; 1 of 8 trials were not measured",
            );
        });

        it("lacks an arm that was given up, and no other trial is missed for it", () => {
            assert.deepEqual(outcome(ending("volume/disk", "discarded", ["attempt 1: silent", "silent"])), {
                complete: false,
                reason: "volume/disk was given up: attempt 1: silent; silent",
                counts: { ok: 6, noisy: 0, discarded: 1, planned: 8 },
            });
        });

        it("does not need an arm that the cluster can't offer: it is listed", () => {
            const trials = ending("volume/pvc", "unavailable", ["no place for the Pod"]);
            assert.deepEqual(outcome(trials), {
                complete: true,
                reason: undefined,
                counts: { ok: 6, noisy: 0, discarded: 0, planned: 6 },
            });
            const { unavailable, warnings } = resultsOf(ablations, trials);
            assert.deepEqual(unavailable, [{ arm: "volume/pvc", reason: "no place for the Pod" }]);
            assert.ok(warnings.includes("volume/pvc was not measured: no place for the Pod."));
            assert.ok(warnings.every((warning) => !/^volume\/pvc: /.test(warning)));
        });

        it("keeps what was measured of an arm before the cluster could no longer offer it", () => {
            const trials = whole.map(
                (trial): Trial =>
                    trial === trialAt("volume/pvc", 1) ? { ...trial, state: "unavailable", cells: [] } : trial,
            );
            assert.deepEqual(outcome(trials).counts, { ok: 7, noisy: 0, discarded: 0, planned: 7 });
            assert.ok(resultsOf(ablations, trials).cells.some(({ arm }) => arm === "volume/pvc"));
        });

        it("lists what the stack can't offer, and lacks a main arm of either kind", () => {
            const unavailable = [{ arm: "network/cross-node" as const, reason: "one node" }];
            assert.equal(outcome(whole, { ...ablations, unavailable }).complete, true);
            assert.deepEqual(resultsOf({ ...ablations, unavailable }, whole).unavailable, unavailable);
            assert.deepEqual(
                outcome(ending(mainArms.volume, "unavailable", ["no tmpfs"])).reason,
                "volume/chokidar can't be measured here: no tmpfs",
            );
            const plan = planOf({
                arms: [mainArms.network],
                unavailable: [{ arm: mainArms.volume, reason: "no tmpfs" }],
            });
            assert.equal(outcome(journalOf(plan), plan).reason, "volume/chokidar can't be measured here: no tmpfs");
        });

        it("needs the rounds that the rule demands, and no others", () => {
            const noisy = { ...calm, between: 0.2 };
            const adaptive = planOf({ rounds: 3, maxRounds: 5 });
            const rounds = (count: number, behaviour = noisy) => journalOf(adaptive, behaviour, 1, count);
            assert.equal(outcome(rounds(3), adaptive).reason, "2 of 8 trials were not measured");
            assert.equal(outcome(rounds(5), adaptive).complete, true);
            assert.deepEqual(outcome(rounds(3, { ...calm, between: 0.001, within: 0.02 }), adaptive), {
                complete: true,
                reason: undefined,
                counts: { ok: 6, noisy: 0, discarded: 0, planned: 6 },
            });
        });
    });

    it("cuts an endless reason, so that the results stay small", () => {
        const stopReason = "z".repeat(100_000);
        assert.equal(aggregate({ plan, trials: [], stopReason }).incompleteReason, "z".repeat(2000));
    });

    it("has no ratio, no interval and no number made up where nothing was measured", () => {
        const results = resultsOf(plan, []);
        assert.ok(Value.Check(Results, results));
        assert.deepEqual([results.cells, results.ratios], [[], []]);
        assert.deepEqual(results.throttledSeconds, { unavailable: "no trial was measured" });
    });

    it("leaves out the ratio of a size that one main arm lacks", () => {
        const trials = journal.map((trial) =>
            trial.arm === mainArms.volume ? { ...trial, cells: trial.cells.filter(({ size }) => size === 64) } : trial,
        );
        assert.deepEqual(
            resultsOf(plan, trials).ratios.map(({ size }) => size),
            [64],
        );
    });

    it("decides nothing from a single trial", () => {
        const single = planOf({ rounds: 1 });
        for (const ratio of resultsOf(single, journalOf(single)).ratios) {
            assert.equal(ratio.verdict, "inconclusive");
            assert.equal("interval" in ratio, false);
        }
    });

    it("holds finite numbers of at most 6 digits, counts and bytes aside", () => {
        const all = planOf({ rounds: 3, arms: [...allArms], ...everyModeAt(64) });
        const { plan: _, ...figures } = resultsOf(all, journalOf(all));
        for (const value of numbersIn(figures)) {
            assert.ok(Number.isFinite(value));
            assert.ok(Number.isInteger(value) || value === Number(value.toPrecision(6)), `${value}`);
        }
    });
});
