import { namespaceOutcome } from "../../../cli/checks/namespace.ts";
import { configWith, namespace, outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/namespace");

const config = configWith({ "kubernetes:kubeconfig": "/root/kind.yaml" });
const enforce = "pod-security.kubernetes.io/enforce";
const ours = { "hopcost.io/stack": "test", [enforce]: "restricted" };
const named = (labels: Record<string, string>) => namespace("hopcost-test", labels);

describe("namespaceOutcome", () => {
    it("says that a missing namespace will be created", () => {
        asOutcome(
            "namespaceOutcome: says that a missing namespace will be created",
            namespaceOutcome(config, null),
            "ok",
        );
    });

    it("accepts the stack's own namespace", () => {
        asOutcome("namespaceOutcome: accepts the stack's own namespace", namespaceOutcome(config, named(ours)), "ok");
    });

    it("refuses a namespace of another stack or owner", () => {
        for (const [owner, labels] of [
            ["another stack's", { ...ours, "hopcost.io/stack": "mine" }],
            ["somebody else's", {}],
        ] as const) {
            asOutcome(`a namespace that is ${owner}`, namespaceOutcome(config, named(labels)), "failure");
        }
    });

    it("refuses a namespace that is being deleted, with the time", () => {
        const going = named(ours);
        going.metadata = { ...going.metadata, deletionTimestamp: new Date("2026-11-24T11:59:00Z") };
        asOutcome(
            "namespaceOutcome: refuses a namespace that is being deleted, with the time",
            namespaceOutcome(config, going),
            "failure",
        );
    });

    it("warns if the namespace doesn't enforce restricted Pods, with the command", () => {
        for (const [is, labels] of [
            ["privileged", { ...ours, [enforce]: "privileged" }],
            ["not set", { "hopcost.io/stack": "test" }],
        ] as const) {
            asOutcome(`Pod Security that is ${is}`, namespaceOutcome(config, named(labels)), "warning");
        }
    });

    it("warns if the user isn't allowed to read it", () => {
        asOutcome(
            "namespaceOutcome: warns if the user isn't allowed to read it",
            namespaceOutcome(config, undefined),
            "warning",
        );
    });
});
