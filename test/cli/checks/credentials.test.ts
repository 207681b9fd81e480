import assert from "node:assert/strict";
import { KubeConfig, type User } from "@kubernetes/client-node";
import { credentialsTrouble } from "../../../cli/checks/credentials.ts";

describe("credentialsTrouble", () => {
    const troubleOf = async (user: Omit<User, "name">, server = "https://127.0.0.1:1") => {
        const config = new KubeConfig();
        config.loadFromClusterAndUser({ name: "c", server, skipTLSVerify: false }, { name: "me", ...user });
        return await credentialsTrouble(config);
    };
    const plugin = (command: string, ...args: string[]) => ({ exec: { command, args } });
    const remedy = "log in again, or correct the user of the context";
    const who = 'Context "loaded-context": its user "me" has no credentials';

    it("finds none where there are credentials, or none are wanted", async () => {
        const credential = JSON.stringify({ status: { token: "hush" } });
        for (const user of [{ token: "hush" }, { username: "me", password: "hush" }, {}, plugin("echo", credential)]) {
            assert.equal(await troubleOf(user), undefined);
        }
    });

    it("leaves what is wrong with the server to the request", async () => {
        assert.equal(await troubleOf({ token: "hush" }, "http://127.0.0.1:1"), undefined);
    });

    it("names a plugin that is not installed", async () => {
        assert.deepEqual(await troubleOf(plugin("no-such-authenticator")), {
            state: "failure",
            detail: `${who} (its plugin no-such-authenticator is not on the PATH)`,
            remedy: "install it, or put it on the PATH",
        });
    });

    it("shows nothing of what a plugin prints that is no credential", async () => {
        for (const printed of ["hush", "{}"]) {
            assert.deepEqual(await troubleOf(plugin("echo", printed)), {
                state: "failure",
                detail: `${who} (what its plugin echo printed is no ExecCredential)`,
                remedy,
            });
        }
    });

    it("tells why a plugin failed, as far as it does", async () => {
        for (const [script, reason] of [
            ["echo 'the session has expired' >&2; exit 255", "the session has expired"],
            ["exit 1", "its plugin sh failed without a word"],
        ] as const) {
            const detail = `${who} (${reason})`;
            assert.deepEqual(await troubleOf(plugin("sh", "-c", script)), { state: "failure", detail, remedy });
        }
    });

    it("shows nothing of a token that can't be sent", async () => {
        assert.deepEqual(await troubleOf({ token: "hush\nhush" }), {
            state: "failure",
            detail: `${who} that can be sent (they hold a line break, or what else no header may have)`,
            remedy,
        });
    });

    it("names a file that is not there, of the user or the cluster", async () => {
        const detail = `Context "loaded-context": a file that it names can't be read (ENOENT: no such file or directory, open '/nowhere/me.crt')`;
        const files = { certFile: "/nowhere/me.crt", keyFile: "/nowhere/me.key" };
        assert.deepEqual(await troubleOf(files), {
            state: "failure",
            detail,
            remedy: "correct its user or its cluster",
        });
    });

    it("shows nothing of credentials in the address of the server", async () => {
        assert.deepEqual(await troubleOf({}, "https://me:hush@127.0.0.1:1"), {
            state: "failure",
            detail: 'Context "loaded-context": the address of its server holds credentials',
            remedy: "move them to the user of the context",
        });
    });
});
