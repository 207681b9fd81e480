import assert from "node:assert/strict";
import type { Checked } from "../../../model/check.ts";
import { checkRun } from "../../../report/findings/check.ts";
import { parseThresholds } from "../../../report/findings/thresholds.ts";
import { junitXml } from "../../../report/formats/junit.ts";
import { resultsOf } from "../../model/fixtures.ts";
import { scenarioRunOf } from "../injections.ts";
import { type Element, readJunit } from "./junit-reader.ts";

const run = resultsOf();
const thresholds = parseThresholds({
    "max-ratio": ["12", "64B=3"],
    "max-p99": ["network/cluster-ip@64B=5ms"],
});
const checked = checkRun(run, thresholds, []);
const suiteOf = (xml: string): Element => readJunit(xml).children[0] ?? assert.fail("there is no test suite");
const casesOf = (xml: string) => suiteOf(xml).children.filter(({ name }) => name === "testcase");
const failure = "volume / network at 64 B is 6.02 (95% CI: 5.90 to 6.14), above the limit of 3.00";
const undecided = "p99 of network/cluster-ip at 64 B can't be judged: too few round trips for a p99 (1000 needed)";

describe("junitXml", () => {
    it("is one suite with a case for each check, and counts them", () => {
        const root = readJunit(junitXml(checked, false));
        const counts = { tests: "3", failures: "1", errors: "0", skipped: "1" };
        assert.deepEqual([root.name, root.attributes], ["testsuites", counts]);
        assert.equal(root.children.length, 1);
        const { attributes } = suiteOf(junitXml(checked, false));
        assert.deepEqual(attributes, { name: "hopcost check", ...counts, timestamp: "2026-11-21T10:00:00Z" });
    });

    it("fails what is beyond its limit, skips what is undecided, and says why", () => {
        const message = (text: string) => ({ message: text });
        assert.deepEqual(
            casesOf(junitXml(checked, false)).map(({ attributes, children }) => [attributes, children]),
            [
                [
                    { classname: "hopcost.max-ratio", name: "volume / network at 64 B" },
                    [
                        {
                            name: "failure",
                            attributes: { ...message(failure), type: "fail" },
                            text: failure,
                            children: [],
                        },
                    ],
                ],
                [{ classname: "hopcost.max-ratio", name: "volume / network at 1 KiB" }, []],
                [
                    { classname: "hopcost.max-p99", name: "p99 of network/cluster-ip at 64 B" },
                    [{ name: "skipped", attributes: message(undecided), text: "", children: [] }],
                ],
            ],
        );
    });

    it("fails what is undecided where that was asked for", () => {
        const xml = junitXml(checked, true);
        assert.deepEqual(readJunit(xml).attributes, { tests: "3", failures: "2", errors: "0", skipped: "0" });
        assert.deepEqual(casesOf(xml)[2]?.children, [
            {
                name: "failure",
                attributes: { message: undecided, type: "inconclusive" },
                text: undecided,
                children: [],
            },
        ]);
    });

    it("has a case for each topology of a scenario", () => {
        const limits = parseThresholds({ "max-outage": ["hang=5s"], "max-failed": ["not-ready=0"] });
        const cases = casesOf(junitXml(checkRun(scenarioRunOf(), limits, []), false));
        assert.deepEqual(
            cases.map(({ attributes, children }) => [attributes.classname, attributes.name, children[0]?.name]),
            [
                ["hopcost.max-outage", "outage of hang (network)", "failure"],
                ["hopcost.max-outage", "outage of hang (volume)", "failure"],
                ["hopcost.max-failed", "undelivered messages of not-ready (network)", "failure"],
                ["hopcost.max-failed", "undelivered messages of not-ready (volume)", undefined],
            ],
        );
        assert.match(cases[0]?.children[0]?.text ?? "", /was not over within 75 s .*; the limit is 5\.00 s$/);
    });

    it("says what was measured, on what, and against what", () => {
        const against: Checked = { ...checked, baseline: [checked.run, { ...checked.run, runId: "run-0" }] };
        const properties = suiteOf(junitXml(against, false)).children[0]?.children ?? [];
        const known = new Map(properties.map(({ attributes }) => [attributes.name, attributes.value]));
        assert.deepEqual(
            ["summary", "runId", "baseline", "environment.kernel", "environment.cni"].map((name) => known.get(name)),
            [checked.summary, "run-1", "run-1, run-0", "6.1.0", "nothing (not visible from inside a Pod)"],
        );
    });

    it("is well-formed whatever stands in a text, and keeps what XML can hold", () => {
        const evil = `]]> <a href="x">&amp;</a> '"\u0000\u0008\u001b[31m\u{fffe}\ud800 \u{1f600}`;
        const [first] = checked.checks;
        assert.ok(first);
        const xml = junitXml(
            { ...checked, checks: [{ ...first, message: evil }], environment: { "environment.cpuModel": evil } },
            false,
        );
        const kept = `]]> <a href="x">&amp;</a> '"\u{fffd}\u{fffd}\u{fffd}[31m\u{fffd}\u{fffd} \u{1f600}`;
        assert.equal(casesOf(xml)[0]?.children[0]?.text, kept);
        assert.equal(casesOf(xml)[0]?.children[0]?.attributes.message, kept);
        assert.equal(suiteOf(xml).children[0]?.children.at(-1)?.attributes.value, kept);
    });
});
