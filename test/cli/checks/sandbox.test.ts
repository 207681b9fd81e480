import { sandboxOutcome } from "../../../cli/checks/sandbox.ts";
import { outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/sandbox");

describe("sandboxOutcome", () => {
    const nothing = { reason: undefined, nodes: [], versions: { kubernetes: "1.36.4" } };

    it("takes one that is down or broken for what a run mends", () => {
        asOutcome(
            "sandboxOutcome: takes one that is down or broken for what a run mends",
            sandboxOutcome({ ...nothing, state: "down" }),
            "warning",
        );
        asOutcome(
            "sandboxOutcome: takes one that is down or broken for what a run mends (2)",
            sandboxOutcome({ ...nothing, state: "broken", reason: "etcd not running" }),
            "warning",
        );
    });

    it("says what one is that is up, and what it lacks", () => {
        asOutcome(
            "sandboxOutcome: says what one is that is up, and what it lacks",
            sandboxOutcome({ ...nothing, state: "up", nodes: ["a", "b"] }),
            "ok",
        );
    });
});
