import assert from "node:assert/strict";
import { textGrid } from "../../report/text-grid.ts";

describe("textGrid", () => {
    it("aligns numbers to the right and words to the left, and leaves no spaces at the end", () => {
        const rows = [
            ["name", "us", "note"],
            ["a", "1234", ""],
            ["longer", "5", "fine"],
        ];
        assert.deepEqual(textGrid(rows, { left: [0, 2] }).split("\n"), [
            "name      us  note",
            "a       1234",
            "longer     5  fine",
        ]);
    });

    it("lets a text run over all columns without widening them", () => {
        const text = "a text that is longer than the columns";
        assert.deepEqual(textGrid([["a", "b"], text, ["1", "2"]], { left: [0] }).split("\n"), ["a  b", text, "1  2"]);
    });

    it("puts titles over groups of columns, and makes these wide enough", () => {
        const groups = [
            { title: "", columns: 1 },
            { title: "wide title", columns: 2 },
            { title: "t", columns: 1 },
        ];
        const lines = textGrid(
            [
                ["size", "a", "b", "c"],
                ["1", "2", "3", "4"],
            ],
            { left: [0], groups },
        ).split("\n");
        assert.deepEqual(lines, ["      wide title  t", "size     a     b  c", "1        2     3  4"]);
    });

    it("widens the narrowest columns first", () => {
        const rows = [
            ["wide", "x"],
            ["1", "2"],
        ];
        const lines = textGrid(rows, { left: [], groups: [{ title: "0123456789", columns: 2 }] }).split("\n");
        assert.equal(lines[1], "wide     x"); // 4 and 4
    });

    it("is empty without a row", () => {
        assert.equal(textGrid([], { left: [] }), "");
    });
});
