import assert from "node:assert/strict";
import {
    chanceText,
    perRollout,
    type UndeliveredFigure,
    undeliveredParts,
    undeliveredWords,
} from "../../../report/words/rollout-words.ts";

const figure = (median: number, total: number, rollouts: number, interval?: [number, number]): UndeliveredFigure => ({
    ...{ median, total, rollouts },
    interval,
});

describe("undelivered messages in words", () => {
    it("are the median with its interval", () => {
        assert.deepEqual(undeliveredParts(figure(41.5, 830, 20, [37, 48])), ["41.5", "37 to 48"]);
        assert.equal(undeliveredWords(figure(41.5, 830, 20, [37, 48])), "41.5 [37 to 48]");
        assert.equal(perRollout(figure(41.5, 830, 20, [37, 48])), "41.5 [37 to 48] per rollout");
        assert.equal(undeliveredWords(figure(0, 9, 20, [0, 3])), "0 [0 to 3]");
    });

    it("say how many were none in all rollouts, and what that can mean at most", () => {
        assert.deepEqual(undeliveredParts(figure(0, 0, 20, [0, 0])), ["0", "at most 3/20"]);
        assert.equal(undeliveredWords(figure(0, 0, 6, [0, 0])), "0 (at most 3/6)");
        assert.equal(perRollout(figure(0, 0, 20, [0, 0])), "none in 20 rollouts (at most 3/20)");
    });

    it("don't hide a few messages behind a median of 0", () => {
        assert.equal(undeliveredWords(figure(0, 7, 20, [0, 0])), "0 (7 in 20)");
        assert.equal(undeliveredWords(figure(0, 7, 3)), "0 (7 in 3)");
        assert.equal(perRollout(figure(0, 7, 20, [0, 0])), "0 (7 in 20) per rollout");
    });

    it("say that there are too few rollouts for an interval, and claim nothing of 0", () => {
        assert.equal(undeliveredWords(figure(32, 96, 3)), "32 (n = 3)");
        assert.equal(undeliveredWords(figure(0, 0, 3)), "0 (n = 3)");
    });

    it("have a chance of error with two digits, and none of 0", () => {
        assert.deepEqual([0.0123, 0.05, 0.001, 0.00099].map(chanceText), [
            ...["p = 0.012", "p = 0.05", "p = 0.001", "p < 0.001"],
        ]);
    });
});
