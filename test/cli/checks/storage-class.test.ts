import assert from "node:assert/strict";
import { storageClassOutcome } from "../../../cli/checks/storage-class.ts";
import { configWith } from "./fixtures.ts";

describe("storageClassOutcome says of", () => {
    const config = configWith({ "hopcost:storageClass": "fast" });
    const classes = (...names: string[]) => names.map((name) => ({ metadata: { name }, provisioner: "p" }));

    it("one that is there that it is", () => {
        const detail = '"fast" is there';
        assert.deepEqual(storageClassOutcome(config, classes("slow", "fast")), { state: "ok", detail });
    });

    it("one that is not there which there are", () => {
        for (const [names, has] of [
            [["slow", "slower"], "it has slow, slower"],
            [[], "it has none"],
        ] as const) {
            assert.deepEqual(storageClassOutcome(config, classes(...names)), {
                state: "failure",
                detail: `Context "kind" has no StorageClass "fast" (${has})`,
                remedy: "set hopcost:storageClass to one of its own, or leave it out: volume/pvc is then reported as unavailable",
            });
        }
    });

    it("classes that may not be listed that it can't tell", () => {
        assert.deepEqual(storageClassOutcome(config, undefined), {
            state: "warning",
            detail: 'Whether context "kind" has the StorageClass "fast" can\'t be told: you may not list storageclasses.storage.k8s.io',
            remedy: "ask for that right, or ask an administrator of the cluster",
        });
    });

    it("a stack that asks for none that it does not matter", () => {
        const detail = "none is set, so volume/pvc is not measured";
        assert.deepEqual(storageClassOutcome(configWith(), classes()), { state: "ok", detail });
    });
});
