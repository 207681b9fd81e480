import assert from "node:assert/strict";
import { mainArms } from "../../model/arms.ts";
import { mainSizes } from "../../model/plan.ts";
import { estimateOf, estimatesOf } from "../../statistics/estimate.ts";
import { collectTrials } from "../../statistics/trials.ts";
import { everyModeAt, journalOf, planOf } from "../model/fixtures.ts";

const plan = planOf({ rounds: 4, ...everyModeAt(64) });
const cellTrials = collectTrials(journalOf(plan));

describe("estimatesOf", () => {
    it("is the median of the closed loop's trials, drawn with the seed and the size", () => {
        const medians = estimatesOf(cellTrials, 7);
        for (const size of mainSizes(plan)) {
            const closedLoop = cellTrials.get(`${mainArms.volume} closed-loop ${size}`) ?? [];
            assert.equal(closedLoop.length, 4);
            const histograms = closedLoop.map(({ histogram }) => histogram);
            assert.deepEqual(medians(mainArms.volume, size), estimateOf(histograms, 7 + size));
        }
    });

    it("has another variance with another seed, but not another median", () => {
        const [one, other] = [7, 8].map((seed) => estimatesOf(cellTrials, seed)(mainArms.volume, 64));
        assert.equal(one?.seconds, other?.seconds);
        assert.notEqual(one?.logVariance, other?.logVariance);
    });

    it("works a median out once", () => {
        const medians = estimatesOf(cellTrials, 7);
        assert.equal(medians(mainArms.volume, 64), medians(mainArms.volume, 64));
    });

    it("has none of an arm or a size that was not measured", () => {
        const medians = estimatesOf(cellTrials, 7);
        assert.equal(medians("volume/disk", 64), undefined);
        assert.equal(medians(mainArms.volume, 2048), undefined);
    });
});
