import assert from "node:assert/strict";
import fc from "fast-check";
import { checkName, judge, shownFigure } from "../../../report/findings/check-judge.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("report/findings/check-judge");

const ratio = { figure: "max-ratio", size: 64, limit: 12 } as const;
const p99 = { figure: "max-p99", arm: "network/cluster-ip", size: 1024, limit: 0.002 } as const;
const change = { figure: "max-change", arm: "volume/chokidar", size: 2 ** 20, limit: 1.1 } as const;

describe("judge", () => {
    for (const [limited, value, interval, outcome] of [
        [ratio, 11, [10, 12], "pass"],
        [ratio, 14, [12.5, 16], "fail"],
        [ratio, 14, [12, 16], "inconclusive"],
        [ratio, 11, [10, 12.1], "inconclusive"],
        [p99, 0.003, [0.0021, 0.004], "fail"],
        [change, 1.05, [0.9, 1.09], "pass"],
        [{ ...ratio, limit: 12.45 }, 12.41, [12.4, 12.451], "inconclusive"],
        [{ ...ratio, limit: 1 }, 1.02, [1.0004, 1.04], "fail"],
        [p99, 0.00201, [0.0020003, 0.002034], "fail"],
        [{ ...p99, limit: 0.0012345 }, 0.001, [0.0009, 0.0012345], "pass"],
        [{ ...change, limit: 1.125 }, 1.2, [1.1251, 1.28], "fail"],
        [{ ...change, limit: 1 }, 1.015, [1.0002, 1.03], "fail"],
        [{ ...change, limit: 1 + 14 / 100 }, 1.1, [1.05, 1.14], "pass"],
        [{ ...change, limit: 12.5 }, 12.51, [9.9996, 16], "inconclusive"],
    ] as const) {
        const { limit, ...figure } = limited;
        const found = `${outcome} for ${checkName(figure)} at ${value} (${interval.join(" to ")}), limit ${limit}`;
        it(`finds ${found}`, () => {
            const { message, ...rest } = judge(limited, { value, interval, reason: "unused with an interval" });
            assert.deepEqual(rest, { ...limited, value, interval: [...interval], outcome });
            asText(found, message);
        });
    }

    it("is inconclusive without an interval, and says why", () => {
        assert.deepEqual(judge(p99, { value: 0.001, reason: "only 1 trial; an interval needs 2" }), {
            ...p99,
            value: 0.001,
            outcome: "inconclusive",
            message: "p99 of network/cluster-ip at 1 KiB can't be judged: only 1 trial; an interval needs 2",
            reason: "only 1 trial; an interval needs 2",
        });
    });

    it("never passes or fails with a wider interval unless it does with a narrower one", () => {
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
    it("name the check and format its figures", () => {
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
