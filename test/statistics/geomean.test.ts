import assert from "node:assert/strict";
import { mainArms } from "../../model/arms.ts";
import { geomeanOf } from "../../statistics/geomean.ts";
import { intervalOf } from "../../statistics/ratio.ts";
import { collectTrials } from "../../statistics/trials.ts";
import { recordOf, resultsOf, trialOf } from "../model/fixtures.ts";

const arm = mainArms.volume;
/** A trial whose round trips all take the same at a size, in ns. */
const trial = (index: number, ...ns: number[]) =>
    trialOf(
        index,
        arm,
        ns.map((each, size) => recordOf(64 * (size + 1), new Float64Array(20).fill(each))),
    );
const geomean = (...trials: ReturnType<typeof trial>[]) => geomeanOf(arm, [64, 128], collectTrials(trials));

describe("geomeanOf", () => {
    it("is the geometric mean over sizes and trials, with the t interval over trials", () => {
        const logs = [Math.log(2e-6), Math.log(2e-6), Math.log(4e-6)]; // of 1 and 4 us, 2 and 2, 4 and 4
        const mean = (logs[0] as number) + Math.log(2) / 3;
        const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / 2 / 3;
        const found = geomean(trial(0, 1000, 4000), trial(1, 2000, 2000), trial(2, 4000, 4000));
        const [low, high] = intervalOf({ seconds: Math.exp(mean), trials: 3, logVariance: variance }) ?? [0, 0];
        assert.equal(found?.trials, 3);
        // the histograms have 3 digits
        for (const [actual, expected] of [
            [found?.seconds, Math.exp(mean)],
            [found?.intervalSeconds?.[0], low],
            [found?.intervalSeconds?.[1], high],
        ]) {
            assert.ok(Math.abs((actual ?? 0) / (expected ?? 1) - 1) < 0.003, `${actual} is not ${expected}`);
        }
    });

    it("does not mind what chance does to a size in some trials, as long as it does the opposite elsewhere", () => {
        const { intervalSeconds: [low, high] = [0, 1] } = geomean(trial(0, 1000, 2000), trial(1, 2000, 1000)) ?? {};
        assert.ok(high / low < 1.01, `${low} to ${high}`);
    });

    it("counts only trials with a median at all sizes", () => {
        const few = trialOf(1, arm, [
            recordOf(64, new Float64Array(20).fill(9000)),
            recordOf(128, new Float64Array(19).fill(9000)),
        ]);
        const lacking = trial(2, 9000);
        assert.deepEqual(geomean(trial(0, 1000, 1000), few, lacking), geomean(trial(0, 1000, 1000)));
        assert.equal(geomean(few, lacking), undefined);
    });

    it("has no interval with one trial", () => {
        assert.deepEqual(Object.keys(geomean(trial(0, 1000, 1000)) ?? {}), ["arm", "trials", "seconds"]);
    });

    it("is in the results for each arm", () => {
        const { geomeans, cells } = resultsOf();
        assert.deepEqual(
            geomeans?.map((each) => [each.arm, each.trials]),
            [
                [mainArms.network, 10],
                [mainArms.volume, 10],
            ],
        );
        const p50s = cells.filter((cell) => cell.arm === arm).map(({ p50Seconds }) => p50Seconds ?? 0);
        const expected = Math.sqrt((p50s[0] ?? 0) * (p50s[1] ?? 0));
        assert.ok(Math.abs((geomeans?.[1]?.seconds ?? 0) / expected - 1) < 0.02);
    });
});
