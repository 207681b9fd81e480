import assert from "node:assert/strict";
import { allArms, mainArms } from "../../../model/arms.ts";
import type { Cell, Ratio } from "../../../model/results.ts";
import { allSizes } from "../../../model/sizes.ts";
import { textGrid } from "../../../report/formats/text-grid.ts";
import type { Grid } from "../../../report/tables/grid.ts";
import { ablationsTable, loadTables, otherModesTable, resultsTable } from "../../../report/tables/main-tables.ts";
import { tablesOf } from "../../../report/tables/tables.ts";
import { calm, cellsAt, everyModeAt, journalOf, planOf, resultsOf } from "../../model/fixtures.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("report/tables/main-tables");

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
        cpuSecondsPerRoundTrip: 0.00015,
    };
}

const linesOf = (grid: Grid | undefined) => (grid === undefined ? [] : textGrid(grid).split("\n"));
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
    { size: 64, ratio: 5.71, interval: [5.5, 5.93], verdict: "network faster", withinNoise: false },
    { size: 1024, ratio: 0.991, interval: [0.98, 1.01], verdict: "no difference", withinNoise: false },
];
const { plan: whole } = resultsOf(planOf(), []);
const plan = { ...whole, cells: cellsAt({ sizes: [16_777_216, 64, 1024, 2048] }) };

describe("resultsTable", () => {
    it("shows a line per planned size, ascending, and a dash for a missing figure", () => {
        asText(
            "resultsTable shows a line per planned size, ascending, and a dash for a missing figure",
            linesOf(resultsTable({ plan, cells, ratios })),
        );
    });

    it("shows the winner, or why there is none", () => {
        const verdicts = ["network faster", "volume faster", "no difference", "inconclusive"] as const;
        const sizes = [64, 128, 256, 512];
        const all = sizes.map(
            (size, index): Ratio => ({
                ...{ size, ratio: 1, withinNoise: index === 1 },
                verdict: verdicts[index] ?? "inconclusive",
            }),
        );
        const lines = linesOf(
            resultsTable({ plan: { ...plan, cells: cellsAt({ sizes }) }, cells: [], ratios: all }),
        ).slice(2);
        assert.deepEqual(
            lines.map((line) => line.split(/ {2,}/).at(-1)),
            ["network", "volume (within noise)", "no difference", "inconclusive"],
        );
        assert.ok(
            lines.every((line) => line.includes("  -  ")),
            "no interval without trials",
        );
    });

    it("shows each end of an interval on its side of 1, because the ends decide who is faster", () => {
        const all: Ratio[] = [
            { size: 64, ratio: 1.025, interval: [1.0002, 1.05], verdict: "network faster", withinNoise: false },
            { size: 128, ratio: 0.918066, interval: [0.842655, 1.00023], verdict: "inconclusive", withinNoise: false },
        ];
        const table = resultsTable({ plan: { ...plan, cells: cellsAt({ sizes: [64, 128] }) }, cells: [], ratios: all });
        assert.deepEqual(linesOf(table).slice(2), [
            "64 B          -         -        -       -   1.02   1.0002 to 1.05  network",
            "128 B         -         -        -       -  0.918  0.843 to 1.0002  inconclusive",
        ]);
    });

    it("keeps its columns under their arms if nothing was measured", () => {
        assert.deepEqual(
            linesOf(resultsTable({ plan: { ...plan, cells: cellsAt({ sizes: [64] }) }, cells: [], ratios: [] })),
            [
                "      network/cluster-ip  volume/chokidar  volume / network",
                "size       p50       p99      p50     p99    ratio   95% CI  faster",
                "64 B         -         -        -       -        -        -  -",
            ],
        );
    });

    it("has neither colours nor spaces at the end of a line", () => {
        const text = textGrid(resultsTable({ plan, cells, ratios }));
        assert.equal(text.includes("\u001b"), false);
        assert.doesNotMatch(text, / $|\n$/m);
    });
});

