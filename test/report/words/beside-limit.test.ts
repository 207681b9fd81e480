import assert from "node:assert/strict";
import fc from "fast-check";
import { changeInterval, ratioBesideLimit, ratioInterval } from "../../../report/words/beside-limit.ts";

describe("ratioInterval and changeInterval", () => {
    for (const [interval, ratio, change] of [
        [[0.843, 0.997], "0.843 to 0.997", "-16% to -0.3%"],
        [[0.842655, 1.00023], "0.843 to 1.0002", "-16% to +0.02%"],
        [[0.942, 0.99996], "0.942 to 0.99996", "-5.8% to -0.004%"],
        [[1.0002, 1.05], "1.0002 to 1.05", "+0.02% to +5%"],
        [[1, 1], "1.00 to 1.00", "0% to 0%"],
        [[9, 16], "9.00 to 16.0", "+800% to 16x"],
    ] as const) {
        it(`show ${interval.join(" to ")} as ${ratio}, or as ${change}`, () => {
            assert.equal(ratioInterval(interval), ratio);
            assert.equal(changeInterval(interval), change);
        });
    }
});

describe("ratioBesideLimit", () => {
    it("never shows a ratio on another side of the limit than it is", () => {
        const number = fc.double({ min: 0.001, max: 2000, noNaN: true }).map((value) => Number(value.toPrecision(6)));
        const tiny = fc.integer({ min: -20, max: 20 }).map((steps) => 1 + steps * 1e-5);
        fc.assert(
            fc.property(number, fc.oneof(number, tiny), (limit, factor) => {
                const ratio = Number((limit * factor).toPrecision(6));
                const shown = Number(ratioBesideLimit(ratio, limit));
                assert.equal(Math.sign(shown - limit), Math.sign(ratio - limit), `${ratio}: ${shown}, limit ${limit}`);
            }),
        );
    });
});
