import assert from "node:assert/strict";
import { delimiter, resolve } from "node:path";
import { usualKubeconfig } from "../../cli/stack.ts";

describe("usualKubeconfig", () => {
    it("means the same files in every folder", () => {
        const KUBECONFIG = ["kube/a.yaml", "/etc/b.yaml", ""].join(delimiter);
        const absolute = [resolve("kube/a.yaml"), "/etc/b.yaml", ""].join(delimiter);
        assert.deepEqual(usualKubeconfig({ KUBECONFIG }), { KUBECONFIG: absolute });
    });

    it("sets nothing where nothing is set", () => {
        assert.deepEqual(usualKubeconfig({}), {});
    });
});
