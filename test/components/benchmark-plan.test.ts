import assert from "node:assert/strict";
import { type BenchmarkPlan, planProblems } from "../../components/benchmark-plan.ts";
import { allArms } from "../../model/arms.ts";
import { plan, topologies } from "./fixtures.ts";

const found = (of: BenchmarkPlan) => planProblems(of, topologies, 0).filter((problem) => problem !== undefined);
const problemsOf = (...cells: BenchmarkPlan["cells"]) => found({ ...plan, cells });
const known = { arm: "network/cluster-ip", mode: "closed-loop", sizes: [64] };

describe("planProblems", () => {
    it("finds no problem in a valid plan", () => {
        assert.deepEqual(found(plan), []);
        assert.deepEqual(problemsOf(known), []);
    });

    it("refuses arms and modes of other versions, which a saved plan can have", () => {
        assert.deepEqual(problemsOf(known, { ...known, arm: "network/pigeon" }, { ...known, mode: "pipelined" }), [
            `overrides.cells.1.arm must be one of ${allArms.join(", ")}, got "network/pigeon"`,
            'overrides.cells.2.mode must be one of closed-loop, phases, constant-rate, throughput, got "pipelined"',
        ]);
        assert.deepEqual(problemsOf({ ...known, mode: "constructor" }), [
            'overrides.cells.0.mode must be one of closed-loop, phases, constant-rate, throughput, got "constructor"',
        ]);
    });

    it("refuses names that are never arms or modes", () => {
        const problems = problemsOf({ arm: "cluster-ip", mode: "Closed Loop", sizes: [64] });
        assert.deepEqual(
            problems.map((problem) => problem.replace(/: .*, got/, ": ..., got")),
            ['overrides.cells.0.arm: ..., got "cluster-ip"', 'overrides.cells.0.mode: ..., got "Closed Loop"'],
        );
    });

    it("refuses cells without a size, with a size listed twice, or with a size too small for a payload", () => {
        for (const [sizes, at, got] of [
            [[], "sizes", "[]"],
            [[64, 64], "sizes", "[64,64]"],
            [[64, 15], "sizes.1", "15"],
        ] as const) {
            const [problem = "", ...others] = problemsOf({ ...known, sizes: [...sizes] });
            assert.ok(problem.startsWith(`overrides.cells.0.${at}: `) && problem.endsWith(`, got ${got}`), problem);
            assert.deepEqual(others, []);
        }
    });

    it("refuses an arm that is listed twice in the same mode", () => {
        assert.deepEqual(problemsOf(known, { ...known, mode: "throughput" }, { ...known, sizes: [1024] }), [
            "overrides.cells must list each arm and mode once, got network/cluster-ip closed-loop twice",
        ]);
    });
});
