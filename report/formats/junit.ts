import { toXml } from "xast-util-to-xml";
import { x } from "xastscript";
import type { Check, Checked } from "../../model/check.ts";
import { checkName } from "../findings/check-judge.ts";

/**
 * A check as JUnit XML for CI systems: one test suite, one test case per check. An inconclusive check is skipped, or a
 * failure if `strict`.
 * @param strict whether inconclusive checks fail
 * @returns well-formed XML 1.0, ends with a newline
 * @see https://github.com/testmoapp/junitxml (the commonly read subset; nobody owns the format)
 */
export function junitXml({ summary, run, baseline, checks, environment }: Checked, strict: boolean): string {
    const failures = checks.filter((check) => isFailure(check, strict)).length;
    const skipped = checks.filter(({ outcome }) => outcome === "inconclusive").length;
    const counts = { tests: checks.length, failures, errors: 0, skipped: strict ? 0 : skipped };
    const properties = Object.entries({
        summary,
        runId: run.runId,
        ...(baseline.length === 0 ? {} : { baseline: baseline.map(({ runId }) => runId).join(", ") }),
        ...environment,
    }).map(([name, value]) => x("property", { name: readable(name), value: readable(value) }));
    const cases = checks.map((check) => testCase(check, strict));
    const started = run.startedAt === "" ? {} : { timestamp: run.startedAt };
    const suite = x("testsuite", { name: "hopcost check", ...counts, ...started }, [
        x("properties", properties),
        ...cases,
    ]);
    const document = x(null, [{ type: "instruction", name: "xml", value: 'version="1.0" encoding="UTF-8"' }]);
    document.children.push(x("testsuites", counts, [suite]));
    // The library doesn't escape >, but XML forbids ]]> in a text outside CDATA sections, and there are none.
    return `${toXml(document).replaceAll("]]>", "]]&gt;")}\n`;
}

function testCase(check: Check, strict: boolean) {
    const { figure, outcome } = check;
    const message = readable(check.message);
    const attributes = { classname: `hopcost.${figure}`, name: checkName(check) };
    if (isFailure(check, strict)) return x("testcase", attributes, [x("failure", { message, type: outcome }, message)]);
    return x("testcase", attributes, outcome === "pass" ? [] : [x("skipped", { message })]);
}

function isFailure({ outcome }: Check, strict: boolean): boolean {
    return outcome === "fail" || (strict && outcome === "inconclusive");
}

/** XML 1.0 forbids control characters and unpaired surrogates, even escaped. */
function readable(text: string): string {
    return text
        .toWellFormed()
        .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\u{fffd}");
}
