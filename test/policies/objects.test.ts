import assert from "node:assert/strict";
import { rules } from "../../policies/rules.ts";
import { another, type Manifest } from "./program.ts";
import { findingsOf } from "./support.ts";

/** The findings of all policies in one resource. */
async function findingsIn(manifest: Manifest): Promise<string[]> {
    const found = [];
    for (const rule of rules) found.push(...(await findingsOf(rule, [manifest])));
    return found;
}

describe("the objects that a policy judges", () => {
    it("exclude charts, files and folders from which the provider makes objects: these have no metadata to fix", async () => {
        const made = [
            ...[
                ["helm.sh/v3", "Release"],
                ["helm.sh/v4", "Chart"],
                ["kustomize/v2", "Directory"],
            ],
            ...[
                ["yaml/v2", "ConfigFile"],
                ["yaml/v2", "ConfigGroup"],
            ],
        ] as const;
        for (const [version, kind] of made) {
            const resource = { apiVersion: version, kind, metadata: { name: "shop" } };
            assert.deepEqual(await findingsIn(resource), [], kind);
        }
    });

    it("include Patches: forbidden values are reported, missing ones are not", async () => {
        const patch = (spec: object) => ({
            ...{ apiVersion: "apps/v1", kind: "DeploymentPatch", metadata: { name: "web" } },
            spec: { template: { spec } },
        });
        assert.deepEqual(await findingsIn(patch({ containers: [{ name: "app", image: "nginx" }] })), []);
        const bad = patch({
            hostNetwork: true,
            containers: [{ name: "app", securityContext: { privileged: true } }],
        });
        assert.deepEqual(await findingsIn(bad), [
            'DeploymentPatch "web": shares a namespace of its node; remove hostNetwork from the Pod\'s spec',
            'DeploymentPatch "web", container "app": is privileged; remove securityContext.privileged',
        ]);
    });

    it("distinguish a kind of another group from Kubernetes' kind of the same name", async () => {
        const labels = { labels: another("v1", "Service", "one", {}).metadata.labels };
        const foreign = [
            ...[
                ["iam.aws.upbound.io/v1", "Role"],
                ["rds.example.org/v1", "Service"],
            ],
            ...[
                ["batch.volcano.sh/v1", "Job"],
                ["projectcalico.org/v3", "NetworkPolicy"],
            ],
        ] as const;
        for (const [apiVersion, kind] of foreign) {
            const resource = { apiVersion, kind, metadata: { name: "one", ...labels }, spec: { type: "big" } };
            assert.deepEqual(await findingsIn(resource), [], kind);
        }
    });
});
