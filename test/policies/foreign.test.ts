import assert from "node:assert/strict";
import { findingsByPolicy, foreignManifests } from "./foreign.ts";

/** Number of findings per policy. */
async function countsOf(name: "nginx" | "guestbook"): Promise<Record<string, number>> {
    const found = await findingsByPolicy(foreignManifests(name));
    return Object.fromEntries(found.map(({ policy, findings }) => [policy, findings.length]));
}

describe("the findings of the pack in other programs", () => {
    it("in the nginx Deployment are the fields that its manifest lacks", async () => {
        const specs = foreignManifests("nginx").map(
            ({ spec }) => (spec as { template: { spec: object } }).template.spec,
        );
        assert.deepEqual(specs.map(Object.keys), [["containers"]]); // so it sets neither a security context nor a token
        assert.deepEqual(await countsOf("nginx"), {
            "dedicated-namespace": 1,
            "default-deny": 1,
            "drop-capabilities": 1,
            "no-idle-tokens": 1,
            "no-privilege-escalation": 1,
            "read-only-root": 1,
            "run-as-non-root": 1,
            "seccomp-profile": 1,
            "image-digest": 1, // it has a version tag
            "recommended-labels": 2, // of the Deployment, and of its Pods
        });
    });

    it("in the guestbook are the same for each of its three Deployments, plus those of its Services", async () => {
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
