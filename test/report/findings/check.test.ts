import assert from "node:assert/strict";
import { Value } from "@sinclair/typebox/value";
import { type Check, Checked } from "../../../model/check.ts";
import type { Results } from "../../../model/results.ts";
import { checkRun } from "../../../report/findings/check.ts";
import { parseThresholds } from "../../../report/findings/thresholds.ts";
import { checkedText } from "../../../report/formats/check-text.ts";
import { calm, cellsAt, journalOf, planOf, resultsOf, slowedRun } from "../../model/fixtures.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("report/findings/check");

const plan = planOf({ arms: ["network/cluster-ip", "volume/chokidar", "network/pod-ip"] });
const [run, baseline] = [1, 2].map((seed) => resultsOf(plan, journalOf(plan, calm, seed))) as [Results, Results];
const withP99: Results = {
    ...run,
    cells: run.cells.map((cell) => ({ ...cell, p99Seconds: 0.001, p99IntervalSeconds: [0.0008, 0.00125] })),
};
const limits = (texts: Partial<Parameters<typeof parseThresholds>[0]>) =>
    parseThresholds({ "max-ratio": [], "max-p99": [], "max-change": [], ...texts });
const brief = ({ checks }: Checked) =>
    checks.map(({ arm, size, limit, outcome }: Check) =>
        [arm, size ?? "all", limit, outcome].filter((part) => part !== undefined).join(" "),
    );

