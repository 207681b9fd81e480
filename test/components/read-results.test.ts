import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { BenchmarkPlan } from "../../components/benchmark-plan.ts";
import { readResults } from "../../components/read-results.ts";
import { sha256 } from "../../model/parse.ts";
import { plan, resultsData, resultsOf } from "./fixtures.ts";

const source = "bench/hopcost-7-results";
const refused = (data: Record<string, string> | undefined, message: RegExp, expected: BenchmarkPlan = plan) =>
    assert.throws(
        () => readResults(source, data, expected),
        (error: Error) => {
            assert.ok(pulumi.RunError.isInstance(error), "Pulumi would print a stack");
            assert.match(error.message, message);
            return true;
        },
    );

describe("readResults", () => {
    it("takes results that are whole, of this run and of this plan", () => {
        assert.deepEqual(readResults(source, resultsData(), plan), resultsOf(plan));
    });

    it("takes the order of arms and sizes for what it is: none", () => {
        const turned = { ...plan, arms: plan.arms.toReversed(), sizes: plan.sizes.toReversed() };
        assert.equal(readResults(source, resultsData(), turned).runId, "7");
    });

    it("refuses what is missing", () => {
        refused(undefined, /^ConfigMap bench\/hopcost-7-results has no results\.json; look at the driver's log/);
        refused({}, /has no results\.json/);
    });

    it("refuses what was changed after it was written, or has no checksum", () => {
        refused({ ...resultsData(), sha256: "0".repeat(64) }, /^ConfigMap bench\/hopcost-7-results: its SHA-256 is/);
        const { sha256: _, ...without } = resultsData();
        refused(without, /its SHA-256 is .*, expected absent/);
    });

    it("refuses what is cut off, with the checksum of the cut text", () => {
        const cut = resultsData()["results.json"].slice(0, 100);
        refused({ "results.json": cut, sha256: sha256(cut) }, /not JSON \(100 characters\)/);
    });

    it("refuses another run's", () => {
        refused(resultsData(), /runId is "7", expected "8"/, { ...plan, runId: "8" });
    });

    it("refuses a newer schema", () => {
        refused(
            resultsData({ schemaVersion: 3 as 2 }),
            /schemaVersion is 3, expected 2; it was written by a newer hopcost/,
        );
    });

    it("refuses results of another plan under this run's id, and names all that changed", () => {
        const other: BenchmarkPlan = { ...plan, rounds: 9, sizes: [64], image: "node:25.0.0", volumeMedium: "Disk" };
        refused(
            resultsData(),
            /run "7" was measured before these changed: rounds, sizes, image, volumeMedium; measure them under a new run id$/,
            other,
        );
    });

    it("refuses results of another content, of other ablation sizes, and of another measure of enough", () => {
        const other: BenchmarkPlan = {
            ...plan,
            payload: "random",
            ablationSizes: [64, 1024],
            maxRounds: 6,
            targetHalfWidth: 0.02,
            cellRoundTrips: 100,
            warmupRoundTrips: 0,
        };
        refused(
            resultsData(),
            /before these changed: payload, maxRounds, targetHalfWidth, cellRoundTrips, warmupRoundTrips, ablationSizes;/,
            other,
        );
    });

    it("refuses results of another load, and takes those of a file that does not tell", () => {
        const { plan: measured } = resultsOf(plan);
        const data = resultsData({ plan: { ...measured, diagnostics: plan.diagnostics } });
        const { diagnostics } = plan;
        assert.equal(readResults(source, data, plan).runId, "7");
        for (const change of [{ ratePerSecond: 99 }, { concurrency: 9 }, { phaseSizes: [128] }]) {
            const other = { ...plan, diagnostics: { ...diagnostics, ...change } };
            refused(data, /before these changed: diagnostics;/, other);
            assert.equal(readResults(source, resultsData(), other).runId, "7");
        }
    });

    it("refuses results of other workload code", () => {
        const { environment } = resultsOf(plan);
        refused(resultsData({ environment: { ...environment, codeHash: "0" } }), /these changed: workload code;/);
    });
});
