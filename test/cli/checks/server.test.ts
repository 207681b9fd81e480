import { ApiException } from "@kubernetes/client-node";
import { serverOutcome, unreachedOutcome } from "../../../cli/checks/server.ts";
import { outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/server");

const at = { context: "kind", kubeconfig: "/root/kind.yaml", server: "https://10.0.0.1:6443" };
const version = (minor: string) => ({ gitVersion: `v1.${minor}.2`, major: "1", minor });

describe("serverOutcome", () => {
    for (const minor of ["23", "29+", "36"]) {
        it(`takes 1.${minor}`, () => {
            asOutcome(`Kubernetes 1.${minor}`, serverOutcome(at, version(minor)), "ok");
        });
    }

    it("refuses one whose namespaces don't enforce what PSS restricted asks for", () => {
        asOutcome(
            "serverOutcome: refuses one whose namespaces don't enforce what PSS restricted asks for",
            serverOutcome(at, version("22")),
            "failure",
        );
    });
});

describe("serverOutcome of what is not Kubernetes", () => {
    it("is a failure even if something answered", () => {
        asOutcome(
            "serverOutcome of what is not Kubernetes: is a failure even if something answered",
            serverOutcome(at, {}),
            "failure",
        );
    });
});

describe("unreachedOutcome", () => {
    it("refuses an answer that rejects the credentials", () => {
        asOutcome(
            "unreachedOutcome: refuses an answer that rejects the credentials",
            unreachedOutcome(at, new ApiException(401, "Unauthorized", "{}", {})),
            "failure",
        );
    });

    it("accepts a server that hides its version", () => {
        asOutcome(
            "unreachedOutcome: accepts a server that hides its version",
            unreachedOutcome(at, new ApiException(403, "Forbidden", "{}", {})),
            "ok",
        );
    });

    it("refuses a server that can't be reached or fails", () => {
        const refused = new Error("fetch failed", { cause: new Error("connect ECONNREFUSED 10.0.0.1:6443") });
        const reasons = {
            "fetch failed: connect ECONNREFUSED 10.0.0.1:6443": refused,
            "no answer in 10 s": new Error("no answer in 10 s"),
            "HTTP 503": new ApiException(503, "Unavailable", "", {}),
        };
        for (const [reason, error] of Object.entries(reasons)) {
            asOutcome(`unreached: ${reason}`, unreachedOutcome(at, error), "failure");
        }
    });
});