describe("checkRun", () => {
    it("has what its schema says", () => {
        const all = limits({ "max-ratio": ["12"], "max-p99": ["5ms"], "max-change": ["10%"] });
        const checked = JSON.parse(JSON.stringify(checkRun(withP99, all, [baseline])));
        assert.deepEqual([...Value.Errors(Checked, checked)], []);
    });

    it("limits the ratio at all sizes, or at one", () => {
        assert.deepEqual(brief(checkRun(run, limits({ "max-ratio": ["12"] }), [])), ["64 12 pass", "1024 12 pass"]);
        assert.deepEqual(brief(checkRun(run, limits({ "max-ratio": ["1KiB=3"] }), [])), ["1024 3 fail"]);
    });

    it("limits both main arms if none is named, and a named arm at its own sizes", () => {
        assert.deepEqual(brief(checkRun(withP99, limits({ "max-p99": ["2ms"] }), [])), [
            "network/cluster-ip 64 0.002 pass",
            "network/cluster-ip 1024 0.002 pass",
            "volume/chokidar 64 0.002 pass",
            "volume/chokidar 1024 0.002 pass",
        ]);
        assert.deepEqual(brief(checkRun(withP99, limits({ "max-p99": ["network/pod-ip=900us"] }), [])), [
            "network/pod-ip 64 0.0009 inconclusive",
        ]);
    });

    it("applies the most specific limit, in any order", () => {
        const texts = ["64B=3s", "network/cluster-ip=2s", "5s", "network/cluster-ip@64B=1s"];
        for (const order of [texts, texts.toReversed()]) {
            assert.deepEqual(brief(checkRun(withP99, limits({ "max-p99": order }), [])), [
                "network/cluster-ip 64 1 pass",
                "network/cluster-ip 1024 2 pass",
                "volume/chokidar 64 3 pass",
                "volume/chokidar 1024 5 pass",
            ]);
        }
    });

    it("limits changes against the baseline, by intervals that hold for all sizes together", () => {
        const slowed = slowedRun(run, 1.3, ({ size }) => size === 64);
        const { checks } = checkRun(slowed, limits({ "max-change": ["10%", "volume/chokidar=50%"] }), [baseline]);
        assert.deepEqual(brief({ checks } as Checked), [
            "network/cluster-ip 64 1.1 fail",
            "network/cluster-ip 1024 1.1 pass",
            "network/cluster-ip all 1.1 pass",
            "volume/chokidar 64 1.5 pass",
            "volume/chokidar 1024 1.5 pass",
            "volume/chokidar all 1.5 pass",
        ]);
        assert.match(
            checks[0]?.message ?? "",
            /^change of network\/cluster-ip at 64 B is \+3\d% \(95% CI: .*\), above the limit of \+10%$/,
        );
    });

    it("fails a change over all sizes although no size fails by itself, except if a single size is requested", () => {
        const wide = (results: Results): Results => ({
            ...results,
            cells: results.cells.map((cell) => {
                const median = cell.p50Seconds ?? 0;
                return { ...cell, p50IntervalSeconds: [median / 1.3, median * 1.3] };
            }),
        });
        const slowed = wide(slowedRun(run, 1.3, ({ arm }) => arm === "network/cluster-ip"));
        const texts = { "max-change": ["network/cluster-ip=10%"] };
        const { checks } = checkRun(slowed, limits(texts), [baseline]);
        assert.deepEqual(brief({ checks } as Checked), [
            "network/cluster-ip 64 1.1 inconclusive",
            "network/cluster-ip 1024 1.1 inconclusive",
            "network/cluster-ip all 1.1 fail",
        ]);
        assert.match(
            checks[2]?.message ?? "",
            /^change of network\/cluster-ip over all sizes is \+30% \(95% CI: .*\), above/,
        );
        assert.deepEqual(
            brief(checkRun(slowed, limits({ "max-change": ["network/cluster-ip@64B=10%"] }), [baseline])),
            ["network/cluster-ip 64 1.1 inconclusive"],
        );
    });

    it("is inconclusive if the run or the baseline lacks a figure, and says which", () => {
        const reasonsOf = (checked: Results, texts: Parameters<typeof limits>[0], before: Results[] = []) =>
            checkRun(checked, limits(texts), before).checks.map(({ outcome, reason }) => [outcome, reason]);
        const nothing: Results = { ...run, cells: [], ratios: [] };
        const tooFew = ["inconclusive", "too few round trips for a p99 (1000 needed)"];
        assert.deepEqual(reasonsOf(run, { "max-p99": ["network/cluster-ip=1s"] }), [tooFew, tooFew]);
        assert.deepEqual(reasonsOf(nothing, { "max-p99": ["volume/chokidar@64B=1s"] }), [
            ["inconclusive", "the run did not measure it"],
        ]);
        assert.deepEqual(reasonsOf(nothing, { "max-ratio": ["64B=1"] }), [
            ["inconclusive", "one of the main arms has no median at this size"],
        ]);
        assert.deepEqual(reasonsOf(run, { "max-change": ["volume/chokidar@64B=10%"] }, [nothing]), [
            ["inconclusive", "A: volume/chokidar of run run-1 was not measured at this size"],
        ]);
        const unavailable = [{ arm: "network/pod-ip" as const, reason: "no place for it" }];
        assert.deepEqual(reasonsOf({ ...nothing, unavailable }, { "max-p99": ["network/pod-ip=1s"] }), [
            ["inconclusive", "the arm is unavailable: no place for it"],
        ]);
        const { p99IntervalSeconds: _, ...old } = withP99.cells[0] as Results["cells"][number];
        for (const [trials, reason] of [
            [10, "the stack output leaves the intervals out; use the run's folder"],
            [1, "only 1 trial; an interval needs 2"],
        ] as const) {
            const one = { ...withP99, cells: [{ ...old, trials }] };
            assert.deepEqual(reasonsOf(one, { "max-p99": [`${old.arm}@64B=1s`] }), [["inconclusive", reason]]);
        }
        const once = { ...run, ratios: run.ratios.map(({ interval: __, ...ratio }) => ratio) };
        assert.deepEqual(reasonsOf(once, { "max-ratio": ["64B=1"] }), [
            ["inconclusive", "an arm has only 1 trial; an interval needs 2"],
        ]);
    });

    it("refuses limits that apply to nothing, all at once", () => {
        const texts = { "max-ratio": ["2KiB=3"], "max-p99": ["volume/disk=1s", "network/pod-ip@1KiB=1s", "1s"] };
        const measured =
            "applies to nothing in run run-1, which measured network/cluster-ip, network/pod-ip, volume/chokidar, both main arms at 64 B, 1 KiB";
        assert.throws(() => checkRun(run, limits(texts), []), {
            name: "ReportError",
            message: [
                `--max-ratio "2KiB=3": ${measured}`,
                `--max-p99 "volume/disk=1s": ${measured}`,
                '--max-p99 "network/pod-ip@1KiB=1s": applies to nothing in run run-1, which measured network/pod-ip at 64 B',
            ].join("\n"),
        });
        const unavailable = [{ arm: "volume/pvc" as const, reason: "no StorageClass" }];
        assert.throws(() => checkRun({ ...run, unavailable }, limits({ "max-p99": ["volume/pvc=1s"] }), []), {
            message: `--max-p99 "volume/pvc=1s": ${measured}; volume/pvc is unavailable: no StorageClass`,
        });
    });

    it("does not say of a run with one main arm that it measured both", () => {
        const one = { ...run, plan: { ...run.plan, cells: cellsAt({ arms: ["network/cluster-ip"] }) } };
        assert.throws(() => checkRun(one, limits({ "max-ratio": ["3"] }), []), {
            message:
                '--max-ratio "3": applies to nothing in run run-1, which measured network/cluster-ip at 64 B, 1 KiB',
        });
    });

    it("summarizes the outcome in one line", () => {
        const summary = (...texts: string[]) => checkRun(run, limits({ "max-ratio": texts }), []).summary;
        assert.equal(summary("12"), "All 2 checks passed.");
        assert.equal(summary("64B=12"), "The only check passed.");
        asText("checkRun summarizes the outcome in one line", summary("12", "64B=3"));
        asText(
            "checkRun summarizes the outcome in one line (2)",
            checkRun(run, limits({ "max-p99": ["64B=1s"] }), []).summary,
        );
    });

    it("warns of incomplete runs, and if the machine changed rather than an arm", () => {
        const incomplete = resultsOf(plan, journalOf(plan, calm, 2).slice(0, -1));
        const moved: Results = {
            ...slowedRun(run, 1.5),
            complete: false,
            incompleteReason: "stopped",
        };
        asText(
            "checkRun warns of incomplete runs, and if the machine changed rather than an arm",
            checkRun(moved, limits({ "max-change": ["10%"] }), [incomplete]).warnings,
        );
        assert.deepEqual(
            checkRun({ ...moved, complete: true }, limits({ "max-change": ["90%"] }), [baseline]).warnings,
            [],
        );
    });
});

describe("checkedText", () => {
    it("has differences and warnings first, then the outcome, and each figure against its limit", () => {
        const other: Results = { ...baseline, runId: "run-0", environment: { ...run.environment, cpus: 4 } };
        const texts = {
            "max-ratio": ["12", "64B=3"],
            "max-p99": ["network/cluster-ip=5ms"],
            "max-change": ["network/cluster-ip@64B=10%"],
        };
        const partial = { ...run, complete: false, incompleteReason: "stopped" };
        asText(
            "checkedText has differences and warnings first, then the outcome, and each figure against its limit",
            checkedText(checkRun(partial, limits(texts), [other])),
        );
    });
});
