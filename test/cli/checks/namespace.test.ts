import assert from "node:assert/strict";
import { namespaceOutcome, unclaimedOutcome } from "../../../cli/checks/namespace.ts";
import { configWith, namespace } from "./fixtures.ts";

const config = configWith({ "kubernetes:kubeconfig": "/root/kind.yaml" });
const where = 'Namespace "hopcost-test" in context "kind"';
const kubectl = "kubectl --kubeconfig /root/kind.yaml --context kind";
const look = `look at it with: ${kubectl} get all --namespace hopcost-test`;
const enforce = "pod-security.kubernetes.io/enforce";
const ours = { "hopcost.io/stack": "test", [enforce]: "restricted" };
const named = (labels: Record<string, string>) => namespace("hopcost-test", labels);

describe("namespaceOutcome says of", () => {
    it("none that it is made with the stack", () => {
        const detail = '"hopcost-test" is not there yet; it is made with the stack';
        assert.deepEqual(namespaceOutcome(config, null), { state: "ok", detail });
    });

    it("the stack's own that it is", () => {
        const detail = '"hopcost-test" is there and belongs to this stack';
        assert.deepEqual(namespaceOutcome(config, named(ours)), { state: "ok", detail });
    });

    it("another stack's, and somebody else's, whose it is", () => {
        for (const [labels, whose] of [
            [{ ...ours, "hopcost.io/stack": "mine" }, 'belongs to the hopcost stack "mine"'],
            [{}, "was not made by hopcost"],
        ] as const) {
            assert.deepEqual(namespaceOutcome(config, named(labels)), {
                state: "failure",
                detail: `${where} ${whose}`,
                remedy: `set hopcost:namespace to another name, or ${look}`,
            });
        }
    });

    it("one that is being deleted since when", () => {
        const going = named(ours);
        going.metadata = { ...going.metadata, deletionTimestamp: new Date("2026-11-24T11:59:00Z") };
        assert.deepEqual(namespaceOutcome(config, going), {
            state: "failure",
            detail: `${where} is being deleted since 2026-11-24T11:59:00.000Z`,
            remedy: `wait until it is gone, or ${look}`,
        });
    });

    it("one that admits other Pods how to change that", () => {
        for (const [labels, is] of [
            [{ ...ours, [enforce]: "privileged" }, "privileged"],
            [{ "hopcost.io/stack": "test" }, "not set"],
        ] as const) {
            assert.deepEqual(namespaceOutcome(config, named(labels)), {
                state: "warning",
                detail: `${where} does not enforce Pod Security "restricted" (${enforce} is ${is})`,
                remedy: `set it again with: ${kubectl} label --overwrite namespace hopcost-test ${enforce}=restricted`,
            });
        }
    });

    it("one that may not be read that it can't tell", () => {
        assert.deepEqual(namespaceOutcome(config, undefined), {
            state: "warning",
            detail: `${where} may not be read`,
            remedy: "ask for the right to get namespaces",
        });
    });
});

describe("unclaimedOutcome says of", () => {
    it("nothing, also where one may not look, that it is well", () => {
        for (const found of [[], undefined]) assert.equal(unclaimedOutcome(config, found).state, "ok");
    });

    it("Deployments that a lost state or another user left which they are, and how to delete them", () => {
        const found = ["net-sender", "vol-pod"].map((name) => ({ metadata: { name } }));
        assert.deepEqual(unclaimedOutcome(config, found), {
            state: "failure",
            detail: `${where} holds Deployments that the state of stack "test" knows nothing of (net-sender, vol-pod): another user or checkout deployed them, or that state is lost`,
            remedy: `set hopcost:namespace to another name, or, if nobody needs them: ${kubectl} delete namespace hopcost-test`,
        });
    });
});
