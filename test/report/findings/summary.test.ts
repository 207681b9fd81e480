import assert from "node:assert/strict";
import type { Attribution, Cell, Ratio, Results } from "../../../model/results.ts";
import { summarize } from "../../../report/findings/summary.ts";
import { crossoverOf } from "../../../statistics/crossover.ts";
import { verdictOf } from "../../../statistics/verdict.ts";
import { cellsAt, planOf, resultsOf } from "../../model/fixtures.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("report/findings/summary");

const MIB = 1024 * 1024;

const { crossover: _, ...nothing } = resultsOf(planOf(), []);

/** Results with these ratios by size; their intervals are 5% wide either way, or as given. */
function resultsWith(
    bySize: Record<number, number | [number, number]>,
    change: Partial<Results> = {},
): Omit<Results, "summary"> {
    const ratios = Object.entries(bySize).map(([size, value]): Ratio => {
        const interval: [number, number] = typeof value === "number" ? [value / 1.05, value * 1.05] : value;
        const ratio = Math.sqrt(interval[0] * interval[1]);
        return { size: Number(size), ratio, interval, verdict: verdictOf(interval), withinNoise: false };
    });
    const crossover = crossoverOf(ratios);
    return {
        ...nothing,
        complete: true,
        plan:
            ratios.length === 0
                ? nothing.plan
                : { ...nothing.plan, cells: cellsAt({ sizes: ratios.map(({ size }) => size) }) },
        ratios,
        ...(crossover && { crossover }),
        trials: { ok: 20, noisy: 0, discarded: 0, planned: 20 },
        ...change,
    };
}

/** A cell with the given number of trials. */
const cellOf = (arm: Cell["arm"], trials: number) => ({ arm, trials }) as Cell;
const explained: Attribution = {
    size: 64,
    arm: "volume/chokidar",
    parts: [
        { cause: "chokidar", seconds: 0.0003, share: 0.6, interval: [0.58, 0.62] },
        { cause: "the volume itself", seconds: 0.0002, share: 0.4, interval: [0.38, 0.42] },
    ],
};
const tie: [number, number] = [0.99, 1.01];
const open: [number, number] = [0.8, 1.2];

describe("summarize", () => {
    for (const [name, results] of [
        ["names one winner at the smallest and the largest size", resultsWith({ 64: 5.7, 1024: 5, [16 * MIB]: 1.3 })],
        ["inverts the factor if the volume wins", resultsWith({ 64: 0.5, 1024: 0.25 })],
        [
            "says from which size on the other one is faster",
            resultsWith({ 64: 5.7, [2 * MIB]: 1.2, [4 * MIB]: 0.8, [16 * MIB]: 0.5 }),
        ],
        ["distinguishes undecided sizes from equal ones", resultsWith({ 64: 3, 1024: open, 2048: tie, 4096: 0.7 })],
        ["does not call a later size that is undecided a win", resultsWith({ 64: 3, 1024: 2, 2048: open, 4096: open })],
        [
            "counts undecided sizes if there are many",
            resultsWith({ 64: 3, 128: open, 256: open, 512: open, 1024: open, 2048: open }),
        ],
        ["gives no crossover if the winner changes more than once", resultsWith({ 64: 3, 128: 2, 256: 0.5, 512: 2 })],
        ["claims no winner if there is none", resultsWith({ 64: tie, 1024: open })],
        ["leaves the crossover's interval open if the data do", resultsWith({ 64: 3, 1024: 0.7, 2048: open })],
        [
            "names sizes at which the winner is within the noise",
            resultsWith(
                {},
                {
                    plan: { ...nothing.plan, cells: cellsAt({ sizes: [64, 1024] }) },
                    ratios: [
                        { size: 64, ratio: 3, interval: [2.9, 3.1], verdict: "network faster", withinNoise: false },
                        {
                            size: 1024,
                            ratio: 1.05,
                            interval: [1.04, 1.06],
                            verdict: "network faster",
                            withinNoise: true,
                        },
                    ],
                },
            ),
        ],
        ["ends with where the slower arm's time goes", resultsWith({ 64: 3 }, { attributions: [explained] })],
        [
            "counts the trials that there were beyond the planned ones, of the main arms",
            resultsWith({ 64: 3 }, { cells: [cellOf("volume/chokidar", 12), cellOf("network/cluster-ip-repeat", 40)] }),
        ],
        ["counts in the singular", resultsWith({ 64: 12.4 }, { plan: { ...resultsWith({ 64: 1 }).plan, rounds: 1 } })],
        [
            "says first that a run is incomplete, and how much was measured",
            resultsWith({ 64: 3 }, { complete: false, trials: { ok: 3, noisy: 1, discarded: 1, planned: 20 } }),
        ],
        [
            "says how many of the planned sizes it covers",
            resultsWith({ 64: 3 }, { plan: { ...resultsWith({ 64: 1, 1024: 1, 2048: 1 }).plan } }),
        ],
        [
            "gives no verdict if nothing was measured",
            resultsWith({}, { complete: false, trials: { ok: 0, noisy: 0, discarded: 0, planned: 20 } }),
        ],
        [
            "gives no verdict if only one of the main arms is in the plan",
            resultsWith(
                {},
                { plan: { ...nothing.plan, cells: cellsAt({ arms: ["volume/chokidar", "volume/fs-watch"] }) } },
            ),
        ],
    ] as const) {
        it(name, () => {
            asText(name, summarize(results));
        });
    }

    it("is one sentence", () => {
        const text = summarize(resultsWith({ 64: 3, 1024: 0.5, 2048: tie, 4096: open }));
        assert.deepEqual(text.match(/[.!?](\s|$)/g), ["."]);
    });
});
