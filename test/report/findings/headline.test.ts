import assert from "node:assert/strict";
import type { Ratio } from "../../../model/results.ts";
import { headlineOf, keyFigures } from "../../../report/findings/headline.ts";

const at = (size: number, ratio: number, change: Partial<Ratio> = {}): Ratio => ({
    ...{ size, ratio, withinNoise: false, verdict: ratio > 1 ? "network faster" : "volume faster" },
    ...change,
});
const headline = (ratios: Ratio[], complete = true) => headlineOf({ complete, ratios });

describe("headlineOf", () => {
    it("says who is faster where", () => {
        assert.equal(headline([at(64, 5), at(128, 2)]), "The network is faster at every measured size");
        assert.equal(headline([at(64, 0.5), at(128, 0.9)]), "The shared volume is faster at every measured size");
        assert.equal(
            headline([at(64, 5), at(128, 1.1, { verdict: "inconclusive" }), at(256, 0.5)]),
            "The network is faster up to 64 B, the shared volume from 256 B on",
        );
        assert.equal(headline([at(64, 5), at(128, 0.5), at(256, 5)]), "The faster arm changes 2 times with the size");
    });

    it("claims nothing within the noise", () => {
        const ratios = [at(64, 5), at(128, 1.1, { withinNoise: true })];
        assert.equal(
            headline(ratios),
            "The network is faster at 1 of 2 sizes; the other one is undecided or within noise",
        );
        assert.equal(
            headline([...ratios, at(256, 1, { verdict: "inconclusive" })]),
            "The network is faster at 1 of 3 sizes; the others are undecided or within noise",
        );
        assert.equal(headline(ratios.slice(1)), "No size shows a difference larger than the noise");
    });

    it("says that a run is incomplete, or without a verdict", () => {
        assert.equal(headline([at(64, 5)], false), "Incomplete run: the network is faster at every measured size");
        assert.equal(headline([]), "No verdict: no size has a median of both network/cluster-ip and volume/chokidar");
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
