import assert from "node:assert/strict";
import { textGrid } from "../../../report/formats/text-grid.ts";

describe("textGrid", () => {
    it("aligns numbers to the right and words to the left, and leaves no spaces at the end", () => {
        const rows = [
            ["a", "1234", ""],
            ["longer", "5", "fine"],
        ];
        assert.deepEqual(textGrid({ head: ["name", "us", "note"], rows, left: [0, 2] }).split("\n"), [
            "name      us  note",
            "a       1234",
            "longer     5  fine",
        ]);
    });

    it("lets a text run over all columns without widening them", () => {
        const text = "a text that is longer than the columns";
        assert.deepEqual(textGrid({ head: ["a", "b"], rows: [text, ["1", "2"]], left: [0] }).split("\n"), [
            "a  b",
            text,
            "1  2",
        ]);
    });

    it("cuts a text that runs over all columns to 110 characters", () => {
        const [, line] = textGrid({ head: ["a"], rows: ["x".repeat(111)], left: [] }).split("\n");
        assert.equal(line, `${"x".repeat(107)}...`);
    });

    it("puts titles over groups of columns, and makes these wide enough", () => {
        const groups = [
            { title: "", columns: 1 },
            { title: "wide title", columns: 2 },
            { title: "t", columns: 1 },
        ];
        const lines = textGrid({
            head: ["size", "a", "b", "c"],
            rows: [["1", "2", "3", "4"]],
            left: [0],
            groups,
        }).split("\n");
        assert.deepEqual(lines, ["      wide title  t", "size     a     b  c", "1        2     3  4"]);
    });

    it("widens the narrowest columns first", () => {
        const groups = [{ title: "0123456789", columns: 2 }];
        const lines = textGrid({ head: ["wide", "x"], rows: [["1", "2"]], left: [], groups }).split("\n");
        assert.equal(lines[1], "wide     x"); // 4 and 4
    });

    it("is its caption and head without a row", () => {
        assert.equal(textGrid({ caption: "an arm", head: ["size", "p50"], rows: [], left: [] }), "an arm\nsize  p50");
    });
});
