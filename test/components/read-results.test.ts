import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { readResults } from "../../components/read-results.ts";
import { sha256 } from "../../model/parse.ts";
import { textsOf } from "../support/texts.ts";
import { image, planCells, plan as planned, resultsData, resultsOf } from "./fixtures.ts";

const plan = { ...planned, image };
const source = "bench/hopcost-7-results";
const asText = textsOf("components/read-results");
/** @param key of the whole text */
const refused = (data: Record<string, string> | undefined, message: RegExp, expected = plan, key?: string) =>
    assert.throws(
        () => readResults(source, data, expected),
        (error: Error) => {
            assert.ok(pulumi.RunError.isInstance(error), "Pulumi would print a stack");
            assert.match(error.message, message);
            if (key !== undefined) asText(key, error.message);
            return true;
        },
    );

describe("readResults", () => {
    it("accepts complete results of this run and plan", () => {
        assert.deepEqual(readResults(source, resultsData(), plan), resultsOf(plan));
    });

    it("ignores the order of arms, modes and sizes", () => {
        const cells = plan.cells.map((cell) => ({ ...cell, sizes: cell.sizes.toReversed() })).toReversed();
        const turned = { ...plan, cells };
        assert.notDeepEqual(turned, plan);
        assert.equal(readResults(source, resultsData(), turned).runId, "7");
    });

    it("refuses missing results", () => {
        refused(undefined, /^ConfigMap bench\/hopcost-7-results has no results\.json; /, plan, "no results");
        refused({}, /has no results\.json/);
    });

    it("refuses results that were changed after they were written, or lack a checksum", () => {
        refused({ ...resultsData(), sha256: "0".repeat(64) }, /^ConfigMap bench\/hopcost-7-results: its SHA-256 is/);
        const { sha256: _, ...without } = resultsData();
        refused(without, /its SHA-256 is .*, expected absent/);
    });

    it("refuses truncated results, even with the checksum of the truncated text", () => {
        const cut = resultsData()["results.json"].slice(0, 100);
        refused({ "results.json": cut, sha256: sha256(cut) }, /not JSON \(100 characters\)/);
    });

    it("refuses another run's results", () => {
        refused(resultsData(), /runId is "7", expected "8"/, { ...plan, runId: "8" });
    });

    it("refuses results of a newer schema", () => {
        refused(
            resultsData({ schemaVersion: 4 as 3, hopcostVersion: "9.8.7" }),
            /hopcost 9\.8\.7 wrote it with schema version 4, this hopcost reads schema version 3; update this hopcost$/,
        );
    });

    it("refuses results of another plan under this run id, and names all that changed", () => {
        const other: typeof plan = {
            ...plan,
            rounds: 9,
            cells: planCells({ sizes: [64] }),
            image: "node:25.0.0",
            volumeMedium: "Disk",
        };
        refused(
            resultsData(),
            /run "7" was measured before .*: rounds, cells, image, volumeMedium; /,
            other,
            "a changed plan",
        );
    });

    it("refuses results with another payload, other ablation sizes or another target half-width", () => {
        const other: typeof plan = {
            ...plan,
            payload: "random",
            cells: planCells({ repeatSizes: [64, 1024] }),
            maxRounds: 6,
            targetHalfWidth: 0.02,
            cellRoundTrips: 100,
            warmupRoundTrips: 0,
        };
        refused(
            resultsData(),
            /changed: payload, maxRounds, targetHalfWidth, cellRoundTrips, warmupRoundTrips, cells;/,
            other,
        );
    });

    it("refuses results of another diagnostic load", () => {
        for (const [change, name] of [
            [{ diagnosticSeconds: 9 }, "diagnosticSeconds"],
            [{ ratePerSecond: 99 }, "ratePerSecond"],
            [{ concurrency: 9 }, "concurrency"],
            [{ cells: planCells({ phaseSizes: [128] }) }, "cells"],
        ] as const) {
            refused(resultsData(), new RegExp(`changed: ${name};`), { ...plan, ...change });
        }
    });

    it("refuses results of other workload code", () => {
        const { environment } = resultsOf(plan);
        refused(resultsData({ environment: { ...environment, codeHash: "0" } }), /changed: workload code;/);
    });
});
