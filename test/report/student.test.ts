import assert from "node:assert/strict";
import { studentQuantile } from "../../report/student.ts";

describe("studentQuantile", () => {
    // https://www.itl.nist.gov/div898/handbook/eda/section3/eda3672.htm, column 0.975
    for (const [df, expected] of [
        [1, 12.706],
        [2, 4.303],
        [3, 3.182],
        [4, 2.776],
        [5, 2.571],
        [9, 2.262],
        [18, 2.101],
        [30, 2.042],
        [100, 1.984],
    ] as const) {
        it(`is ${expected} with ${df} degrees of freedom`, () => {
            assert.equal(Number(studentQuantile(df).toFixed(3)), expected);
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
