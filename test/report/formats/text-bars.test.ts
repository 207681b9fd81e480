import assert from "node:assert/strict";
import fc from "fast-check";
import { partLengths, withBars } from "../../../report/formats/text-bars.ts";

describe("withBars", () => {
    it("adds a bar of equal length to every row, and leaves a text as it is", () => {
        const grid = { head: ["size", "a", "b"], rows: [["1", "3", "1"], "no figures", ["2", "-", "7"]], left: [0] };
        assert.deepEqual(withBars(grid, [[3, 1], [], [0, 7]], 110), {
            head: ["size", "# a", "= b", ""],
            rows: [["1", "3", "1", `${"#".repeat(15)}${"=".repeat(5)}`], "no figures", ["2", "-", "7", "=".repeat(20)]],
            left: [0, 3],
        });
    });
});

describe("partLengths", () => {
    it("sum up to the whole, each within 1 of its proportion", () => {
        const value = fc.double({ min: 0, max: 1e6, noNaN: true });
        fc.assert(
            fc.property(
                fc.array(value, { minLength: 1, maxLength: 8 }),
                fc.integer({ min: 1, max: 80 }),
                (values, whole) => {
                    const sum = values.reduce((total, part) => total + part, 0);
                    fc.pre(sum > 1e-6);
                    const lengths = partLengths(values, whole);
                    assert.equal(
                        lengths.reduce((total, length) => total + length, 0),
                        whole,
                    );
                    for (const [index, length] of lengths.entries()) {
                        assert.ok(Math.abs(length - ((values[index] as number) / sum) * whole) < 1 + 1e-9);
                    }
                },
            ),
        );
    });

    it("are zeros if all values are 0", () => {
        assert.deepEqual(partLengths([0, 0], 30), [0, 0]);
        assert.deepEqual(partLengths([], 30), []);
    });
});
