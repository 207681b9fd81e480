import assert from "node:assert/strict";
import type { Ratio } from "../../../model/results.ts";
import { headlineOf, keyFigures } from "../../../report/findings/headline.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("report/findings/headline");

const at = (size: number, ratio: number, change: Partial<Ratio> = {}): Ratio => ({
    ...{ size, ratio, withinNoise: false, verdict: ratio > 1 ? "network faster" : "volume faster" },
    ...change,
});
const headline = (ratios: Ratio[], complete = true) => headlineOf({ complete, ratios });

describe("headlineOf", () => {
    it("says who is faster where", () => {
        asText("headlineOf says who is faster where", headline([at(64, 5), at(128, 2)]));
        asText("headlineOf says who is faster where (2)", headline([at(64, 0.5), at(128, 0.9)]));
        asText(
            "headlineOf says who is faster where (3)",
            headline([at(64, 5), at(128, 1.1, { verdict: "inconclusive" }), at(256, 0.5)]),
        );
        asText("headlineOf says who is faster where (4)", headline([at(64, 5), at(128, 0.5), at(256, 5)]));
    });

    it("claims nothing within the noise", () => {
        const ratios = [at(64, 5), at(128, 1.1, { withinNoise: true })];
        asText("headlineOf claims nothing within the noise", headline(ratios));
        asText(
            "headlineOf claims nothing within the noise (2)",
            headline([...ratios, at(256, 1, { verdict: "inconclusive" })]),
        );
        asText("headlineOf claims nothing within the noise (3)", headline(ratios.slice(1)));
    });

    it("says that a run is incomplete, or without a verdict", () => {
        asText("headlineOf says that a run is incomplete, or without a verdict", headline([at(64, 5)], false));
        asText("headlineOf says that a run is incomplete, or without a verdict (2)", headline([]));
    });
});

describe("keyFigures", () => {
    it("are the ratio at both ends, the crossover and the noise floor", () => {
        const ratios = [
            at(64, 5, { interval: [4.5, 5.5], noise: 1.05 }),
            at(128, 1),
            at(1024, 0.8, { interval: [0.7, 0.95], noise: 1.25, withinNoise: true }),
        ];
        assert.deepEqual(keyFigures({ ratios, crossover: { size: 512, lowSize: 300 } }), [
            { label: "64 B", value: "network 5.0x faster", detail: "volume / network 5.00 (95% CI: 4.50 to 5.50)" },
            {
                label: "1 KiB",
                value: "volume 1.3x faster",
                detail: "volume / network 0.800 (95% CI: 0.700 to 0.950), within noise",
            },
            { label: "crossover", value: "about 512 B", detail: "95% CI: 300 B to beyond the measured sizes" },
            { label: "noise floor", value: "up to 25%", detail: "the network against itself" },
        ]);
    });

    it("are those that there are", () => {
        assert.deepEqual(keyFigures({ ratios: [] }), []);
        assert.deepEqual(keyFigures({ ratios: [at(64, 1.2, { verdict: "inconclusive" })] }), [
            { label: "64 B", value: "inconclusive", detail: "volume / network 1.20 (no interval)" },
        ]);
    });
});
