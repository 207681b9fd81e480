import assert from "node:assert/strict";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { allArms, mainArms } from "../../report/arms.ts";
import { parseResults } from "../../report/parse.ts";
import type { Plan } from "../../report/plan.ts";
import { seededRandom, shuffled } from "../../report/random.ts";
import { aggregate } from "../../report/results.ts";
import { type Block, Results } from "../../report/schema.ts";
import { allSizes } from "../../report/sizes.ts";
import { blockOf, calm, environment, journalOf, planOf, recordOf } from "./fixtures.ts";

const startedAt = "2026-11-21T10:00:00Z";
const resultsOf = (plan: Plan, blocks: Block[]) => aggregate({ plan, blocks, environment, startedAt, complete: true });

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
        assert.deepEqual(results.blocks, { ok: 8, disturbed: 0, void: 0, planned: 8 });
        assert.equal(results.throttledSeconds, 0);
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
                const blocks = shuffled([...journal, ...structuredClone(journal.slice(0, 3))], seededRandom(seed));
                assert.equal(JSON.stringify(resultsOf(plan, blocks)), expected);
            }),
            { numRuns: 5 },
        );
    });

    it("does not depend on the order of arms and sizes in the plan", () => {
        const turned = { ...plan, arms: plan.arms.toReversed(), sizes: plan.sizes.toReversed() };
        assert.deepEqual(resultsOf(turned, journal), resultsOf(plan, journal));
    });

    it("does not change its input", () => {
        const before = structuredClone({ plan, journal });
        resultsOf(plan, journal);
        assert.deepEqual({ plan, journal }, before);
    });

    it("takes nothing from void blocks and void cells but their count and a warning", () => {
        const wild = new Float64Array(60).fill(3e9);
        const clean = resultsOf(plan, journal);
        const extra = blockOf(8, "volume/chokidar", [recordOf(64, wild)], { state: "void", reasons: ["restarted"] });
        const { blocks, warnings, ...rest } = resultsOf(plan, [...journal, extra]);
        const { blocks: _, warnings: cleanWarnings, ...cleanRest } = clean;
        assert.deepEqual(rest, cleanRest);
        assert.deepEqual(blocks, { ok: 8, disturbed: 0, void: 1, planned: 8 });
        assert.deepEqual(
            warnings.filter((warning) => !cleanWarnings.includes(warning)),
            ["Block 8 (volume/chokidar, trial 5) is not used: restarted."],
        );
        const voidCell = blockOf(8, "volume/chokidar", [
            recordOf(64, wild, { state: "void", reasons: ["hash differs"] }),
        ]);
        assert.deepEqual(resultsOf(plan, [...journal, voidCell]).cells, clean.cells);
    });

    it("uses the last attempt of a block that was repeated", () => {
        const first = { ...journal[0], state: "void", reasons: ["throttled"] } as Block;
        const second = { ...journal[0], attempt: 2, reasons: ["attempt 1: throttled"] } as Block;
        const results = resultsOf(plan, [first, second, ...journal.slice(1)]);
        assert.deepEqual(results.cells, resultsOf(plan, journal).cells);
        assert.deepEqual(results.blocks, { ok: 8, disturbed: 0, void: 0, planned: 8 });
    });

    it("finds the crossover of a run in which the volume wins at large sizes", () => {
        const sizes = [64, 1024, 1_048_576, 4_194_304];
        const crossing = planOf({ rounds: 5, sizes });
        const medianNs = (arm: string, size: number) =>
            arm === mainArms.network ? 100_000 + size : 600_000 + size / 4;
        const results = resultsOf(crossing, journalOf(crossing, { ...calm, medianNs }));
        assert.deepEqual(results.crossover, { fromSize: 1024, toSize: 1_048_576 });
        assert.match(results.summary, /; from 1 MiB on the shared volume is \d\.\dx faster at 1 MiB and /);
    });

    it("measures no difference between an arm and itself", () => {
        const same = planOf({ rounds: 10, sizes: [64] });
        const medianNs = () => 100_000;
        const [ratio] = resultsOf(same, journalOf(same, { ...calm, medianNs, between: 0.005, roundTrips: 400 })).ratios;
        assert.equal(ratio?.verdict, "no difference");
    });

    it("says what it has where the run could not finish", () => {
        const results = aggregate({
            plan,
            blocks: journal.slice(0, 5),
            environment,
            startedAt,
            complete: false,
            incompleteReason: "the deadline passed",
        });
        assert.equal(results.complete, false);
        assert.equal(results.incompleteReason, "the deadline passed");
        assert.deepEqual(results.blocks, { ok: 5, disturbed: 0, void: 0, planned: 8 });
        assert.match(results.summary, /^Incomplete run \(5 of 8 blocks\): over 2 sizes, /);
    });

    it("cuts an endless reason, so that the results stay small", () => {
        const incompleteReason = "z".repeat(100_000);
        const results = aggregate({ plan, blocks: [], environment, startedAt, complete: false, incompleteReason });
        assert.equal(results.incompleteReason, "z".repeat(2000));
    });

    it("has no ratio, no interval and no number made up where nothing was measured", () => {
        const results = resultsOf(plan, []);
        assert.ok(Value.Check(Results, results));
        assert.deepEqual([results.cells, results.ratios], [[], []]);
        assert.deepEqual(results.throttledSeconds, { unavailable: "no block was measured" });
    });

    it("leaves out the ratio of a size that one main arm lacks", () => {
        const blocks = journal.map((block) =>
            block.arm === mainArms.volume ? { ...block, cells: block.cells.filter(({ size }) => size === 64) } : block,
        );
        assert.deepEqual(
            resultsOf(plan, blocks).ratios.map(({ size }) => size),
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

    it("stays below 64 KiB with every arm and size and something wrong with every block", () => {
        const everything = planOf({ rounds: 20, arms: [...allArms], sizes: [...allSizes] });
        const reasons = ["x".repeat(5000)];
        const record = (size: number) =>
            recordOf(
                size,
                Float64Array.from({ length: 60 }, (_, index) => size * 1000.123 + 12_345 * index),
                {
                    misses: 3,
                    staleAcks: 2,
                    gc: { count: 12, seconds: 0.123456789 },
                },
            );
        const records = allSizes.map(record);
        const blocks = journalOf({ ...everything, sizes: [64] }).map((block, index): Block => {
            const broken = records.map((cell): typeof cell => ({ ...cell, state: "void", reasons }));
            const state = (["ok", "disturbed", "void", "ok"] as const)[index % 4] as Block["state"];
            return { ...block, state, reasons, cells: index % 8 === 3 ? broken : records, attempt: 3 };
        });
        const results = resultsOf(everything, blocks);
        assert.equal(results.cells.length, 48);
        const json = JSON.stringify(results);
        assert.ok(json.length <= 64 * 1024, `${json.length} bytes`);
        assert.deepEqual(parseResults(json), results);
    });

    it("holds finite numbers of at most 6 digits, counts and bytes aside", () => {
        const { cells, ratios, throttledSeconds } = resultsOf(plan, journal);
        for (const value of numbersIn([cells, ratios, throttledSeconds])) {
            assert.ok(Number.isFinite(value));
            assert.ok(Number.isInteger(value) || value === Number(value.toPrecision(6)), `${value}`);
        }
    });
});
