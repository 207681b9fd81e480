import assert from "node:assert/strict";
import { Value } from "@sinclair/typebox/value";
import { type Check, Checked } from "../../../model/check.ts";
import type { Results } from "../../../model/results.ts";
import { checkRun } from "../../../report/findings/check.ts";
import { parseThresholds } from "../../../report/findings/thresholds.ts";
import { checkedText } from "../../../report/formats/check-text.ts";
import { calm, cellsAt, journalOf, planOf, resultsOf, slowedRun } from "../../model/fixtures.ts";
import { textsOf } from "../../support/texts.ts";
import { scenarioRunOf } from "../injections.ts";

const asText = textsOf("report/findings/check");

const plan = planOf({ arms: ["network/cluster-ip", "volume/chokidar", "network/pod-ip"] });
const [run, baseline] = [1, 2].map((seed) => resultsOf(plan, journalOf(plan, calm, seed))) as [Results, Results];
const withP99: Results = {
    ...run,
    cells: run.cells.map((cell) => ({ ...cell, p99Seconds: 0.001, p99IntervalSeconds: [0.0008, 0.00125] })),
};
const limits = parseThresholds;
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

describe("checkRun of a run with scenarios", () => {
    const hurt = scenarioRunOf();
    const { scenarios } = hurt;
    const outcomes = (texts: Parameters<typeof limits>[0], of: Results = hurt) =>
        checkRun(of, limits(texts), []).checks.map(({ figure, scenario, topology, limit, outcome }) =>
            [figure, scenario, topology, limit, outcome].join(" "),
        );
    const changed = (change: Partial<Results["scenarios"]>): Results => ({
        ...hurt,
        scenarios: { ...scenarios, ...change },
    });
    const reasons = (of: Results, asked = "kill-process") =>
        checkRun(of, limits({ "max-outage": [`${asked}=90s`] }), []).checks.map(
            ({ topology, outcome, reason }) => `${topology} ${outcome}: ${reason}`,
        );
    const without = scenarios.cells.filter(({ scenario }) => scenario !== "kill-process");
    /** As if `kill-process` and `hang` were variants of one scenario of another version. */
    const meteor = JSON.parse(
        JSON.stringify(hurt).replaceAll('"kill-process"', '"meteor/large"').replaceAll('"hang"', '"meteor/small"'),
    ) as Results;

    it("limits outages and undelivered messages of flow once, in both topologies, in the order of the run", () => {
        const texts = { "max-start-up": ["4s"], "max-outage": ["not-ready=0s", "kill-process=9s"] };
        assert.deepEqual(outcomes({ ...texts, "max-failed": ["not-ready=0", "kill-process=9"] }), [
            "max-outage kill-process network 9 pass",
            "max-outage kill-process volume 9 pass",
            "max-outage not-ready network 0 fail",
            "max-outage not-ready volume 0 pass",
            "max-outage start-up network 4 fail",
            "max-outage start-up volume 4 pass",
            "max-failed kill-process network 9 fail",
            "max-failed kill-process volume 9 fail",
            "max-failed not-ready network 0 fail",
            "max-failed not-ready volume 0 pass",
        ]);
        const [first] = checkRun(hurt, limits({ "max-outage": ["kill-process=9s"] }), []).checks;
        const cell = scenarios.cells.find(({ scenario, flow }) => scenario === "kill-process" && flow === "once");
        assert.deepEqual([first?.value, first?.interval], [cell?.outage.median, cell?.outage.interval]);
    });

    it("fails what was not over while it was watched, also above the time that it was watched", () => {
        for (const limit of ["1s", "1000s"]) {
            const [network] = checkRun(hurt, limits({ "max-outage": [`hang=${limit}`] }), []).checks;
            assert.deepEqual([network?.outcome, network?.value, network?.watchedSeconds], ["fail", null, 75]);
        }
    });

    it("applies a limit without a variant to all variants, and one with a variant first; scenarios of another version too", () => {
        assert.deepEqual(outcomes({ "max-outage": ["meteor/large=9s", "meteor=1s"] }, meteor), [
            "max-outage meteor/large network 9 pass",
            "max-outage meteor/large volume 9 pass",
            "max-outage meteor/small network 1 fail",
            "max-outage meteor/small volume 1 fail",
        ]);
        assert.throws(() => outcomes({ "max-outage": ["meteo=1s"] }, meteor), /applies to nothing/);
    });

    it("has what its schema says", () => {
        const texts = { "max-outage": ["hang=1s"], "max-failed": ["hang=1"], "max-start-up": ["1s"] };
        const checked = JSON.parse(JSON.stringify(checkRun(hurt, limits(texts), [])));
        assert.deepEqual([...Value.Errors(Checked, checked)], []);
    });

    it("is inconclusive with fewer than 6 injections", () => {
        const { interval: _, ...outage } = (scenarios.cells[0] as (typeof scenarios.cells)[number]).outage;
        const cells = scenarios.cells.map((cell) => ({ ...cell, injections: 3, outage }));
        const few = "inconclusive: only 3 injections; an interval needs 6";
        assert.deepEqual(reasons(changed({ cells })), [`network ${few}`, `volume ${few}`]);
    });

    it("is inconclusive if a scenario was skipped, if all its injections are void, or if it was not done, and says which", () => {
        const skipped = [{ scenario: "kill-process", topology: "network", reason: "one node only" }];
        const none = { scenario: "kill-process", topology: "volume", reason: "the process ran on" };
        const voids = [4, 7].map((index) => ({ ...none, index }));
        assert.deepEqual(reasons(changed({ cells: without, skipped, void: voids })), [
            "network inconclusive: it was skipped: one node only",
            "volume inconclusive: all 2 injections are void: the process ran on",
        ]);
        assert.deepEqual(reasons(changed({ cells: without, verdicts: [], void: voids.slice(1) })), [
            "network inconclusive: it was not done",
            "volume inconclusive: its only injection is void: the process ran on",
        ]);
        const outlined = changed({ cells: [], void: [], expected: [] });
        const left = "inconclusive: the stack output leaves it out; use the run's folder";
        assert.deepEqual(reasons(outlined), [`network ${left}`, `volume ${left}`]);
    });

    it("does not judge a topology that the scenario can't be done to", () => {
        const isOther = (one: { scenario: string; topology: string }) =>
            one.scenario !== "kill-process" || one.topology !== "network";
        const [cells, expected] = [scenarios.cells.filter(isOther), scenarios.expected.filter(isOther)];
        const verdicts = scenarios.verdicts.filter(({ scenario }) => scenario !== "kill-process");
        const voids = scenarios.void.filter(isOther);
        assert.deepEqual(
            outcomes({ "max-outage": ["kill-process=9s"] }, changed({ cells, expected, verdicts, void: voids })),
            ["max-outage kill-process volume 9 pass"],
        );
    });

    it("refuses a scenario that the run doesn't have, and shams, and all if it has none", () => {
        const texts = {
            "max-outage": ["drain=5s", "sham=1s"],
            "max-failed": ["drain/budget=0"],
            "max-start-up": ["3s"],
        };
        const nothing = "applies to nothing in run run-1, which";
        const has = `${nothing} has kill-process, hang, not-ready, start-up`;
        assert.throws(() => checkRun(hurt, limits(texts), []), {
            name: "ReportError",
            message: [
                `--max-outage "drain=5s": ${has}`,
                `--max-outage "sham=1s": ${has}`,
                `--max-failed "drain/budget=0": ${has}`,
            ].join("\n"),
        });
        assert.throws(() => checkRun(run, limits({ "max-start-up": ["3s"] }), []), {
            message: `--max-start-up "3s": ${nothing} has no scenarios`,
        });
    });

    it("does not list as inconclusive what failed with few injections, because it was not over", () => {
        const cells = scenarios.cells.map((cell) => ({
            ...cell,
            injections: 3,
            outage: { median: null, censored: 3 },
        }));
        const text = checkedText(checkRun(changed({ cells }), limits({ "max-outage": ["hang=5s"] }), []));
        assert.match(text, /^Of 2 checks 2 failed, 0 are inconclusive/);
        assert.doesNotMatch(text, /\ninconclusive:/);
    });

    it("is a text with a table of its own", () => {
        const skipped = [{ scenario: "start-up", topology: "volume", reason: "one node only" }];
        const cells = scenarios.cells.filter(
            ({ scenario, topology }) => scenario !== "start-up" || topology !== "volume",
        );
        const texts = { "max-ratio": ["12"], "max-outage": ["hang=5s", "not-ready=35s"], "max-start-up": ["3s"] };
        asText(
            "checkRun of a run with scenarios is a text with a table of its own",
            checkedText(checkRun(changed({ cells, skipped }), limits({ ...texts, "max-failed": ["not-ready=0"] }), [])),
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
