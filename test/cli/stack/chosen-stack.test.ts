import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { stateFolder } from "../../../cli/project.ts";
import { chooseStack } from "../../../cli/stack/chosen-stack.ts";
import { configOf } from "../../../cli/stack/stack-config.ts";
import { CommandError, exitCodes } from "../../../cli/terminal/exit.ts";

describe("chooseStack", () => {
    const before = process.env.XDG_DATA_HOME;
    beforeEach(() => {
        process.env.XDG_DATA_HOME = "/data";
    });
    afterEach(() => {
        if (before === undefined) delete process.env.XDG_DATA_HOME;
        else process.env.XDG_DATA_HOME = before;
    });
    const refusal = (message: RegExp) => (error: unknown) =>
        error instanceof CommandError && error.exitCode === exitCodes.configuration && message.test(error.message);

    it("keeps the state of stack dev beside the checkout, and that of others in the user's backend", () => {
        const { name, home, state, options } = chooseStack({ stack: "dev" });
        assert.deepEqual(
            { name, home, state, options },
            { name: "dev", home: stateFolder, state: join(stateFolder, "state"), options: "--stack dev" },
        );
        assert.equal(chooseStack({ stack: "minikube" }).state, undefined);
    });

    it("understands a stack that is named with its organization and project", () => {
        for (const stack of ["acme/minikube", "acme/hopcost/minikube"]) {
            const { name, qualifiedName, source, options } = chooseStack({ stack });
            assert.deepEqual(
                [name, qualifiedName, source, options],
                ["minikube", stack, "Pulumi.minikube.yaml", `--stack ${stack}`],
            );
        }
        for (const stack of ["acme/other/minikube", "a/hopcost/b/c", "acme/"]) {
            assert.throws(() => chooseStack({ stack }), refusal(/ORGANIZATION\/hopcost\/STACK/));
        }
    });

    it("needs no file for a context: the program's defaults, and state in the user's data folder", () => {
        const chosen = chooseStack({ stack: "dev", context: "kind-a" });
        const { name, home, state, options } = chosen;
        assert.deepEqual(
            { name, home, state, options },
            { name: "kind-a", home: "/data/hopcost", state: "/data/hopcost/state", options: "--context kind-a" },
        );
        const { context, kubeconfig, namespace, profile } = configOf(chosen, {});
        assert.deepEqual([context, kubeconfig, namespace, profile], ["kind-a", undefined, "hopcost-kind-a", "quick"]);
    });

    it("takes the kubeconfig from the current folder, and shows it as it was given", () => {
        const chosen = chooseStack({ stack: "dev", context: "default", kubeconfig: "my k3s.yaml" });
        assert.equal(configOf(chosen, {}).kubeconfig, resolve("my k3s.yaml"));
        assert.equal(chosen.options, "--context default --kubeconfig 'my k3s.yaml'");
        const other = chooseStack({ stack: "dev", context: "default", kubeconfig: "other.yaml" });
        assert.notEqual(chosen.name, other.name);
    });

    it("has the images of the sandbox for its context", () => {
        const config = configOf(chooseStack({ stack: "dev", context: "hopcost-sandbox" }), {});
        assert.match(config.image, /^hopcost\.local\//);
        assert.ok(config.kubeconfig?.endsWith("kubeconfig.yaml"));
    });

    it("makes a different, valid stack and namespace of every context", () => {
        const contexts = fc.uniqueArray(
            fc.string({ unit: "grapheme", minLength: 1 }).filter((it) => it.trim() !== ""),
            {
                minLength: 2,
                maxLength: 5,
            },
        );
        fc.assert(
            fc.property(contexts, (all) => {
                const names = all.map((context) => {
                    const chosen = chooseStack({ stack: "dev", context });
                    assert.match(chosen.name, /^[a-zA-Z0-9_.-]{1,100}$/);
                    assert.ok(configOf(chosen, {}).namespace.length <= 63);
                    return chosen.name;
                });
                assert.equal(new Set(names).size, all.length);
            }),
        );
    });

    it("names the options, not a file, for a mistake in them", () => {
        const chosen = chooseStack({ stack: "dev", context: "kind-a" });
        assert.throws(() => configOf(chosen, { "hopcost:profile": "quik" }), refusal(/--context kind-a.*\n.*quik/s));
    });

    it("refuses a kubeconfig without a context, and an empty context", () => {
        assert.throws(() => chooseStack({ stack: "dev", kubeconfig: "a" }), refusal(/--context NAME/));
        assert.throws(() => chooseStack({ stack: "dev", context: " " }), refusal(/get-contexts/));
    });
});
