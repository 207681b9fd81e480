import assert from "node:assert/strict";
import { leftoversOutcome } from "../../../cli/checks/leftovers.ts";
import { configWith, namespace, now, outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/leftovers");

describe("leftoversOutcome", () => {
    const config = configWith();
    const nothing = { state: "ok", detail: "nothing left by other runs or stacks" };

    it("ignores the stack's own namespace and another doctor's young probe", () => {
        const own = namespace("hopcost-test", { "hopcost.io/stack": "test" });
        assert.deepEqual(leftoversOutcome(config, [own, namespace("hopcost-doctor-1", {}, 59)], now), nothing);
        assert.deepEqual(leftoversOutcome(config, [], now), nothing);
    });

    it("names the owner and age of other namespaces, and how to remove them", () => {
        const going = namespace("hopcost-doctor-1", {}, 60);
        going.metadata = { ...going.metadata, deletionTimestamp: new Date(now) };
        const stack = namespace("hopcost-mine", { "hopcost.io/stack": "mine" });
        asOutcome(
            "leftoversOutcome: names the owner and age of other namespaces, and how to remove them",
            leftoversOutcome(config, [stack, going, namespace("odd")], now),
            "warning",
        );
    });

    it("warns if the user isn't allowed to list namespaces", () => {
        asOutcome(
            "leftoversOutcome: warns if the user isn't allowed to list namespaces",
            leftoversOutcome(config, undefined, now),
            "warning",
        );
    });
});
