import assert from "node:assert/strict";
import fc from "fast-check";
import { checkName, judge, shownFigure } from "../../../report/findings/check-judge.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("report/findings/check-judge");

const ratio = { figure: "max-ratio", size: 64, limit: 12 } as const;
const p99 = { figure: "max-p99", arm: "network/cluster-ip", size: 1024, limit: 0.002 } as const;
const outage = { figure: "max-outage", scenario: "delete-pod/grace-0", topology: "network", limit: 5 } as const;
const failed = { figure: "max-failed", scenario: "not-ready", topology: "volume", limit: 0 } as const;
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
        [outage, 4, [3.5, 5], "pass"],
        [outage, 6.25, [5.0003, 8], "fail"],
        [outage, 4, [3.5, 5.5], "inconclusive"],
        [{ ...outage, limit: 0 }, 0, [0, 0], "pass"],
        [failed, 0, [0, 0], "pass"],
        [{ ...failed, limit: 1200 }, 1234.5, [1201, 2000], "fail"],
        [failed, 0, [0, 3], "inconclusive"],
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

    it("fails an outage that was not over in at least half of the injections, whatever the limit and with any interval", () => {
        const why = { watchedSeconds: 90.4, reason: "only 3 injections; an interval needs 6" };
        for (const limit of [0, 5, 1000]) {
            for (const interval of [[4, null], [null, null], undefined] as const) {
                const { message, ...rest } = judge({ ...outage, limit }, { value: null, interval, ...why });
                assert.equal(rest.outcome, "fail");
                assert.equal(rest.watchedSeconds, 90.4);
                if (limit === 5 && interval === undefined) asText("an outage that was not over", message);
            }
        }
    });

    it("does not decide if only the upper end of an outage was not over", () => {
        const found = judge(outage, { value: 4, interval: [3, null], watchedSeconds: 90, reason: "" });
        assert.deepEqual([found.outcome, found.interval, found.watchedSeconds], ["inconclusive", [3, null], 90]);
        asText("an outage of which only the upper end was not over", found.message);
        assert.equal(judge({ ...outage, limit: 2 }, { value: 4, interval: [3, null], reason: "" }).outcome, "fail");
        const over = judge(outage, { value: 4, interval: [3, 4], watchedSeconds: 90, reason: "" });
        assert.equal("watchedSeconds" in over, false);
    });

    it("never fails with a higher limit what passes with a lower one", () => {
        const seconds = fc.option(fc.double({ min: 0, max: 90, noNaN: true }));
        const three = fc
            .tuple(seconds, seconds, seconds)
            .map((of) => of.toSorted((one, other) => (one ?? Number.MAX_VALUE) - (other ?? Number.MAX_VALUE)));
        const limit = fc.double({ min: 0, max: 100, noNaN: true });
        const rank = { fail: 0, inconclusive: 1, pass: 2 };
        fc.assert(
            fc.property(three, fc.boolean(), limit, limit, ([low = 0, value = 0, high = 0], known, one, other) => {
                const outcomeAt = (at: number) => {
                    const interval = known ? ([low, high] as const) : undefined;
                    return judge({ ...outage, limit: at }, { value, interval, watchedSeconds: 90, reason: "" }).outcome;
                };
                assert.ok(rank[outcomeAt(Math.min(one, other))] <= rank[outcomeAt(Math.max(one, other))]);
            }),
        );
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
        assert.deepEqual([ratio, p99, change, outage, failed].map(checkName), [
            "volume / network at 64 B",
            "p99 of network/cluster-ip at 1 KiB",
            "change of volume/chokidar at 1 MiB",
            "outage of delete-pod/grace-0 (network)",
            "undelivered messages of not-ready (volume)",
        ]);
        assert.deepEqual(shownFigure({ ...p99, outcome: "inconclusive" }), {
            value: "-",
            interval: "-",
            limit: "2.00 ms",
        });
    });
});
