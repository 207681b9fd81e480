import assert from "node:assert/strict";
import { rules } from "../../policies/rules.ts";
import { badPrograms } from "./bad-programs.ts";
import { findingsOf } from "./support.ts";

describe("the intentionally bad programs", () => {
    it("cover each policy once", () => {
        assert.deepEqual(badPrograms.map(({ policy }) => policy).sort(), rules.map(({ name }) => name).sort());
    });

    for (const { policy, manifests, finding } of badPrograms) {
        it(`are refused by ${policy}, and by no other policy`, async () => {
            const found: [string, string][] = [];
            for (const rule of rules) {
                for (const text of await findingsOf(rule, manifests)) found.push([rule.name, text]);
            }
            assert.deepEqual(found, [[policy, finding]]);
        });
    }
});
