import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { rules } from "../../policies/rules.ts";
import { seen, settled, startRecording } from "../components/mocks.ts";
import { textsOf } from "../support/texts.ts";
import type { Manifest } from "./program.ts";
import { findingsOf } from "./support.ts";

const asText = textsOf("policies/own-program");

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

    it("passes every policy with all scenarios", async () => {
        assert.deepEqual(await allFindings({ ...everything, "hopcost:scenarios": "all" }), []);
    });

    it("violates only no-cluster-roles with hopcost:clusterMetrics, for its ClusterRole and ClusterRoleBinding", async () => {
        const name = "hopcost-hopcost-test-metrics-prometheus";
        const found = await allFindings({ ...everything, "hopcost:clusterMetrics": "true" });
        assert.deepEqual(
            found.map((finding) => finding.slice(0, finding.indexOf(":"))),
            [`ClusterRole "${name}"`, `ClusterRoleBinding "${name}"`],
        );
        for (const finding of found) assert.ok(finding.endsWith(` no-cluster-roles.allowed with ${name}`), finding);
        asText("with hopcost:clusterMetrics", found);
    });

    it("violates measured-cpu-limit with a CPU limit that throttles", async () => {
        const found = await allFindings({ ...everything, "hopcost:cpuLimit": "500m" });
        assert.equal(found.length, 5);
        for (const finding of found) assert.match(finding, /: .*\b500m\b.*\b1 CPU; .*\bresources\.limits\.cpu\b/);
        asText("of a CPU limit that throttles", found);
    });
});
