import assert from "node:assert/strict";
import {
    durationText,
    durationWithInterval,
    shiftInterval,
    shiftText,
    shortSeconds,
} from "../../../report/words/durations.ts";
import { grouped } from "../../../report/words/scenario-words.ts";

describe("durations over injections", () => {
    it("have two digits, and are longer than watched if they did not end", () => {
        assert.deepEqual([0, 0.05, 0.996, 2.14, 33.8, 123.4].map(shortSeconds), [
            "0 s",
            "50 ms",
            "1.0 s",
            "2.1 s",
            "34 s",
            "123 s",
        ]);
        assert.deepEqual(
            [90, 61.9, 125.9, 4.25].map((watched) => durationText(null, watched)),
            ["> 90 s", "> 61 s", "> 125 s", "> 4.3 s"],
        );
    });

    it("have their interval, with units only where they differ, and none that says the same again", () => {
        const shown = (median: number | null, interval?: [number | null, number | null]) =>
            durationWithInterval({ median, ...(interval && { interval }) }, 90);
        assert.equal(shown(2.1, [1.8, 2.94]), "2.1 s [1.8 to 2.9]");
        assert.equal(shown(1.1, [0.98, 1.2]), "1.1 s [980 ms to 1.2 s]");
        assert.equal(shown(12, [9, null]), "12 s [9.0 to > 90]");
        assert.equal(shown(null, [0.9, null]), "> 90 s [900 ms to > 90 s]");
        assert.equal(shown(null, [null, null]), "> 90 s");
        assert.equal(shown(0, [0, 0]), "0 s");
        assert.equal(shown(0.5), "500 ms");
    });

    it("differ with a sign, or by an amount that is not known", () => {
        assert.deepEqual([1.25, -0.75, 0, null].map(shiftText), ["+1.3 s", "-750 ms", "0 s", "-"]);
        assert.equal(shiftInterval([-1.2, 3]), "-1.2 s to +3.0 s");
        assert.equal(shiftInterval([2, null]), "+2.0 s to ?");
        assert.equal(shiftInterval([null, null]), "-");
    });
});

describe("counts", () => {
    it("have commas at thousands", () => {
        assert.deepEqual([0, 999, 1000, 40_000, 1_234_567].map(grouped), ["0", "999", "1,000", "40,000", "1,234,567"]);
    });
});
