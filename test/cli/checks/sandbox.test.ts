import { sandboxOutcome } from "../../../cli/checks/sandbox.ts";
import { outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/sandbox");

describe("sandboxOutcome", () => {
    const nothing = { reason: undefined, nodes: [], versions: { kubernetes: "1.36.4" }, enforcesNetworkPolicies: true };

    it("only warns if the sandbox is down or broken", () => {
        asOutcome(
            "sandboxOutcome: only warns if the sandbox is down or broken",
            sandboxOutcome({ ...nothing, state: "down" }),
            "warning",
        );
        asOutcome(
            "sandboxOutcome: only warns if the sandbox is down or broken (2)",
            sandboxOutcome({ ...nothing, state: "broken", reason: "etcd not running" }),
            "warning",
        );
    });

    it("describes a running sandbox and what it lacks", () => {
        asOutcome(
            "sandboxOutcome: describes a running sandbox and what it lacks",
            sandboxOutcome({ ...nothing, state: "up", nodes: ["a", "b"] }),
            "ok",
        );
    });

    it("warns if NetworkPolicies aren't enforced, and says what would change that", () => {
        asOutcome(
            "sandboxOutcome: warns if NetworkPolicies aren't enforced",
            sandboxOutcome({ ...nothing, state: "up", nodes: ["a"], enforcesNetworkPolicies: false }),
            "warning",
        );
    });
});
