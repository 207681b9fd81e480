import assert from "node:assert/strict";
import { leftoversOutcome } from "../../../cli/checks/leftovers.ts";
import { configWith, namespace, now } from "./fixtures.ts";

describe("leftoversOutcome says of", () => {
    const config = configWith();
    const nothing = { state: "ok", detail: "nothing of other runs or stacks is there" };

    it("the stack's own namespace, and a probe that another doctor has just made, nothing", () => {
        const own = namespace("hopcost-test", { "hopcost.io/stack": "test" });
        assert.deepEqual(leftoversOutcome(config, [own, namespace("hopcost-doctor-1", {}, 59)], now), nothing);
        assert.deepEqual(leftoversOutcome(config, [], now), nothing);
    });

    it("others whose they are, since when, and how to remove them", () => {
        const going = namespace("hopcost-doctor-1", {}, 60);
        going.metadata = { ...going.metadata, deletionTimestamp: new Date(now) };
        const stack = namespace("hopcost-mine", { "hopcost.io/stack": "mine" });
        assert.deepEqual(leftoversOutcome(config, [stack, going, namespace("odd")], now), {
            state: "warning",
            detail: 'Of other runs or stacks there is namespace hopcost-mine (of stack "mine", since 2026-11-24T11:00:00.000Z), namespace hopcost-doctor-1 (of an interrupted doctor, since 2026-11-24T11:59:00.000Z, being deleted), namespace odd (of an unnamed stack, since 2026-11-24T11:00:00.000Z); what runs there disturbs what is measured',
            remedy: "if nobody needs it: pulumi destroy --stack STACK for that of a stack, kubectl --context kind delete namespace hopcost-mine hopcost-doctor-1 odd for all of it",
        });
    });

    it("namespaces that may not be listed that it can't tell", () => {
        assert.deepEqual(leftoversOutcome(config, undefined, now), {
            state: "warning",
            detail: 'Whether other runs left anything in context "kind" can\'t be told: you may not list namespaces',
            remedy: "ask for that right",
        });
    });
});
