import assert from "node:assert/strict";
import { findingsByPolicy, foreignManifests } from "./foreign.ts";

/** How many findings there are of each policy. */
async function countsOf(name: "nginx" | "guestbook"): Promise<Record<string, number>> {
    const found = await findingsByPolicy(foreignManifests(name));
    return Object.fromEntries(found.map(({ policy, findings }) => [policy, findings.length]));
}

describe("what the pack finds in programs of others", () => {
    it("is, of the nginx Deployment, what its manifest leaves out", async () => {
        const specs = foreignManifests("nginx").map(
            ({ spec }) => (spec as { template: { spec: object } }).template.spec,
        );
        assert.deepEqual(specs.map(Object.keys), [["containers"]]); // so neither a context nor a token is said
        assert.deepEqual(await countsOf("nginx"), {
            "dedicated-namespace": 1,
            "default-deny": 1,
            "drop-capabilities": 1,
            "no-idle-tokens": 1,
            "no-privilege-escalation": 1,
            "read-only-root": 1,
            "run-as-non-root": 1,
            "seccomp-profile": 1,
            "image-digest": 1, // it has the tag of a version
            "recommended-labels": 2, // of the Deployment, and of its Pods
        });
    });

    it("is, of the guestbook, the same for each of its three Deployments, and its Services", async () => {
        const kinds = foreignManifests("guestbook").map(({ kind }) => kind);
        assert.deepEqual(kinds, ["Deployment", "Service", "Deployment", "Service", "Deployment", "Service"]);
        assert.deepEqual(await countsOf("guestbook"), {
            "cluster-ip-services": 1, // the front end's
            "dedicated-namespace": 6,
            "default-deny": 1, // all are in one namespace
            "drop-capabilities": 3,
            "no-idle-tokens": 3,
            "no-privilege-escalation": 3,
            "read-only-root": 3,
            "run-as-non-root": 3,
            "seccomp-profile": 3,
            "image-digest": 3,
            "recommended-labels": 9, // of six objects, and of the Pods of three
        });
    });
});
