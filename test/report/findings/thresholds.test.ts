import assert from "node:assert/strict";
import { allArms } from "../../../model/arms.ts";
import { ReportError } from "../../../model/error.ts";
import { parseThresholds, type Threshold } from "../../../report/findings/thresholds.ts";

type Texts = Partial<Parameters<typeof parseThresholds>[0]>;
const parsed = (texts: Texts): Threshold[] => {
    return parseThresholds(texts);
};
const mistakes = (texts: Texts): string[] => {
    try {
        parsed(texts);
    } catch (error) {
        if (error instanceof ReportError) return error.message.split("\n");
        throw error;
    }
    return [];
};

describe("parseThresholds", () => {
    for (const [figure, text, expected] of [
        ["max-ratio", "12", { limit: 12 }],
        ["max-ratio", "0.5", { limit: 0.5 }],
        ["max-ratio", "64B=12", { size: 64, limit: 12 }],
        ["max-ratio", "1 KiB = 12", { size: 1024, limit: 12 }],
        ["max-p99", "5ms", { limit: 0.005 }],
        ["max-p99", "1.5 s", { limit: 1.5 }],
        ["max-p99", "network/cluster-ip@64B=250us", { arm: "network/cluster-ip", size: 64, limit: 0.00025 }],
        ["max-p99", "5us", { limit: 0.000005 }],
        ["max-p99", "9ms", { limit: 0.009 }],
        ["max-change", "36%", { limit: 1.36 }],
        ["max-change", "12.345%", { limit: 1.12345 }],
        ["max-p99", "volume/disk=2ms", { arm: "volume/disk", limit: 0.002 }],
        ["max-p99", "16MiB=1s", { size: 2 ** 24, limit: 1 }],
        ["max-change", "10%", { limit: 1.1 }],
        ["max-change", "0%", { limit: 1 }],
        ["max-change", "volume/chokidar=20 %", { arm: "volume/chokidar", limit: 1.2 }],
    ] as const) {
        it(`reads --${figure} "${text}"`, () => {
            assert.deepEqual(parsed({ [figure]: [text] }), [{ figure, source: `--${figure} "${text}"`, ...expected }]);
        });
    }

    for (const [option, text, expected] of [
        ["max-outage", "delete-pod=5s", { figure: "max-outage", scenario: "delete-pod", limit: 5 }],
        [
            "max-outage",
            "delete-pod/grace-0 = 500 ms",
            { figure: "max-outage", scenario: "delete-pod/grace-0", limit: 0.5 },
        ],
        ["max-outage", "not-ready=0s", { figure: "max-outage", scenario: "not-ready", limit: 0 }],
        ["max-outage", "meteor/large=1s", { figure: "max-outage", scenario: "meteor/large", limit: 1 }],
        ["max-failed", "not-ready=0", { figure: "max-failed", scenario: "not-ready", limit: 0 }],
        ["max-failed", "hang=24", { figure: "max-failed", scenario: "hang", limit: 24 }],
        ["max-start-up", "3s", { figure: "max-outage", scenario: "start-up", limit: 3 }],
        ["max-start-up", " 2.5 s ", { figure: "max-outage", scenario: "start-up", limit: 2.5 }],
    ] as const) {
        it(`reads --${option} "${text}", which is of a scenario`, () => {
            assert.deepEqual(parsed({ [option]: [text] }), [{ source: `--${option} "${text}"`, ...expected }]);
        });
    }

    it("keeps them by figure and in order", () => {
        const sources = parsed({ "max-change": ["10%"], "max-ratio": ["12", "64B=20"] }).map(({ source }) => source);
        assert.deepEqual(sources, ['--max-ratio "12"', '--max-ratio "64B=20"', '--max-change "10%"']);
    });

    const time =
        "must be a time above 0 in us, ms or s, optionally for one arm, one size or both, e.g. 5ms, network/cluster-ip=5ms, 64B=2ms or network/cluster-ip@64B=2ms";
    const percentage =
        "must be a percentage of 0 or more, optionally for one arm, one size or both, e.g. 10%, volume/chokidar=20%, 64B=15% or volume/chokidar@64B=25%";
    const number = "must be a number above 0, optionally for one size, e.g. 12 or 64B=12";
    const outage = "must be a scenario and a time in us, ms or s, e.g. delete-pod=5s or delete-pod/grace-0=500ms";
    const messages = "must be a scenario and a whole number of messages, e.g. not-ready=0 or delete-pod/grace-0=24";
    const like = "write e.g. 5ms, network/cluster-ip=5ms, 64B=2ms or network/cluster-ip@64B=2ms";
    for (const [figure, text, expected] of [
        ["max-ratio", "twelve", `${number}; got "twelve"`],
        ["max-ratio", "0", `${number}; got "0"`],
        ["max-ratio", "-3", `${number}; got "-3"`],
        ["max-ratio", "", `${number}; got ""`],
        ["max-ratio", "12%", `${number}; got "12%"`],
        [
            "max-ratio",
            "volume/chokidar@64B=12",
            "a ratio compares both main arms, give only a size; write e.g. 12 or 64B=12",
        ],
        ["max-p99", "5", `${time}; got "5"`],
        ["max-p99", "64B=0ms", `${time}; got "0ms"`],
        ["max-p99", "5 minutes", `${time}; got "5 minutes"`],
        ["max-p99", "network/cluster=2ms", `"network/cluster" must be one of ${allArms.join(", ")}; ${like}`],
        ["max-p99", "64kB=2ms", `"64kB" must be a size, e.g. 64B or 1MiB; ${like}`],
        [
            "max-p99",
            "a/b@c=2ms",
            `"a/b" must be one of ${allArms.join(", ")}; "c" must be a size, e.g. 64B or 1MiB; ${like}`,
        ],
        ["max-p99", "network/cluster-ip@64B@1KiB=2ms", `use one @, between an arm and a size; ${like}`],
        ["max-outage", "5s", outage],
        ["max-outage", "delete-pod", outage],
        ["max-outage", "delete-pod=5", outage],
        ["max-outage", "Delete Pod=5s", outage],
        ["max-outage", "a/b/c=5s", outage],
        ["max-outage", "=5s", outage],
        ["max-failed", "0", messages],
        ["max-failed", "hang=1.5", messages],
        ["max-failed", "hang=-1", messages],
        ["max-start-up", "3", "must be a time in us, ms or s, e.g. 3s"],
        ["max-start-up", "start-up=3s", "must be a time in us, ms or s, e.g. 3s"],
        ["max-change", "10", `${percentage}; got "10"`],
        ["max-change", "-10%", `${percentage}; got "-10%"`],
    ] as const) {
        it(`refuses --${figure} "${text}"`, () => {
            assert.deepEqual(mistakes({ [figure]: [text] }), [`--${figure} "${text}": ${expected}`]);
        });
    }

    it("lists all mistakes, including figures that are limited twice", () => {
        const found = mistakes({
            "max-ratio": ["x", "12", "13"],
            "max-p99": ["y"],
            "max-change": ["64B=1%", "64 B=2%"],
        });
        assert.deepEqual(
            found.map((line) => line.replace(/: must be .*/, "")),
            [
                '--max-ratio "x"',
                '--max-p99 "y"',
                '--max-ratio "13": --max-ratio "12" limits the same figure; give only one limit',
                '--max-change "64 B=2%": --max-change "64B=1%" limits the same figure; give only one limit',
            ],
        );
    });

    it("takes the shorthand for what it stands for: two limits of start-up are one too many", () => {
        assert.deepEqual(mistakes({ "max-outage": ["start-up=5s", "hang=5s"], "max-start-up": ["3s"] }), [
            '--max-start-up "3s": --max-outage "start-up=5s" limits the same figure; give only one limit',
        ]);
        assert.equal(parsed({ "max-outage": ["hang=5s", "hang/x=6s"], "max-failed": ["hang=5"] }).length, 3);
    });
});
