import assert from "node:assert/strict";
import { check, failure, ok, refuseFailures, skipped, warning } from "../../../cli/checks/check.ts";
import { CommandError } from "../../../cli/terminal/exit.ts";

const checks = [
    check("node", ok("it is new")),
    check("pulumi", warning("there is none", "make one")),
    check("context", failure("no such context", "set it:\n  one\n  two")),
    check("server", skipped({ title: "Context" })),
];

describe("refuseFailures", () => {
    const refusal = (...failing: Parameters<typeof refuseFailures>[0]) => {
        try {
            refuseFailures(failing);
            return undefined;
        } catch (error) {
            assert.ok(error instanceof CommandError);
            assert.equal(error.exitCode, 3);
            return error.message;
        }
    };

    it("ignores warnings and skipped checks", () => {
        assert.equal(refusal(...checks.filter(({ state }) => state !== "failure")), undefined);
    });

    it("shows a single failure", () => {
        assert.equal(refusal(...checks), "no such context; set it:\n  one\n  two");
    });

    it("lists several failures", () => {
        assert.equal(
            refusal(...checks, check("nodes", failure("they are full", "add one"))),
            "2 checks failed:\n  no such context; set it:\n    one\n    two\n  they are full; add one",
        );
    });
});
