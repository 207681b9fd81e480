import assert from "node:assert/strict";
import { ApiException } from "@kubernetes/client-node";
import { serverOutcome, unreachedOutcome } from "../../../cli/checks/server.ts";

const at = { context: "kind", kubeconfig: "/root/kind.yaml", server: "https://10.0.0.1:6443" };
const version = (minor: string) => ({ gitVersion: `v1.${minor}.2`, major: "1", minor });

describe("serverOutcome", () => {
    for (const minor of ["23", "29+", "36"]) {
        it(`takes 1.${minor}`, () => {
            assert.deepEqual(serverOutcome(at, version(minor)), {
                state: "ok",
                detail: `https://10.0.0.1:6443 is Kubernetes v1.${minor}.2 and takes your credentials`,
            });
        });
    }

    it("refuses one whose namespaces don't enforce what PSS restricted asks for", () => {
        assert.deepEqual(serverOutcome(at, version("22")), {
            state: "failure",
            detail: 'Context "kind": https://10.0.0.1:6443 is Kubernetes v1.22.2, whose namespaces don\'t enforce Pod Security by labels',
            remedy: "upgrade it to 1.23 or newer, or use another cluster",
        });
    });
});

describe("serverOutcome of what is not Kubernetes", () => {
    it("is a failure, though something answered", () => {
        assert.deepEqual(serverOutcome(at, {}), {
            state: "failure",
            detail: 'Context "kind": what answers at https://10.0.0.1:6443 is not Kubernetes, but e.g. the login page of a proxy',
            remedy: "correct the server of the context, or log in to what stands before it",
        });
    });
});

describe("unreachedOutcome tells apart", () => {
    it("credentials that are refused", () => {
        assert.deepEqual(unreachedOutcome(at, new ApiException(401, "Unauthorized", "{}", {})), {
            state: "failure",
            detail: 'Context "kind": https://10.0.0.1:6443 refuses your credentials (HTTP 401); they are expired or of another cluster',
            remedy: "log in again, or correct the user of the context",
        });
    });

    it("a server that takes them and tells nothing", () => {
        assert.deepEqual(unreachedOutcome(at, new ApiException(403, "Forbidden", "{}", {})), {
            state: "ok",
            detail: "https://10.0.0.1:6443 takes your credentials and does not tell you its version (HTTP 403)",
        });
    });

    it("one that is not reached, and one that is ill", () => {
        const refused = new Error("fetch failed", { cause: new Error("connect ECONNREFUSED 10.0.0.1:6443") });
        const reasons = {
            "fetch failed: connect ECONNREFUSED 10.0.0.1:6443": refused,
            "no answer in 10 s": new Error("no answer in 10 s"),
            "HTTP 503": new ApiException(503, "Unavailable", "", {}),
        };
        for (const [reason, error] of Object.entries(reasons)) {
            assert.deepEqual(unreachedOutcome(at, error), {
                state: "failure",
                detail: `Context "kind": https://10.0.0.1:6443 can't be used (${reason})`,
                remedy: "check that the cluster runs and that your credentials are valid: kubectl --kubeconfig /root/kind.yaml --context kind version",
            });
        }
    });
});
