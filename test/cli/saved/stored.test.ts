import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { resultsAt } from "../../../cli/saved/find-results.ts";
import { type Format, formats } from "../../../cli/saved/formats.ts";
import type { Results } from "../../../model/results.ts";
import { compareRuns } from "../../../report/findings/compare.ts";

/** Results of a real run, as the first version with schema 3 wrote them on 2026-11-28. They never change. */
const stored = gunzipSync(readFileSync(join(import.meta.dirname, "stored", "results-3.json.gz"))).toString();

/** The same as a later version might write them: an arm, a mode and a field that this one does not know. */
function ofLaterVersion(results: Results): object {
    const [cell] = results.cells;
    const quantiles = { p50Seconds: 0.0123, p90Seconds: 0.0234, p99Seconds: 0.0345 };
    return {
        ...results,
        hopcostVersion: "9.8.7",
        plan: {
            ...results.plan,
            cells: [
                ...results.plan.cells,
                { arm: "network/quic", mode: "closed-loop", sizes: [64] },
                { arm: "pipe/named", mode: "burst", sizes: [64] },
            ],
        },
        cells: [...results.cells, { ...cell, arm: "network/quic" }],
        otherModes: [{ arm: "pipe/named", mode: "burst", size: 64, trials: 3, roundTrips: 2000, ...quantiles }],
        unavailable: [{ arm: "volume/nfs", reason: "no server" }],
        fleet: [{ name: "kill-process" }],
    };
}

describe("stored results", () => {
    let folder = "";
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-stored-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    const readAs = (name: string, text: string): Results => {
        writeFileSync(join(folder, name), text);
        return resultsAt(join(folder, name)).results;
    };

    it("of schema version 3 are read as they are", () => {
        assert.deepEqual(readAs("stored.json", stored), JSON.parse(stored));
    });

    for (const format of Object.keys(formats) as Format[]) {
        it(`of schema version 3 are shown as ${format}`, async () => {
            const results = readAs("stored.json", stored);
            const text = await formats[format]([results]);
            assert.ok(text.includes("network/cluster-ip"), text.slice(0, 500));
        });

        it(`of a later version are shown as ${format}, what is unknown by its name`, async () => {
            const results = readAs("later.json", JSON.stringify(ofLaterVersion(JSON.parse(stored))));
            const text = await formats[format]([results]);
            // Prometheus' text format has figures only, and those of the closed loop.
            const names = format === "openmetrics" ? ["network/quic"] : ["network/quic", "pipe/named", "burst"];
            for (const name of names) assert.ok(text.includes(name), `${name} in ${format}`);
        });
    }

    it("of a later version keep every field, and a warning names those that can't be shown", () => {
        const later = ofLaterVersion(JSON.parse(stored));
        const { warnings, ...kept } = readAs("later.json", JSON.stringify(later));
        const { warnings: before, ...fields } = later as Results;
        assert.deepEqual(kept, fields);
        assert.deepEqual(warnings.slice(0, before.length), before);
        const added = warnings.slice(before.length);
        assert.equal(added.length, 1);
        assert.match(added[0] ?? "", /\b9\.8\.7\b.*\bfleet\b/);
    });

    it("of a later version are compared with others", () => {
        const results = readAs("stored.json", stored);
        const later = readAs("later.json", JSON.stringify(ofLaterVersion(results)));
        const { arms } = compareRuns([results], [later]);
        assert.ok(arms.some(({ arm }) => arm === "network/cluster-ip"));
    });
});
