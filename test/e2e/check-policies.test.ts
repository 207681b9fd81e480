import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { renderedPreview, withPolicies } from "../../cli/stack/policy-preview.ts";
import { sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { pulumiTools } from "../../sandbox/toolchain/pulumi-tools.ts";
import { checkoutWith, removeCheckout } from "../support/checkout.ts";
import { start } from "../support/command.ts";
import { minutes } from "./support.ts";

describe("hopcost policies", function () {
    this.timeout(minutes(5));
    const folders: string[] = [];
    const check = (
        config: Record<string, unknown>,
        env: Record<string, string>,
        without: readonly string[] = [],
        args: readonly string[] = [],
    ) => {
        const folder = checkoutWith(config);
        folders.push(folder);
        for (const stack of without) rmSync(join(folder, `Pulumi.${stack}.yaml`));
        return start(process.execPath, [join(folder, "cli", "hopcost.mjs"), "policies", ...args], folder, env).ended;
    };
    before(async () => void (await sandboxUp(() => {})));
    after(() => folders.forEach(removeCheckout));

    it("finds nothing in our own stacks, as manifests and in the sandbox", async () => {
        const { code, stdout, stderr } = await check({}, { KUBECONFIG: "/no/such/file" }); // rendering needs none
        assert.deepEqual(
            stdout
                .trim()
                .replaceAll(/\d+ resources/g, "N resources")
                .split("\n"),
            [
                "dev, as manifests: N resources, no violations",
                "eks, as manifests: N resources, no violations",
                "k3d, as manifests: N resources, no violations",
                "minikube, as manifests: N resources, no violations",
                "dev, in the sandbox: N resources, no violations",
            ],
            stderr,
        );
        assert.equal(code, 0);
    });

    it("shows violations as a table and as annotations, and exits 5", async () => {
        const env = { GITHUB_ACTIONS: "true" };
        const { code, stdout } = await check({ "hopcost:cpuLimit": "500m" }, env, ["eks", "minikube"]);
        assert.equal(code, 5, stdout);
        assert.match(
            stdout,
            /^dev, as manifests: \d+ resources, 4 mandatory and 0 advisory violations\nlevel {6}policy/,
        );
        assert.match(
            stdout,
            /\n::error file=Pulumi\.dev\.yaml,title=policy measured-cpu-limit::Deployment "net-receiver", container "receiver": .* 500m.*; remove resources\.limits\.cpu, or raise it\n/,
        );
        assert.match(stdout, /\nk3d, as manifests: \d+ resources, no violations\n/); // other stacks are not affected
    });

    it("refuses a stack file with a mistake before any preview", async () => {
        const { code, stdout, stderr } = await check({ "hopcost:rounds": 0 }, {});
        assert.deepEqual([code, stdout], [2, ""]);
        assert.match(stderr, /hopcost: The configuration of stack "dev" \(Pulumi\.dev\.yaml\) has 1 mistake;/);
        assert.match(stderr, /hopcost:rounds/);
    });

    it("never counts a preview that fails for another reason as good", async () => {
        const program = async () => Promise.reject(new pulumi.RunError("the program has a fault"));
        const tools = await withPolicies(await pulumiTools(() => {}));
        await assert.rejects(renderedPreview("test", {}, program, tools), (error: Error) => {
            const [reason] = error.message.split("\n");
            assert.equal(reason, "the preview failed, though no policy did; look at what the preview printed");
            assert.match(error.message, /the program has a fault/);
            return true;
        });
    });
});
