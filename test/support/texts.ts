/**
 * Whole texts that people read, in one place: `test/texts/*.json`, one file per test file, name by name. A test asserts what
 * a text means (ids, states, numbers, commands) by itself, and its wording here, so that a reworded sentence is one
 * command and one diff to read:
 *
 *     UPDATE_TEXTS=1 node test/run.ts PATH
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const folder = join(import.meta.dirname, "..", "texts");
const renews = process.env.UPDATE_TEXTS !== undefined;

/**
 * The texts of a test file.
 * @param name of the file below `test/texts`, that of the test file without `.test.ts`, e.g. `report/findings/warnings`
 * @returns asserts one text, or a list of them, under a name that is used once in the test file
 */
export function textsOf(name: string): (key: string, text: string | readonly string[]) => void {
    const path = join(folder, `${name}.json`);
    const kept: Record<string, string | string[]> = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
    const used = new Set<string>();
    after(() => {
        if (renews) write(path, Object.fromEntries(Object.entries(kept).filter(([key]) => used.has(key))));
    });
    return (key, text) => {
        assert.ok(
            !used.has(key) || renews,
            `the text "${key}" of ${name} is asserted twice; give each a name of its own`,
        );
        used.add(key);
        if (renews) kept[key] = typeof text === "string" ? text : [...text];
        assert.deepEqual(
            text,
            kept[key],
            `the text "${key}" changed; if it should: UPDATE_TEXTS=1 node test/run.ts test/${name}.test.ts`,
        );
    };
}

function write(path: string, texts: Record<string, string | string[]>): void {
    mkdirSync(dirname(path), { recursive: true });
    const sorted = Object.entries(texts).sort(([one], [other]) => (one < other ? -1 : 1));
    writeFileSync(path, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}
