import assert from "node:assert/strict";
import { credentialsTrouble } from "../../../cli/checks/credentials.ts";
import type { ExecPlugin } from "../../../cli/cluster/exec-plugin.ts";
import { KubectlConfig, type KubectlUser } from "../../../cli/cluster/kube-user.ts";
import { outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/credentials");

describe("credentialsTrouble", () => {
    const troubleOf = async (user: Partial<KubectlUser>, server = "https://127.0.0.1:1") => {
        const config = new KubectlConfig();
        config.loadFromClusterAndUser({ name: "c", server, skipTLSVerify: false }, { name: "me", ...user });
        return await credentialsTrouble(config);
    };
    const plugin = (command: string, ...args: string[]): { plugin: ExecPlugin } => ({
        plugin: {
            ...{ command, args, env: {}, apiVersion: "client.authentication.k8s.io/v1" },
            ...{ interactiveMode: "Never", installHint: undefined, wantsCluster: false },
        },
    });

    it("accepts users with credentials, or without any", async () => {
        const credential = JSON.stringify({ status: { token: "hush" } });
        for (const user of [{ token: "hush" }, { username: "me", password: "hush" }, {}, plugin("echo", credential)]) {
            assert.equal(await troubleOf(user), undefined);
        }
    });

    it("names a plugin that is not installed", async () => {
        asOutcome(
            "credentialsTrouble: names a plugin that is not installed",
            await troubleOf(plugin("no-such-authenticator")),
            "failure",
        );
    });

    it("says how to install a plugin, if its author does", async () => {
        const user = plugin("no-such-authenticator");
        const trouble = await troubleOf({ plugin: { ...user.plugin, installHint: "brew install it" } });
        assert.equal(trouble?.remedy, "brew install it");
    });

    it("names a plugin that asks, where nobody can answer", async () => {
        const asking = plugin("echo", "{}");
        asOutcome(
            "a plugin that needs a terminal",
            await troubleOf({ plugin: { ...asking.plugin, interactiveMode: "Always" } }),
            "failure",
        );
    });

    it("never shows the output of a plugin that is not an ExecCredential", async () => {
        for (const printed of ["hush", "{}"]) {
            asOutcome(`a plugin that prints ${printed}`, await troubleOf(plugin("echo", printed)), "failure");
        }
    });

    it("shows why a plugin failed", async () => {
        for (const script of ["echo 'the session has expired' >&2; exit 255", "exit 1"]) {
            asOutcome(`a plugin that fails: ${script}`, await troubleOf(plugin("sh", "-c", script)), "failure");
        }
    });

    it("never shows a token that can't be sent", async () => {
        asOutcome(
            "credentialsTrouble: never shows a token that can't be sent",
            await troubleOf({ token: "hush\nhush" }),
            "failure",
        );
    });

    it("names a file that is not there, of the user or the cluster", async () => {
        const files = { certFile: "/nowhere/me.crt", keyFile: "/nowhere/me.key" };
        asOutcome(
            "credentialsTrouble: names a file that is not there, of the user or the cluster",
            await troubleOf(files),
            "failure",
        );
    });

    it("never shows credentials in the server's address", async () => {
        asOutcome(
            "credentialsTrouble: never shows credentials in the server's address",
            await troubleOf({}, "https://me:hush@127.0.0.1:1"),
            "failure",
        );
    });
});
