import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { stackTemplate } from "../../../cli/commands/init.ts";
import { readConfig } from "../../../config/config.ts";
import { checkoutWith, removeCheckout } from "../../support/checkout.ts";
import { hopcost, start } from "../../support/command.ts";

describe("hopcost init", () => {
    let folder = "";
    let kubeconfig = "";
    beforeEach(() => {
        folder = checkoutWith();
        kubeconfig = join(folder, "kubeconfig");
        const contexts = ["kind-a", "a b"].map((name) => ({ name, context: {} }));
        writeFileSync(kubeconfig, JSON.stringify({ contexts }));
    });
    afterEach(() => removeCheckout(folder));

    it("writes a stack file that a run can use, and never over another", async () => {
        const file = join(folder, "Pulumi.staging.yaml");
        const init = () => hopcost(folder, "init", "staging", "--context", "a b").ended;
        const { code, stdout, stderr } = await init();
        assert.equal(code, 0, stderr);
        assert.ok(stdout.includes(file) && stdout.includes("hopcost run --stack staging"), stdout);
        assert.equal(parse(readFileSync(file, "utf8")).config["kubernetes:context"], "a b");
        writeFileSync(file, "mine");
        assert.equal((await init()).code, 2);
        assert.equal(readFileSync(file, "utf8"), "mine");
    });

    it("needs a context, names those there are, and a name that a namespace can have", async () => {
        const { code, stdout, stderr } = await start(
            process.execPath,
            [join(folder, "cli", "hopcost.mjs"), "init"],
            folder,
            { KUBECONFIG: kubeconfig },
        ).ended;
        assert.deepEqual([code, stdout], [2, ""]);
        assert.match(stderr, /\n {2}hopcost init mine --context kind-a\n {2}hopcost init mine --context 'a b'\n/);
        assert.equal((await hopcost(folder, "init", "No/Stack", "--context", "a").ended).code, 2);
        assert.ok(!existsSync(join(folder, "Pulumi.mine.yaml")));
    });

    it("has only keys and values that the configuration takes, also if all comments are removed", () => {
        const text = stackTemplate("staging", "kind", "~/kubeconfig");
        const all = text.replaceAll(/^ {2}# (?=hopcost:)/gm, "  ");
        const { config } = parse(all) as { config: Record<string, unknown> };
        const values = Object.entries(config).map(([key, value]) => [key, String(value)]);
        assert.ok(values.length > 10);
        assert.equal(readConfig("staging", Object.fromEntries(values)).namespace, "hopcost-staging");
        assert.deepEqual(Object.keys(parse(text).config), [
            "kubernetes:context",
            "kubernetes:kubeconfig",
            "hopcost:profile",
        ]);
    });
});
