import assert from "node:assert/strict";
import { injectedOutcome, leftoversOutcome } from "../../../cli/checks/leftovers.ts";
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

describe("injectedOutcome", () => {
    const config = configWith();
    const pod = (component: string, instance: string, namespace = config.namespace) => ({
        metadata: {
            namespace,
            labels: {
                "app.kubernetes.io/component": component,
                "app.kubernetes.io/instance": instance,
                ...(instance.startsWith("hurt-") && { "hopcost.io/scenario": "true" }),
            },
        },
    });
    const hurt = [pod("sender", "hurt-net-1"), pod("receiver", "hurt-net-1"), pod("shared-volume", "hurt-vol-2")];

    it("finds nothing while a driver is there, in other namespaces, or if only measured Pods run", () => {
        assert.equal(injectedOutcome(config, [...hurt, pod("driver", "run")]), undefined);
        assert.equal(injectedOutcome(config, [pod("receiver", "hurt-net-1", "another")]), undefined);
        assert.equal(injectedOutcome(config, [pod("receiver", "net"), pod("sender", "net")]), undefined);
    });

    it("names the instances that a dead driver left, and how to end them", () => {
        asOutcome("injectedOutcome: names what a dead driver left", injectedOutcome(config, hurt), "warning");
    });

    it("names an autoscaler that a dead driver left, also without Pods, and removes it before it scales", () => {
        const autoscalers = [pod("receiver", "hurt-net-2")];
        assert.equal(injectedOutcome(config, [pod("driver", "run")], autoscalers), undefined);
        asOutcome(
            "injectedOutcome: names an autoscaler that a dead driver left",
            injectedOutcome(config, [], autoscalers),
            "warning",
        );
    });
});
