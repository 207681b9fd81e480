import assert from "node:assert/strict";
import { leftoversOutcome } from "../../../cli/checks/leftovers.ts";
import { configWith, namespace, now, outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/leftovers");

describe("leftoversOutcome says of", () => {
    const config = configWith();
    const nothing = { state: "ok", detail: "nothing left by other runs or stacks" };

    it("the stack's own namespace, and a probe that another doctor has just made, nothing", () => {
        const own = namespace("hopcost-test", { "hopcost.io/stack": "test" });
        assert.deepEqual(leftoversOutcome(config, [own, namespace("hopcost-doctor-1", {}, 59)], now), nothing);
        assert.deepEqual(leftoversOutcome(config, [], now), nothing);
    });

    it("others whose they are, since when, and how to remove them", () => {
        const going = namespace("hopcost-doctor-1", {}, 60);
        going.metadata = { ...going.metadata, deletionTimestamp: new Date(now) };
        const stack = namespace("hopcost-mine", { "hopcost.io/stack": "mine" });
        asOutcome(
            "leftoversOutcome says of: others whose they are, since when, and how to remove them",
            leftoversOutcome(config, [stack, going, namespace("odd")], now),
            "warning",
        );
    });

    it("namespaces that may not be listed that it can't tell", () => {
        asOutcome(
            "leftoversOutcome says of: namespaces that may not be listed that it can't tell",
            leftoversOutcome(config, undefined, now),
            "warning",
        );
    });
});
