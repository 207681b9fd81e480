import assert from "node:assert/strict";
import { studentQuantile } from "../../statistics/student.ts";

describe("studentQuantile", () => {
    // https://www.itl.nist.gov/div898/handbook/eda/section3/eda3672.htm, columns 0.975, 0.995 and 0.999
    for (const [df, expected, with99, with998] of [
        [1, 12.706, 63.657, 318.309],
        [2, 4.303, 9.925, 22.327],
        [3, 3.182, 5.841, 10.215],
        [4, 2.776, 4.604, 7.173],
        [5, 2.571, 4.032, 5.893],
        [9, 2.262, 3.25, 4.297],
        [20, 2.086, 2.845, 3.552],
        [30, 2.042, 2.75, 3.385],
        [100, 1.984, 2.626, 3.174],
    ] as const) {
        it(`is ${expected} with ${df} degrees of freedom, and more for more confidence`, () => {
            assert.equal(Number(studentQuantile(df).toFixed(3)), expected);
            assert.equal(Number(studentQuantile(df, 0.99).toFixed(3)), with99);
            assert.equal(Number(studentQuantile(df, 0.998).toFixed(3)), with998);
        });
    }

    it("lies between its neighbours for a fraction of a degree", () => {
        assert.ok(studentQuantile(2.5) < studentQuantile(2) && studentQuantile(2.5) > studentQuantile(3));
        // by bisection over the density summed with Simpson's rule, 400 steps
        assert.equal(Number(studentQuantile(2.5).toFixed(3)), 3.575);
    });

    it("tends to the normal distribution's 1.96", () => {
        assert.ok(Math.abs(studentQuantile(10_000) - 1.95996) < 0.001);
    });
});
