import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

/** An element as a real XML parser saw it; its text without that of its children. */
export interface Element {
    name: string;
    attributes: Record<string, string>;
    text: string;
    children: Element[];
}

/** Python's parser (expat): every machine that runs the tests has it, and it refuses what is not well-formed. */
const reader = `
import json, sys, xml.etree.ElementTree as tree
def element(node):
    return {"name": node.tag, "attributes": node.attrib, "text": node.text or "", "children": [element(child) for child in node]}
print(json.dumps(element(tree.fromstring(sys.stdin.buffer.read()))))
`;

/** What must and may stand where, as the readers of CI systems (Jenkins' junit-10.xsd, GitLab, GitHub actions) agree. */
const rules: Record<string, { required: string[]; optional: string[]; children: string[] }> = {
    testsuites: {
        required: ["tests", "failures", "errors"],
        optional: ["skipped", "name", "time"],
        children: ["testsuite"],
    },
    testsuite: {
        required: ["name", "tests", "failures", "errors", "skipped"],
        optional: ["timestamp", "time"],
        children: ["properties", "testcase"],
    },
    properties: { required: [], optional: [], children: ["property"] },
    property: { required: ["name", "value"], optional: [], children: [] },
    testcase: { required: ["name", "classname"], optional: ["time"], children: ["failure", "skipped"] },
    failure: { required: ["message", "type"], optional: [], children: [] },
    skipped: { required: ["message"], optional: [], children: [] },
};

/** Reads JUnit XML back. @throws AssertionError if it is not well-formed, or breaks a rule of the format */
export function readJunit(xml: string): Element {
    const { status, stdout, stderr, error } = spawnSync("python3", ["-c", reader], { input: xml, encoding: "utf8" });
    assert.equal(status, 0, error?.message ?? stderr);
    const root: Element = JSON.parse(stdout);
    obey(root);
    return root;
}

function obey({ name, attributes, children }: Element): void {
    const rule = rules[name] ?? assert.fail(`<${name}> has no place in JUnit XML`);
    const names = Object.keys(attributes);
    for (const required of rule.required) assert.ok(names.includes(required), `<${name}> lacks ${required}`);
    for (const given of names) assert.ok([...rule.required, ...rule.optional].includes(given), `<${name} ${given}>`);
    const places = children.map((child) => rule.children.indexOf(child.name));
    assert.ok(!places.includes(-1), `<${name}> holds ${children.map((child) => child.name)}`);
    assert.deepEqual(places, places.toSorted(), `the children of <${name}> are in another order`);
    if (name.startsWith("testsuite")) countsOf({ attributes, children });
    for (const child of children) obey(child);
}

function countsOf({ attributes, children }: Pick<Element, "attributes" | "children">): void {
    const cases = children
        .flatMap((child) => (child.name === "testcase" ? [child] : child.children))
        .filter(({ name }) => name === "testcase");
    const having = (outcome: string) =>
        cases.filter((each) => each.children.some(({ name }) => name === outcome)).length;
    const { tests, failures, skipped } = attributes;
    assert.deepEqual([tests, failures, skipped].map(Number), [cases.length, having("failure"), having("skipped")]);
}
