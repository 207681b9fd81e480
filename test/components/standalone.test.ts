import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { cluster, counts, settled, startRecording, theOne } from "./mocks.ts";

describe("the components in another program", () => {
    const run = async (preview: boolean) => {
        await startRecording("mine", preview);
        pulumi.runtime.setAllConfig({ "kubernetes:context": "kind", "hopcost:namespace": "theirs" });
        const { default: example } = await import("../../examples/network-only/index.ts");
        return await example();
    };

    it("need only a namespace and an image: examples/network-only", async () => {
        cluster.configMapData = undefined;
        await run(true);
        await settled();
        const { "hopcost:index:NetworkPair": pairs, "hopcost:index:BenchmarkJob": jobs, ...others } = counts();
        assert.deepEqual([pairs, jobs, others["kubernetes:core/v1:Namespace"]], [1, 1, undefined]);
        for (const name of ["hop-sender", "hop-receiver"]) {
            assert.equal(theOne("apps/v1:Deployment", name).inputs.metadata.namespace, "theirs");
        }
        const plan = JSON.parse(theOne("ConfigMap", "measure-plan").inputs.data["plan.json"]);
        assert.equal(plan.targets.network.uploadUrl, "http://hop-receiver:8080/upload");
    });
});
