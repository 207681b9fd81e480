import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { aggregate, type Measurements } from "../../../report/findings/results.ts";

const read = <T>(name: string): T =>
    JSON.parse(gunzipSync(readFileSync(join(import.meta.dirname, "golden", `${name}.json.gz`))).toString()) as T;

/** What the version with schema 2 computed, under its names. */
interface OldNumbers {
    blocks: { ok: number; disturbed: number; void: number; planned: number };
    levels: unknown;
    openLoop: unknown;
    [same: string]: unknown;
}

/** Without the causes of attributions, which have other words now. */
function withoutWords(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value, (key, inner) => (key === "cause" ? undefined : inner)));
}

/**
 * A real run of 2026-11-28 (43 trials of twelve arms, every mode, cancelled on the way), measured and computed by the last
 * version with schema 2 (commit ec58474); its trials were given the names of schema 3 and nothing else.
 */
describe("the same raw trials", () => {
    const { blocks, levels, openLoop, ...same } = read<OldNumbers>("numbers-of-schema-2");
    const results = aggregate(read<Measurements>("run"));

    for (const name of Object.keys(same) as (keyof typeof results)[]) {
        it(`give the same ${name} as before`, () =>
            assert.deepEqual(withoutWords(results[name]), withoutWords(same[name])));
    }

    it("give the same geomeans, times at a constant rate and counts as before, under their new names", () => {
        assert.deepEqual(results.geomeans, levels);
        assert.deepEqual(results.constantRate, openLoop);
        const { ok, noisy, discarded, planned } = results.trials;
        assert.deepEqual({ ok, disturbed: noisy, void: discarded, planned }, blocks);
    });
});
