import assert from "node:assert/strict";
import { toHtml } from "hast-util-to-html";
import { gridTable } from "../../../../report/formats/html/grid-table.ts";

describe("gridTable", () => {
    it("is a table in a region that scrolls by keyboard, its first column naming the rows", () => {
        const grid = {
            caption: "an arm",
            groups: [
                { title: "", columns: 1 },
                { title: "wide", columns: 2 },
            ],
            head: ["size", "p50", "p99", "faster"],
            rows: [["64 B", "1 us", "2 us", "network"], ["", "-", "<3>", "-"], "a text over all of it"],
            left: [0, 3],
        };
        assert.equal(
            toHtml(gridTable(grid, "Latency")),
            [
                '<div class="scroll" role="region" aria-label="Latency" tabindex="0"><table><caption>an arm</caption>',
                '<thead><tr><td colspan="1"></td><th scope="colgroup" colspan="2">wide</th><td colspan="1"></td></tr>',
                '<tr><th scope="col" class="left">size</th><th scope="col">p50</th><th scope="col">p99</th>',
                '<th scope="col" class="left">faster</th></tr></thead>',
                '<tbody><tr><th scope="row">64 B</th><td>1 us</td><td>2 us</td><td class="left">network</td></tr>',
                '<tr><td class="left"></td><td>-</td><td>&#x3C;3></td><td class="left">-</td></tr>',
                '<tr><td colspan="4" class="note">a text over all of it</td></tr></tbody></table></div>',
            ].join(""),
        );
    });
});
