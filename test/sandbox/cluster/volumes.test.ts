import assert from "node:assert/strict";
import { storageClass, volumesOf, volumesToOffer } from "../../../sandbox/cluster/volumes.ts";
import { describeNode } from "../../../sandbox/layout.ts";

describe("the volumes of the sandbox", () => {
    const volumes = [1, 2].map((number) => describeNode(number)).flatMap(volumesOf);
    const nameOf = ({ object }: (typeof volumes)[number]) => object.metadata.name;
    const names = volumes.map(nameOf);

    it("have a StorageClass that waits for the first Pod and isn't the default", () => {
        assert.equal(storageClass.object.metadata.name, "local");
        assert.deepEqual(Object.keys(storageClass.object.metadata), ["name"]);
        assert.equal(storageClass.object.volumeBindingMode, "WaitForFirstConsumer");
    });

    it("are several per node, each with a name and a folder of its own", () => {
        assert.equal(names.length, 8);
        assert.equal(new Set(names).size, 8);
        const folders = volumes.map(({ object }) => (object.spec as { local: { path: string } }).local.path);
        assert.deepEqual(
            folders,
            names.map((name) => `/var/lib/hopcost/sandbox/volumes/${name}`),
        );
    });

    it("can be used only on the node they are on", () => {
        for (const [number, name] of [
            [1, "hopcost-node-1"],
            [2, "hopcost-node-2"],
        ] as const) {
            for (const { object } of volumesOf(describeNode(number))) {
                const { storageClassName, nodeAffinity } = object.spec as Record<string, unknown>;
                assert.equal(storageClassName, "local");
                const here = { key: "kubernetes.io/hostname", operator: "In", values: [name] };
                assert.deepEqual(nodeAffinity, { required: { nodeSelectorTerms: [{ matchExpressions: [here] }] } });
            }
        }
    });

    it("are offered if the cluster lacks them or their claim was deleted, and unchanged in any other phase", () => {
        const phases = ["Available", "Bound", "Released", "Pending", "Failed"];
        const there = phases.map((phase, index) => ({ metadata: { name: names[index] ?? "" }, status: { phase } }));
        const { missing, released } = volumesToOffer(volumes, there);
        assert.deepEqual(missing.map(nameOf), names.slice(5));
        assert.deepEqual(released, [there[2]]);
    });

    it("that aren't ours are never touched", () => {
        const theirs = { metadata: { name: "pvc-1234" }, status: { phase: "Released" } };
        const all = names.map((name) => ({ metadata: { name }, status: { phase: "Bound" } }));
        assert.deepEqual(volumesToOffer(volumes, [...all, theirs]), { missing: [], released: [] });
    });
});
