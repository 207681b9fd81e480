import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ledgerOnClaim } from "../../../model/ports.ts";
import { enterInjection, flowFolders } from "../../../workloads/scenario/folders.ts";
import { Ledger } from "../../../workloads/scenario/ledger.ts";
import { scratchFolder } from "../support/rig.ts";

describe("a volume that outlives its Pod", () => {
    const used = () => {
        const volume = scratchFolder();
        enterInjection(volume, "run-0");
        writeFileSync(join(flowFolders(volume, "retry").ready, "7"), "a message");
        new Ledger(join(volume, ledgerOnClaim, "retry"), 10).record(3, true);
        return volume;
    };

    it("keeps messages and ledger for the next process of the same injection", () => {
        const volume = used();
        enterInjection(volume, "run-0");
        assert.deepEqual(readdirSync(flowFolders(volume, "retry").ready), ["7"]);
        assert.equal(readFileSync(join(volume, ledgerOnClaim, "retry"))[3], 1);
    });

    it("keeps neither for another injection, whose sequence numbers come again", () => {
        const volume = used();
        enterInjection(volume, "run-1");
        assert.deepEqual(readdirSync(flowFolders(volume, "retry").ready), []);
        assert.deepEqual(readdirSync(join(volume, ledgerOnClaim)), []);
    });
});
