import assert from "node:assert/strict";
import { allArms } from "../../../model/arms.ts";
import { allSizes } from "../../../model/sizes.ts";
import { resultsMarkdown } from "../../../report/formats/markdown.ts";
import { everyModeAt, journalOf, planOf, resultsOf } from "../../model/fixtures.ts";
import { largeResults } from "../../model/large-results.ts";

const results = resultsOf();

describe("resultsMarkdown", () => {
    it("is the verdict, the environment in a line, the main table, and the warnings folded", () => {
        const text = resultsMarkdown([{ ...results, warnings: ["first", "second"] }]);
        const row = (size: number) => {
            const [network, volume] = ["network/cluster-ip", "volume/chokidar"].map((arm) =>
                results.cells.find((cell) => cell.arm === arm && cell.size === size),
            );
            const ratio = results.ratios.find((one) => one.size === size);
            const us = (seconds: number | undefined) => `${((seconds ?? 0) * 1e6).toPrecision(3)} us`;
            const interval = ratio?.interval?.map((end) => end.toPrecision(3)).join(" to ");
            return `| ${size === 64 ? "64 B" : "1 KiB"} | ${us(network?.p50Seconds)} | - | ${us(volume?.p50Seconds)} | - | ${ratio?.ratio.toPrecision(3)} | ${interval} | network |`;
        };
        assert.equal(
            text,
            `### hopcost run run-1

**${results.summary}**

Profile standard, 2026-11-21 10:00 UTC: 2 CPUs, Example CPU, Kubernetes v1.36.4, Linux 6.1.0, Node.js v24.21.0, placement same-node, volume medium Memory.

| size | network/cluster-ip p50 | network/cluster-ip p99 | volume/chokidar p50 | volume/chokidar p99 | volume / network ratio | volume / network 95% CI | faster |
| :-- | --: | --: | --: | --: | --: | --: | :-- |
${row(64)}
${row(1024)}

<details><summary>2 warnings</summary>

- first
- second

</details>
`,
        );
    });

    it("shows characters of markup as they are, on one line", () => {
        const text = resultsMarkdown([{ ...results, warnings: ["a | b <b> & [c](d) `e` *f* _g_ @h #1\n## i"] }]);
        assert.ok(
            text.includes(
                "\n- a \\| b &lt;b> &amp; \\[c\\](d) \\`e\\` \\*f\\* \\_g\\_ \\@&#8203;h \\#&#8203;1 \\#&#8203;\\#&#8203; i\n",
            ),
            text.slice(-300),
        );
    });

    it("puts a text that runs over all columns into the first of a row", () => {
        const unavailable = [{ arm: "volume/pvc" as const, reason: "no StorageClass | here" }];
        const text = resultsMarkdown([{ ...results, unavailable }]);
        assert.ok(text.includes("\n| volume/pvc: unavailable: no StorageClass \\| here |  |  |  |  |  |  |\n"));
    });

    it("warns of an incomplete run first", () => {
        const text = resultsMarkdown([{ ...results, complete: false, incompleteReason: "the deadline passed" }]);
        assert.ok(
            text.startsWith("### hopcost run run-1\n\n> [!WARNING]\n> Incomplete run: the deadline passed\n\n**"),
        );
    });

    it("leaves nothing out of a run that fits", () => {
        const arms = allArms;
        const few = [64, 4096, 65_536, 1_048_576, 16_777_216];
        const plan = planOf({ arms, sizes: [...allSizes], ablationSizes: few, ...everyModeAt(...few) });
        const text = resultsMarkdown([resultsOf(plan, journalOf(plan))]);
        assert.equal(text.match(/<details>/g)?.length, 4);
        assert.doesNotMatch(text, /Left out/);
    });

    it("stays below what a comment may have, keeps every verdict, and names what it left out", () => {
        const large = largeResults();
        const one = resultsMarkdown([large]);
        assert.ok(one.length <= 65_536, `${one.length}`);
        assert.ok(one.includes(`**${large.summary}**`));
        assert.match(
            one,
            /_Left out because of GitHub's size limit: .*What the ablation arms show.*\. See the HTML report\._\n$/,
        );
        const warnings = Array.from({ length: 200 }, () => "x".repeat(5000));
        const many = resultsMarkdown(Array.from({ length: 40 }, () => ({ ...large, warnings })));
        assert.ok(many.length <= 65_536, `${many.length}`);
        assert.equal(many.split(`**${large.summary}**`).length - 1, 40);
        assert.match(many, /_Left out because of GitHub's size limit: .*the warnings \(40 times\)/);
    });
});
