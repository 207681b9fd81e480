import assert from "node:assert/strict";
import type { Expectation, ScenarioCell } from "../../../model/scenarios.ts";
import { expectedOf } from "../../../report/findings/expectations.ts";
import { textsOf } from "../../support/texts.ts";
import { scenarioRunOf } from "../injections.ts";
import { sharedRunOf } from "../shares.ts";

const asText = textsOf("report/findings/expectations");
const [once] = scenarioRunOf().scenarios.cells as [ScenarioCell];
const cell: ScenarioCell = {
    ...once,
    outage: { median: 2, interval: [1.5, 3], censored: 0 },
    recovery: { median: null, interval: [40, null], censored: 12 },
    undelivered: { median: 40, interval: [30, 60] },
    outcomes: { ...once.outcomes, lost: 2 },
};

type Bound = Expectation["bounds"][number];
const judged = (bounds: Partial<Bound>[], of: ScenarioCell[] = [cell]) =>
    expectedOf(
        [
            {
                ...{ scenario: "kill-process", topology: "network", text: "as theory says" },
                bounds: bounds.map((bound) => ({ flow: "once", figure: "outageSeconds", ...bound })),
            },
        ],
        of,
    )[0];

describe("expectations", () => {
    it("hold if the interval overlaps the bounds, so that chance violates few", () => {
        for (const bound of [{ least: 1, most: 3 }, { most: 1.6 }, { least: 2.9 }, { least: 0, most: 1.5 }]) {
            assert.deepEqual(judged([bound]), {
                ...{ scenario: "kill-process", topology: "network", expectation: "as theory says" },
                holds: true,
            });
        }
    });

    it("don't hold if the whole interval is outside, and say what was found", () => {
        const found = [{ most: 1.4 }, { least: 3.5 }, { least: 4, most: 5 }].map((bound) => judged([bound]));
        assert.ok(found.every((one) => one?.holds === false));
        asText(
            "outside of bounds",
            found.map((one) => one?.found ?? ""),
        );
    });

    it("are judged by the median without an interval", () => {
        const few = { ...cell, outage: { median: 2, censored: 0 } };
        assert.equal(judged([{ most: 1.9 }], [few])?.holds, false);
        assert.equal(judged([{ most: 2 }], [few])?.holds, true);
    });

    it("that something never ends hold only if at least half are censored", () => {
        assert.equal(judged([{ figure: "recoverySeconds", never: true }])?.holds, true);
        const ended = judged([{ never: true }]);
        assert.equal(ended?.holds, false);
        asText("ended, but never should", ended?.found ?? "");
    });

    it("don't hold for what is censored, if it must end early", () => {
        const late = judged([{ figure: "recoverySeconds", most: 30 }]);
        assert.equal(late?.holds, false);
        asText("censored, but should end", late?.found ?? "");
        assert.equal(judged([{ figure: "recoverySeconds", most: 41 }])?.holds, true);
    });

    it("take a reaction that nobody saw as one that never came", () => {
        const { reaction, ...unseen } = cell;
        assert.equal(judged([{ figure: "reactionSeconds", never: true }], [unseen])?.holds, true);
        assert.equal(judged([{ figure: "reactionSeconds", most: 5 }], [unseen])?.holds, false);
    });

    it("count lost messages exactly, and undelivered ones by their median", () => {
        const found = judged([
            { figure: "lost", most: 0 },
            { figure: "undelivered", most: 20 },
            { figure: "undelivered", most: 30 },
        ]);
        assert.equal(found?.holds, false);
        asText("too many messages", found?.found ?? "");
        assert.equal(judged([{ figure: "lost", most: 2 }])?.holds, true);
    });

    it("are open without injections that count, or without bounds, unless another bound is violated", () => {
        for (const [bounds, of] of [
            [[{ most: 3 }], []],
            [[{ most: 3 }, { flow: "retry", most: 3 }], [cell]],
            [[], [cell]],
        ] as [Partial<Bound>[], ScenarioCell[]][]) {
            const open = judged(bounds, of);
            assert.deepEqual(Object.keys(open ?? {}), ["scenario", "topology", "expectation"]);
        }
        assert.equal(judged([{ most: 1 }, { flow: "retry", most: 3 }])?.holds, false);
    });

    it("of shares are judged by those of the flow", () => {
        const judgedBy = (bound: Partial<Bound>) => {
            const whole = { flow: "once", figure: "busiestShare" as const, ...bound };
            return sharedRunOf([whole]).scenarios.expected.find(({ topology }) => topology === "network");
        };
        for (const bound of [
            { least: 0.99 },
            { flow: "once-fresh", most: 0.45 },
            { figure: "shareSeconds" as const, never: true },
            { flow: "once-fresh", figure: "shareSeconds" as const, most: 5 },
        ])
            assert.equal(judgedBy(bound)?.holds, true, JSON.stringify(bound));
        const wrong = [{ most: 0.5 }, { flow: "once-fresh", figure: "shareSeconds" as const, most: 0.1 }].map(judgedBy);
        assert.ok(wrong.every((one) => one?.holds === false));
        asText(
            "shares outside of bounds",
            wrong.map((one) => one?.found ?? ""),
        );
    });
});
