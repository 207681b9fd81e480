import assert from "node:assert/strict";
import fc from "fast-check";
import { checkName, judge, shownFigure } from "../../../report/findings/check-judge.ts";

const ratio = { figure: "max-ratio", size: 64, limit: 12 } as const;
const p99 = { figure: "max-p99", arm: "network/cluster-ip", size: 1024, limit: 0.002 } as const;
const change = { figure: "max-change", arm: "volume/chokidar", size: 2 ** 20, limit: 1.1 } as const;

describe("judge", () => {
    for (const [limited, value, interval, outcome, message] of [
        [
            ratio,
            11,
            [10, 12],
            "pass",
            "volume / network at 64 B is 11.0 (95% CI: 10.0 to 12.0), within the limit of 12.0",
        ],
        [
            ratio,
            14,
            [12.5, 16],
            "fail",
            "volume / network at 64 B is 14.0 (95% CI: 12.5 to 16.0), above the limit of 12.0",
        ],
        [
            ratio,
            14,
            [12, 16],
            "inconclusive",
            "volume / network at 64 B is 14.0 (95% CI: 12.0 to 16.0), and the interval includes the limit of 12.0; measure more trials or runs to decide",
        ],
        [
            ratio,
            11,
            [10, 12.1],
            "inconclusive",
            "volume / network at 64 B is 11.0 (95% CI: 10.0 to 12.1), and the interval includes the limit of 12.0; measure more trials or runs to decide",
        ],
        [
            p99,
            0.003,
            [0.0021, 0.004],
            "fail",
            "p99 of network/cluster-ip at 1 KiB is 3.00 ms (95% CI: 2.10 ms to 4.00 ms), above the limit of 2.00 ms",
        ],
        [
            change,
            1.05,
            [0.9, 1.09],
            "pass",
            "change of volume/chokidar at 1 MiB is +5% (95% CI: -10% to +9%), within the limit of +10%",
        ],
        [
            { ...ratio, limit: 12.45 },
            12.41,
            [12.4, 12.451],
            "inconclusive",
            "volume / network at 64 B is 12.4 (95% CI: 12.4 to 12.5), and the interval includes the limit of 12.45; measure more trials or runs to decide",
        ],
        [
            { ...ratio, limit: 1 },
            1.02,
            [1.0004, 1.04],
            "fail",
            "volume / network at 64 B is 1.02 (95% CI: 1.0004 to 1.04), above the limit of 1.00",
        ],
        [
            p99,
            0.00201,
            [0.0020003, 0.002034],
            "fail",
            "p99 of network/cluster-ip at 1 KiB is 2.01 ms (95% CI: 2.0003 ms to 2.03 ms), above the limit of 2.00 ms",
        ],
        [
            { ...p99, limit: 0.0012345 },
            0.001,
            [0.0009, 0.0012345],
            "pass",
            "p99 of network/cluster-ip at 1 KiB is 1.00 ms (95% CI: 900 us to 1.2345 ms), within the limit of 1.2345 ms",
        ],
        [
            { ...change, limit: 1.125 },
            1.2,
            [1.1251, 1.28],
            "fail",
            "change of volume/chokidar at 1 MiB is +20% (95% CI: +13% to +28%), above the limit of +12.5%",
        ],
        [
            { ...change, limit: 1 },
            1.015,
            [1.0002, 1.03],
            "fail",
            "change of volume/chokidar at 1 MiB is +1.5% (95% CI: +0.02% to +3%), above the limit of 0%",
        ],
        [
            { ...change, limit: 1 + 14 / 100 },
            1.1,
            [1.05, 1.14],
            "pass",
            "change of volume/chokidar at 1 MiB is +10% (95% CI: +5% to +14%), within the limit of +14%",
        ],
        [
            { ...change, limit: 12.5 },
            12.51,
            [9.9996, 16],
            "inconclusive",
            "change of volume/chokidar at 1 MiB is 13x (95% CI: +900% to 16x), and the interval includes the limit of 12.5x; measure more trials or runs to decide",
        ],
    ] as const) {
        it(`finds ${outcome} where ${message}`, () => {
            const found = judge(limited, { value, interval, reason: "not told where there is an interval" });
            assert.deepEqual(found, { ...limited, value, interval: [...interval], outcome, message });
        });
    }

    it("decides nothing without an interval, and says why", () => {
        assert.deepEqual(judge(p99, { value: 0.001, reason: "only 1 trial; an interval needs 2" }), {
            ...p99,
            value: 0.001,
            outcome: "inconclusive",
            message: "p99 of network/cluster-ip at 1 KiB can't be judged: only 1 trial; an interval needs 2",
            reason: "only 1 trial; an interval needs 2",
        });
    });

    it("never passes nor fails by a wider interval what a narrower one did not", () => {
        const number = fc.double({ min: 0.1, max: 10, noNaN: true });
        const more = fc.double({ min: 1, max: 3, noNaN: true });
        fc.assert(
            fc.property(number, number, more, more, (limit, value, below, above) => {
                const limited = { ...ratio, limit };
                const outcome = (interval: [number, number]) => judge(limited, { value, interval, reason: "" }).outcome;
                const narrow = outcome([value / below, value * above]);
                const wide = outcome([value / below / 1.1, value * above * 1.1]);
                assert.ok(wide === narrow || wide === "inconclusive", `${narrow} became ${wide}`);
            }),
        );
    });
});

describe("checkName and shownFigure", () => {
    it("tell what is checked and how it is written", () => {
        assert.deepEqual([ratio, p99, change].map(checkName), [
            "volume / network at 64 B",
            "p99 of network/cluster-ip at 1 KiB",
            "change of volume/chokidar at 1 MiB",
        ]);
        assert.deepEqual(shownFigure({ ...p99, outcome: "inconclusive" }), {
            value: "-",
            interval: "-",
            limit: "2.00 ms",
        });
    });
});
