import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { kubectl } from "../../../cli/cluster/kubectl.ts";

describe("kubectl", () => {
    it("names the context, and the kubeconfig where the stack has one", () => {
        assert.equal(kubectl({ context: "minikube", kubeconfig: undefined }), "kubectl --context minikube");
        const arn = "arn:aws:eks:eu-west-1:123456789012:cluster/mine";
        assert.equal(kubectl({ context: arn, kubeconfig: "/k.yaml" }), `kubectl --kubeconfig /k.yaml --context ${arn}`);
    });

    it("can be copied to a shell, whatever they are called", () => {
        for (const name of ["my context", "it's", "$(echo no)", "a;b", "~", "", "*", "grün"]) {
            const words = kubectl({ context: name, kubeconfig: name }).replace(/^kubectl/, "printf '%s|'");
            assert.equal(
                execFileSync("sh", ["-c", words], { encoding: "utf8" }),
                `--kubeconfig|${name}|--context|${name}|`,
            );
        }
    });
});
