import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";

/**
 * Asserts that a page of docs/ has the sections that code makes, each between the comments `<!-- begin NAME -->` and
 * `<!-- end NAME -->`. `UPDATE_DOCS=1` renews them.
 * @param name of the page, e.g. `policies.md`
 * @param test path of the test, for the message
 */
export function assertGenerated(name: string, sections: Record<string, string>, test: string): void {
    const path = new URL(`../../docs/${name}`, import.meta.url);
    const expected = Object.entries(sections).reduce(
        (text, [section, content]) => {
            const [begin, end] = [`<!-- begin ${section} -->`, `<!-- end ${section} -->`];
            const [before, after] = [text.indexOf(begin), text.indexOf(end)];
            const isThere = before >= 0 && after > before;
            assert.ok(isThere, `docs/${name} has no place for "${section}" between ${begin} and ${end}`);
            return `${text.slice(0, before)}${begin}\n${content}\n${text.slice(after)}`;
        },
        readFileSync(path, "utf8"),
    );
    if (process.env.UPDATE_DOCS !== undefined) writeFileSync(path, expected);
    const command = `UPDATE_DOCS=1 node test/run.ts ${test}`;
    assert.equal(readFileSync(path, "utf8"), expected, `docs/${name} is out of date: ${command}`);
}

/**
 * Asserts that a file is what code makes. `UPDATE_SCHEMA=1` renews it.
 * @param test path of the test, for the message
 */
export function assertGeneratedSchema(path: string | URL, schema: object, test: string): void {
    const expected = `${JSON.stringify(schema, null, 2)}\n`;
    if (process.env.UPDATE_SCHEMA !== undefined) writeFileSync(path, expected);
    const command = `UPDATE_SCHEMA=1 node test/run.ts ${test}`;
    assert.equal(readFileSync(path, "utf8"), expected, `${path} is out of date; run: ${command}`);
}
