import assert from "node:assert/strict";
import { delimiter, resolve } from "node:path";
import { projectRoot } from "../../../cli/project.ts";
import type { ChosenStack } from "../../../cli/stack/chosen-stack.ts";
import { backendOf, openStack, pulumiText, usualKubeconfig } from "../../../cli/stack/stack.ts";
import { type CommandError, exitCodes } from "../../../cli/terminal/exit.ts";
import { shellWord } from "../../../cli/terminal/shell-word.ts";
import type { PulumiTools } from "../../../sandbox/toolchain/pulumi-tools.ts";

describe("pulumiText", () => {
    it("can be copied, whatever the folders and the stack are called", () => {
        const env = { PULUMI_BACKEND_URL: "file:///my state", PULUMI_CONFIG_PASSPHRASE: "", PATH: "/bin" };
        assert.equal(
            pulumiText({ name: "it's", folder: projectRoot }, "/my tools/bin/pulumi", env, "cancel --yes"),
            `cd ${shellWord(projectRoot)} && PULUMI_BACKEND_URL='file:///my state' PULUMI_CONFIG_PASSPHRASE='' '/my tools/bin/pulumi' cancel --yes --stack 'it'\\''s'`,
        );
    });
});

describe("openStack", () => {
    it("names the state's folder if it can't be made, with the variable that chooses another", async () => {
        const chosen = { home: "/proc/nowhere/hopcost", state: "/proc/nowhere/hopcost/state", name: "any" };
        const opening = openStack(chosen as ChosenStack, {}, {} as PulumiTools, () => {});
        await assert.rejects(opening, (error: CommandError) => {
            assert.match(error.message, /^\/proc\/nowhere\/hopcost .*XDG_DATA_HOME/);
            return error.exitCode === exitCodes.preflight;
        });
    });
});

describe("backendOf", () => {
    it("is an address that Pulumi reads as the folder, whatever it is called", () => {
        assert.equal(backendOf({ state: "/tmp/a%2Fb # c?" }).PULUMI_BACKEND_URL, "file:///tmp/a%252Fb%20%23%20c%3F");
        assert.deepEqual(backendOf({ state: undefined }), {});
    });
});

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
