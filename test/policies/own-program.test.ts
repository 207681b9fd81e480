import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { rules } from "../../policies/rules.ts";
import { seen, settled, startRecording } from "../components/mocks.ts";
import type { Manifest } from "./program.ts";
import { findingsOf } from "./support.ts";

/** The rendered objects that our program declares with this configuration. */
async function declared(config: Record<string, string>): Promise<Manifest[]> {
    await startRecording();
    pulumi.runtime.setAllConfig({ "kubernetes:renderYamlToDirectory": "manifests", ...config });
    const { default: hopcost } = await import("../../index.ts");
    await hopcost();
    await settled();
    return seen.flatMap(({ type, inputs }) => (type.startsWith("kubernetes:") ? (inputs as Manifest) : []));
}

async function allFindings(config: Record<string, string>): Promise<string[]> {
    const program = await declared(config);
    assert.ok(program.length > 20);
    return (await Promise.all(rules.map((rule) => findingsOf(rule, program)))).flat();
}

const everything = { "hopcost:profile": "standard", "hopcost:storageClass": "fast", "hopcost:grafana": "true" };

describe("our own program", () => {
    for (const placement of ["same-node", "cross-node", "any"]) {
        it(`passes every policy with all its arms, placed ${placement}`, async () => {
            assert.deepEqual(await allFindings({ ...everything, "hopcost:placement": placement }), []);
        });
    }

    it("passes every policy on the node's disk, and with a CPU limit at the minimum", async () => {
        const config = { "hopcost:volumeMedium": "Disk", "hopcost:cpuLimit": "1" };
        assert.deepEqual(await allFindings({ ...everything, ...config }), []);
    });

    it("violates only no-cluster-roles with hopcost:clusterMetrics, for its ClusterRole and ClusterRoleBinding", async () => {
        const remedy =
            "grants permissions in the whole cluster; use a Role and a RoleBinding, or configure no-cluster-roles.allowed with hopcost-hopcost-test-metrics-prometheus";
        assert.deepEqual(await allFindings({ ...everything, "hopcost:clusterMetrics": "true" }), [
            `ClusterRole "hopcost-hopcost-test-metrics-prometheus": ${remedy}`,
            `ClusterRoleBinding "hopcost-hopcost-test-metrics-prometheus": ${remedy}`,
        ]);
    });

    it("violates measured-cpu-limit with a CPU limit that throttles", async () => {
        const limit = "has a CPU limit of 500m, below the minimum of 1 cores; remove resources.limits.cpu, or raise it";
        const found = await allFindings({ ...everything, "hopcost:cpuLimit": "500m" });
        assert.deepEqual(found.length, 5);
        assert.ok(found.every((finding) => finding.endsWith(limit)));
    });
});