describe("ablationsTable", () => {
    const ablations = {
        plan: {
            ...whole,
            cells: cellsAt({
                arms: [network, volume, "floor/noop", "volume/fs-watch"],
                ablationSizes: [1024, 64],
                repeatSizes: [1024, 64],
            }),
        },
        cells: [
            cell(volume, 64, 0.0006),
            cell("floor/noop", 64, 2e-7),
            { ...cell("volume/fs-watch", 64, 0.00009), cpuSecondsPerRoundTrip: { unavailable: "no cgroup" } },
            cell("volume/fs-watch", 1024, 0.000091),
        ],
        comparisons: [
            {
                arm: "volume/fs-watch" as const,
                reference: "volume/fs-watch-async" as const,
                size: 1024,
                ratio: 0.284,
                interval: [0.28, 0.289] as [number, number],
            },
        ],
        unavailable: [{ arm: "network/cross-node" as const, reason: "the cluster has one node" }],
    };

    it("shows every arm at the sizes of the ablations, against its reference, and why one is unavailable", () => {
        asText(
            "ablationsTable shows every arm at the sizes of the ablations, against its reference, and why one is unavailable",
            linesOf(ablationsTable(ablations)),
        );
    });

    it("is empty if only the main arms were measured", () => {
        assert.equal(ablationsTable({ ...ablations, plan: whole, unavailable: [] }), undefined);
    });
});

describe("loadTables", () => {
    const quantiles = { p50Seconds: 0.0001, p90Seconds: 0.0002, p99Seconds: 0.0003 };
    const constantRate = [
        {
            arm: network,
            size: 64,
            trials: 3,
            roundTrips: 500,
            ratePerSecond: 500,
            achievedPerSecond: 499.6,
            ...quantiles,
            maxSeconds: 0.01,
        },
        {
            arm: volume,
            size: 64,
            trials: 3,
            roundTrips: 50,
            ratePerSecond: 500,
            achievedPerSecond: 45.25,
            maxSeconds: 0.02,
        },
    ];
    const throughput = [
        {
            arm: network,
            size: 1024,
            trials: 3,
            roundTrips: 500,
            concurrency: 4,
            roundTripsPerSecond: 12_345.6,
            bytesPerSecond: 12_641_894,
            ...quantiles,
        },
    ];

    it("shows both kinds of load", () => {
        asText(
            "loadTables shows both kinds of load",
            loadTables({ constantRate, throughput }).flatMap((grid) => [...linesOf(grid), ""]),
        );
    });

    it("leaves out what was not measured", () => {
        assert.deepEqual(loadTables({ constantRate: [], throughput: [] }), []);
        assert.deepEqual(
            loadTables({ constantRate: [], throughput }).map(({ head }) => head[0]),
            ["several in flight"],
        );
    });
});

describe("otherModesTable", () => {
    it("shows cells in modes of another version by their names", () => {
        const cell = { arm: "network/carrier-pigeon", mode: "burst", size: 1024, trials: 3, roundTrips: 500 };
        asText(
            "otherModesTable shows cells in modes of another version by their names",
            linesOf(otherModesTable({ otherModes: [{ ...cell, p50Seconds: 0.0001, p90Seconds: 0.0002 }] })),
        );
    });

    it("is empty if there are none", () => {
        assert.equal(otherModesTable({}), undefined);
        assert.equal(otherModesTable({ otherModes: [] }), undefined);
    });
});

describe("all tables", () => {
    it("have no line of more than 110 columns, with every arm at every size", () => {
        const everything = planOf({
            ...{ arms: [...allArms].filter((arm) => arm !== "network/cross-node"), rounds: 2 },
            ...{
                sizes: [...allSizes],
                ablationSizes: [...allSizes],
                repeatSizes: [...allSizes],
                ...everyModeAt(...allSizes),
            },
            unavailable: [{ arm: "network/cross-node", reason: "no second node. ".repeat(20) }],
        });
        const results = resultsOf(everything, journalOf(everything, { ...calm, roundTrips: 20, between: 0.5 }));
        const tables = tablesOf(results).map(({ grids }) => grids.flatMap(linesOf));
        assert.equal(tables.length, 4); // all but Prometheus' figures
        for (const lines of tables) {
            assert.ok(lines.length >= 16);
            for (const line of lines) {
                assert.ok(line.length <= 110, line);
                assert.doesNotMatch(line, / $/);
            }
        }
    });
});
