import assert from "node:assert/strict";
import { mainArms } from "../../report/arms.ts";
import type { Cell, Ratio } from "../../report/schema.ts";
import { resultsTable } from "../../report/table.ts";

function cell(arm: Cell["arm"], size: number, p50Seconds?: number, p99Seconds?: number): Cell {
    return {
        arm,
        size,
        trials: 3,
        roundTrips: 5000,
        minSeconds: 0,
        meanSeconds: 1,
        maxSeconds: 2,
        ...(p50Seconds === undefined ? {} : { p50Seconds }),
        ...(p99Seconds === undefined ? {} : { p99Seconds }),
        throughputBytesPerSecond: size,
        misses: 0,
        staleAcks: 0,
        gc: { count: 0, seconds: 0 },
    };
}

const { network, volume } = mainArms;
const cells = [
    cell(network, 64, 0.000108, 0.00021),
    cell(network, 1024, 0.000112),
    cell(network, 16_777_216, 0.0095),
    cell(volume, 64, 0.000617, 0.0012),
    cell(volume, 1024, 0.000111, 0.0013),
    cell(volume, 16_777_216),
    cell("volume/fs-watch", 64, 0.00009, 0.0001),
];
const ratios: Ratio[] = [
    { size: 64, ratio: 5.71, interval: [5.5, 5.93], verdict: "network faster" },
    { size: 1024, ratio: 0.991, interval: [0.98, 1.01], verdict: "no difference" },
];
const plan = {
    profile: "quick",
    seed: 1,
    rounds: 3,
    cellSeconds: 0.4,
    warmupSeconds: 1,
    warmupRoundTrips: 500,
    arms: [network, volume],
    sizes: [16_777_216, 64, 1024, 2048],
};

describe("resultsTable", () => {
    it("shows a line per planned size, ascending, and a dash for what does not exist", () => {
        assert.deepEqual(resultsTable({ plan, cells, ratios }).split("\n"), [
            "        network/cluster-ip     volume/chokidar      volume / network",
            "size         p50       p99       p50       p99  ratio   95% interval  faster",
            "64 B      108 us    210 us    617 us   1.20 ms   5.71   5.50 to 5.93  network",
            "1 KiB     112 us         -    111 us   1.30 ms  0.991  0.980 to 1.01  no difference",
            "2 KiB          -         -         -         -      -              -  -",
            "16 MiB   9.50 ms         -         -         -      -              -  -",
        ]);
    });

    it("shows the winner, or why there is none", () => {
        const verdicts = ["network faster", "volume faster", "no difference", "inconclusive"] as const;
        const sizes = [64, 128, 256, 512];
        const all = sizes.map((size, index): Ratio => ({ size, ratio: 1, verdict: verdicts[index] ?? "inconclusive" }));
        const lines = resultsTable({ plan: { ...plan, sizes }, cells: [], ratios: all })
            .split("\n")
            .slice(2);
        assert.deepEqual(
            lines.map((line) => line.split(/ {2,}/).at(-1)),
            ["network", "volume", "no difference", "inconclusive"],
        );
        assert.ok(
            lines.every((line) => line.includes("  -  ")),
            "no interval without trials",
        );
    });

    it("keeps its columns under their arms where nothing was measured", () => {
        assert.deepEqual(resultsTable({ plan: { ...plan, sizes: [64] }, cells: [], ratios: [] }).split("\n"), [
            "      network/cluster-ip     volume/chokidar     volume / network",
            "size       p50       p99       p50       p99  ratio  95% interval  faster",
            "64 B         -         -         -         -      -             -  -",
        ]);
    });

    it("has neither colours nor spaces at the end of a line", () => {
        const text = resultsTable({ plan, cells, ratios });
        assert.equal(text.includes("\u001b"), false);
        assert.doesNotMatch(text, / $|\n$/m);
    });
});
