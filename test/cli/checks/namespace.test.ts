import assert from "node:assert/strict";
import { namespaceOutcome, unclaimedOutcome } from "../../../cli/checks/namespace.ts";
import { configWith, namespace, outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/namespace");

const config = configWith({ "kubernetes:kubeconfig": "/root/kind.yaml" });
const enforce = "pod-security.kubernetes.io/enforce";
const ours = { "hopcost.io/stack": "test", [enforce]: "restricted" };
const named = (labels: Record<string, string>) => namespace("hopcost-test", labels);

describe("namespaceOutcome says of", () => {
    it("none that it is made with the stack", () => {
        asOutcome(
            "namespaceOutcome says of: none that it is made with the stack",
            namespaceOutcome(config, null),
            "ok",
        );
    });

    it("the stack's own that it is", () => {
        asOutcome("namespaceOutcome says of: the stack's own that it is", namespaceOutcome(config, named(ours)), "ok");
    });

    it("another stack's, and somebody else's, whose it is", () => {
        for (const [owner, labels] of [
            ["another stack's", { ...ours, "hopcost.io/stack": "mine" }],
            ["somebody else's", {}],
        ] as const) {
            asOutcome(`a namespace that is ${owner}`, namespaceOutcome(config, named(labels)), "failure");
        }
    });

    it("one that is being deleted since when", () => {
        const going = named(ours);
        going.metadata = { ...going.metadata, deletionTimestamp: new Date("2026-11-24T11:59:00Z") };
        asOutcome(
            "namespaceOutcome says of: one that is being deleted since when",
            namespaceOutcome(config, going),
            "failure",
        );
    });

    it("one that admits other Pods how to change that", () => {
        for (const [is, labels] of [
            ["privileged", { ...ours, [enforce]: "privileged" }],
            ["not set", { "hopcost.io/stack": "test" }],
        ] as const) {
            asOutcome(`Pod Security that is ${is}`, namespaceOutcome(config, named(labels)), "warning");
        }
    });

    it("one that may not be read that it can't tell", () => {
        asOutcome(
            "namespaceOutcome says of: one that may not be read that it can't tell",
            namespaceOutcome(config, undefined),
            "warning",
        );
    });
});

describe("unclaimedOutcome says of", () => {
    it("nothing, also where one may not look, that it is well", () => {
        for (const found of [[], undefined]) assert.equal(unclaimedOutcome(config, found).state, "ok");
    });

    it("Deployments that a lost state or another user left which they are, and how to delete them", () => {
        const found = ["net-sender", "vol-pod"].map((name) => ({ metadata: { name } }));
        asOutcome(
            "unclaimedOutcome says of: Deployments that a lost state or another user left which they are, and how to delete them",
            unclaimedOutcome(config, found),
            "failure",
        );
    });
});
