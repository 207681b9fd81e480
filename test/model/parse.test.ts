import assert from "node:assert/strict";
import fc from "fast-check";
import { ReportError } from "../../model/error.ts";
import { parsePlan, parseResults, parseTrial, sha256 } from "../../model/parse.ts";
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

    it("checks only expected properties", () => {
        assert.deepEqual(parseResults(text, { sha256: undefined, runId: undefined, source: undefined }), results);
    });

    it("refuses a changed text, and says where it came from", () => {
        const sum = sha256(text);
        const other = text.replace("run-1", "run-2");
        assert.throws(
            () => parseResults(other, { sha256: sum, source: "results/run-1/results.json" }),
            refusal(
                `results/run-1/results.json: its SHA-256 is ${sha256(other)}, expected ${sum}; it was modified or truncated after it was written; read it again or repeat the run`,
            ),
        );
    });

    it("rejects a truncated text, wherever it was cut", () => {
        fc.assert(
            fc.property(fc.integer({ min: 0, max: text.length - 1 }), (length) => {
                assert.throws(() => parseResults(text.slice(0, length)), ReportError);
            }),
        );
        assert.throws(
            () => parseResults('{"schemaVersion":1,'),
            refusal(
                "results: not JSON (19 characters): Expected double-quoted property name in JSON at position 19 (line 1 column 20); it is truncated or was never complete; read it again or repeat the run",
            ),
        );
    });

    it("refuses a newer schema and says what to do, whatever else the newer one changed", () => {
        assert.throws(
            () => parseResults('{"schemaVersion":4,"all":"different"}'),
            refusal(
                "results: a newer hopcost wrote it with schema version 4, this hopcost reads schema version 3; update this hopcost",
            ),
        );
        assert.throws(
            () => parseResults('{"schemaVersion":4,"hopcostVersion":"9.1.0"}'),
            refusal(
                "results: hopcost 9.1.0 wrote it with schema version 4, this hopcost reads schema version 3; update this hopcost",
            ),
        );
    });

    it("refuses an older schema: its figures would have to be guessed", () => {
        for (const [version, commit] of [
            [1, "2bf52e6"],
            [2, "ec58474"],
        ] as const) {
            assert.throws(
                () => parseResults(`{"schemaVersion":${version}}`),
                refusal(
                    `results: hopcost of commit ${commit} or earlier wrote it with schema version ${version}, this hopcost reads schema version 3; measure again, or read it with that commit: git checkout ${commit}`,
                ),
            );
        }
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
                refusal(
                    `results: schemaVersion is ${shown}, so hopcost did not write it; this hopcost reads schema version 3`,
                ),
            );
        });
    }

    it("refuses the results of another run", () => {
        assert.throws(
            () => parseResults(text, { runId: "run-9" }),
            refusal('results: runId is "run-1", expected "run-9"; it belongs to another run; read the requested one'),
        );
    });

    it("names the field that does not fit the schema", () => {
        assert.throws(
            () => parseResults(changed({ cells: [{ ...results.cells[0], p50Seconds: "12,5" }] })),
            refusal(
                'results: cells.0.p50Seconds is "12,5", expected number; it does not match schema version 3; repeat the run',
            ),
        );
        assert.throws(
            () => parseResults(changed({ summary: undefined })),
            refusal(
                "results: summary is absent, expected required property; it does not match schema version 3; repeat the run",
            ),
        );
    });

    it("shows no more of a wrong value than a line holds", () => {
        assert.throws(
            () => parseResults(changed({ complete: "x".repeat(500) })),
            refusal(
                `results: complete is "${"x".repeat(59)}..., expected boolean; it does not match schema version 3; repeat the run`,
            ),
        );
    });
});

describe("what another version with the same schema wrote", () => {
    const pigeon = "network/carrier-pigeon";

    it("is kept: an arm, a mode and a field that this one does not know", () => {
        const cells = [...results.plan.cells, { arm: pigeon, mode: "burst", sizes: [64], colour: "red" }];
        const other = { ...results, plan: { ...results.plan, cells, colour: "red" }, colour: "red" };
        const more = { ...other, cells: [...results.cells, { ...results.cells[0], arm: pigeon }] };
        assert.deepEqual(parseResults(JSON.stringify(more)), more);
        const flown = { ...trials[0], arm: pigeon, colour: "red" };
        assert.deepEqual(parseTrial(JSON.stringify(flown)), flown);
        const planned = { ...plan, cells, colour: "red" };
        assert.deepEqual(parsePlan(JSON.stringify(planned)), planned);
    });
});

describe("parsePlan", () => {
    it("reads a plan, and refuses one of another run or another schema", () => {
        assert.deepEqual(parsePlan(JSON.stringify(plan), { runId: "run-1" }), plan);
        assert.throws(
            () => parsePlan(JSON.stringify(plan), { runId: "run-2" }),
            /^ReportError: plan: runId is "run-1"/,
        );
        assert.throws(
            () => parsePlan(JSON.stringify({ ...plan, schemaVersion: 4 }), { source: "ConfigMap hopcost-run-1-plan" }),
            refusal(
                "ConfigMap hopcost-run-1-plan: hopcost 0.1.0 wrote it with schema version 4, this hopcost reads schema version 3; update this hopcost",
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

    it("rejects results, which are not a journal entry", () => {
        assert.throws(
            () => parseTrial(text),
            refusal(
                "journal entry: index is absent, expected required property; it does not match schema version 3; repeat the run",
            ),
        );
    });

    it("refuses one of a newer schema, of another run, or with what can't be the name of an arm", () => {
        const written = (change: object) => JSON.stringify({ ...trials[0], ...change });
        assert.throws(
            () => parseTrial(written({ schemaVersion: 7 }), { source: "ConfigMap hopcost-run-1-trial-0000" }),
            refusal(
                "ConfigMap hopcost-run-1-trial-0000: a newer hopcost wrote it with schema version 7, this hopcost reads schema version 3; update this hopcost",
            ),
        );
        assert.throws(() => parseTrial(written({ runId: "run-2" }), { runId: "run-1" }), {
            message:
                'journal entry: runId is "run-2", expected "run-1"; it belongs to another run; read the requested one',
        });
        assert.throws(
            () => parseTrial(written({ arm: "Carrier pigeon" })),
            refusal(
                "journal entry: arm is \"Carrier pigeon\", expected string to match '^[a-z0-9-]+/[a-z0-9-]+$'; it does not match schema version 3; repeat the run",
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
