import assert from "node:assert/strict";
import { check, failure, ok, skipped, warning } from "../../../cli/checks/check.ts";
import { doctorText } from "../../../cli/checks/doctor-text.ts";

const checks = [
    check("node", ok("it is new")),
    check("pulumi", warning("there is none", "make one")),
    check("context", failure("no such context", "set it:\n  one\n  two")),
    check("server", skipped({ title: "Context" })),
];

describe("doctorText", () => {
    it("has a line for each check, what to do below it, and how many there are", () => {
        assert.equal(
            doctorText(checks),
            [
                "ok       Node.js     it is new",
                "warning  Pulumi      there is none",
                "                     -> make one",
                "failure  Context     no such context",
                "                     -> set it:",
                "                       one",
                "                       two",
                'skipped  API server  not checked because of "Context"',
                "",
                "A run would fail. 1 failure, 1 warning, 1 skipped",
            ].join("\n"),
        );
    });

    it("says that a run can start where nothing fails", () => {
        assert.equal(
            doctorText([check("node", ok("it is new"))]),
            "ok       Node.js  it is new\n\nA run can start. 0 failures, 0 warnings, 0 skipped",
        );
    });
});
