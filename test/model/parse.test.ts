import assert from "node:assert/strict";
import fc from "fast-check";
import { ReportError } from "../../model/error.ts";
import { parseResults, parseTrial, sha256 } from "../../model/parse.ts";
import { aggregate } from "../../report/findings/results.ts";
import { journalOf, planOf } from "./fixtures.ts";

const plan = planOf({ rounds: 2 });
const trials = journalOf(plan);
const trial = JSON.stringify(trials[0]);
const results = aggregate({ plan, trials });
const text = JSON.stringify(results);

/** The results with some fields replaced. */
const changed = (change: object) => JSON.stringify({ ...results, ...change });
const refusal = (message: string) => ({ name: "ReportError", message });

describe("parseResults", () => {
    it("reads what aggregate writes, with the right checksum and run id", () => {
        assert.deepEqual(parseResults(text), results);
        assert.deepEqual(parseResults(text, { sha256: sha256(text), runId: "run-1" }), results);
    });

    it("checks nothing that is not known", () => {
        assert.deepEqual(parseResults(text, { sha256: undefined, runId: undefined, source: undefined }), results);
    });

    it("refuses a changed text, and says where it came from", () => {
        const sum = sha256(text);
        const other = text.replace("run-1", "run-2");
        assert.throws(
            () => parseResults(other, { sha256: sum, source: "results/run-1/results.json" }),
            refusal(
                `results/run-1/results.json: its SHA-256 is ${sha256(other)}, expected ${sum}; it was changed or cut off after it was written, read it again or repeat the run`,
            ),
        );
    });

    it("refuses a text that is cut off, wherever it is cut", () => {
        fc.assert(
            fc.property(fc.integer({ min: 0, max: text.length - 1 }), (length) => {
                assert.throws(() => parseResults(text.slice(0, length)), ReportError);
            }),
        );
        assert.throws(
            () => parseResults('{"schemaVersion":1,'),
            refusal(
                "results: not JSON (19 characters): Expected double-quoted property name in JSON at position 19 (line 1 column 20); it is cut off or was never complete, read it again or repeat the run",
            ),
        );
    });

    it("refuses a newer schema and says what to do, whatever else the newer one changed", () => {
        assert.throws(
            () => parseResults('{"schemaVersion":3,"all":"different"}'),
            refusal("results: schemaVersion is 3, expected 2; it was written by a newer hopcost, update this one"),
        );
    });

    it("refuses an older schema: its figures would have to be guessed", () => {
        assert.throws(
            () => parseResults('{"schemaVersion":1}'),
            refusal(
                "results: schemaVersion is 1, expected 2; it was written by an older hopcost; measure again or use that version",
            ),
        );
    });

    for (const [foreign, shown] of [
        ["{}", "absent"],
        ["null", "absent"],
        ["[1]", "absent"],
        ['{"schemaVersion":"1"}', '"1"'],
        ['{"schemaVersion":0}', "0"],
        ['{"schemaVersion":1.5}', "1.5"],
    ] as const) {
        it(`refuses ${foreign}`, () => {
            assert.throws(
                () => parseResults(foreign),
                refusal(`results: schemaVersion is ${shown}, expected 2; it was not written by hopcost`),
            );
        });
    }

    it("refuses the results of another run", () => {
        assert.throws(
            () => parseResults(text, { runId: "run-9" }),
            refusal(
                'results: runId is "run-1", expected "run-9"; it belongs to another run, read the one that was asked for',
            ),
        );
    });

    it("names the field that does not fit the schema", () => {
        assert.throws(
            () => parseResults(changed({ cells: [{ ...results.cells[0], p50Seconds: "12,5" }] })),
            refusal(
                'results: cells.0.p50Seconds is "12,5", expected number; it does not fit schema version 2, repeat the run',
            ),
        );
        assert.throws(
            () => parseResults(changed({ summary: undefined })),
            refusal(
                "results: summary is absent, expected required property; it does not fit schema version 2, repeat the run",
            ),
        );
    });

    it("shows no more of a wrong value than a line holds", () => {
        assert.throws(
            () => parseResults(changed({ complete: "x".repeat(500) })),
            refusal(
                `results: complete is "${"x".repeat(59)}..., expected boolean; it does not fit schema version 2, repeat the run`,
            ),
        );
    });
});

describe("parseTrial", () => {
    it("reads a journal entry, with its checksum as text or among what is expected", () => {
        assert.deepEqual(parseTrial(trial), trials[0]);
        assert.deepEqual(parseTrial(trial, sha256(trial)), trials[0]);
        assert.deepEqual(parseTrial(trial, { sha256: sha256(trial), runId: "run-1" }), trials[0]);
        assert.deepEqual(parseTrial(trial, undefined), trials[0]);
    });

    it("refuses one of which a single byte changed", () => {
        fc.assert(
            fc.property(fc.integer({ min: 0, max: trial.length - 1 }), (position) => {
                const other = `${trial.slice(0, position)}~${trial.slice(position + 1)}`;
                assert.throws(() => parseTrial(other, sha256(trial)), /^ReportError: journal entry: its SHA-256 is /);
            }),
            { numRuns: 20 },
        );
    });

    it("refuses results, which are no journal entry", () => {
        assert.throws(
            () => parseTrial(text),
            refusal(
                "journal entry: index is absent, expected required property; it does not fit schema version 2, repeat the run",
            ),
        );
    });

    it("refuses one of a newer schema, of another run, or with an unknown arm", () => {
        const written = (change: object) => JSON.stringify({ ...trials[0], ...change });
        assert.throws(
            () => parseTrial(written({ schemaVersion: 7 }), { source: "ConfigMap hopcost-run-1-trial-0000" }),
            refusal(
                "ConfigMap hopcost-run-1-trial-0000: schemaVersion is 7, expected 2; it was written by a newer hopcost, update this one",
            ),
        );
        assert.throws(() => parseTrial(written({ runId: "run-2" }), { runId: "run-1" }), {
            message:
                'journal entry: runId is "run-2", expected "run-1"; it belongs to another run, read the one that was asked for',
        });
        assert.throws(
            () => parseTrial(written({ arm: "network/carrier-pigeon" })),
            refusal(
                'journal entry: arm is "network/carrier-pigeon", expected union value; it does not fit schema version 2, repeat the run',
            ),
        );
    });
});

describe("sha256", () => {
    it("is that of the UTF-8 text", () => {
        // printf 'hop\xc3\xa9' | sha256sum
        assert.equal(sha256("hop\u00e9"), "bcb4df7ad57db339ede4a5b6e37ce4a0ec8a29314b50e69674888b523c19bb43");
    });
});
