import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stringify } from "yaml";
import { openContext } from "../../../cli/checks/context.ts";

describe("openContext", () => {
    let folder = "";
    let kubeconfig = "";
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-context-"));
        kubeconfig = join(folder, "config.yaml");
    });
    after(() => rmSync(folder, { recursive: true }));

    const open = (text: string, context = "mine") => {
        writeFileSync(kubeconfig, text);
        return openContext({ context, kubeconfig });
    };
    const config = (clusterName: string) =>
        stringify({
            clusters: [{ name: clusterName, cluster: { server: "https://10.0.0.1" } }],
            contexts: ["mine", "other"].map((name) => ({ name, context: { cluster: "c", user: "u" } })),
            users: [{ name: "u", user: {} }],
        });

    it("gives the cluster of a context that is there", () => {
        const { outcome, cluster } = open(config("c"));
        assert.deepEqual(outcome, { state: "ok", detail: `"mine" is in ${kubeconfig}` });
        assert.deepEqual([cluster?.context, cluster?.server], ["mine", "https://10.0.0.1"]);
    });

    it("names the known contexts for an unknown one", () => {
        assert.deepEqual(open(config("c"), "nowhere"), {
            outcome: {
                state: "failure",
                detail: `Context "nowhere" is not in ${kubeconfig}; known contexts: mine, other`,
                remedy: "choose one with --context, or set kubernetes:context in the stack file",
            },
        });
    });

    it("says where a file has no context at all", () => {
        for (const text of ["", "{}", "contexts: []", "contexts: 7"]) {
            assert.deepEqual(open(text), {
                outcome: {
                    state: "failure",
                    detail: `Context "mine" is not in ${kubeconfig}; it has no contexts`,
                    remedy: "choose one with --context, or set kubernetes:context in the stack file",
                },
            });
        }
    });

    it("names the cluster that has no server", () => {
        assert.deepEqual(open(config("another")).outcome, {
            state: "failure",
            detail: `Context "mine" uses cluster "c", but ${kubeconfig} has no server for that cluster`,
            remedy: "correct it, or choose another context: --context, or kubernetes:context in the stack file",
        });
    });

    it("names the user that is not there", () => {
        assert.deepEqual(open(config("c").replaceAll("user: u", "user: other")).outcome, {
            state: "failure",
            detail: `Context "mine" uses user "other", but ${kubeconfig} has no such user`,
            remedy: "correct it, or choose another context: --context, or kubernetes:context in the stack file",
        });
    });

    it("refuses a file that is not a kubeconfig", () => {
        for (const text of ["hello", "[]", "}{"]) {
            const { outcome, cluster } = open(text);
            assert.equal(cluster, undefined);
            assert.equal(outcome.state, "failure");
            assert.ok(outcome.detail.startsWith(`Kubeconfig ${kubeconfig} can't be read (`), outcome.detail);
            assert.equal(
                outcome.remedy,
                "correct it, or name another one: --kubeconfig, or kubernetes:kubeconfig in the stack file",
            );
        }
    });

    it("names the line that is not YAML without showing it", () => {
        const users = "users:\n- name: u\n  user:\n    token: hush\n";
        for (const [text, line] of [
            [`${users}   bad: [`, ", see line 5"],
            ["users:\n- name: u\n  user:\n    token: *hush\n", ""], // an alias, of which YAML's parser shows the name
        ]) {
            assert.deepEqual(open(text ?? "").outcome, {
                state: "failure",
                detail: `Kubeconfig ${kubeconfig} can't be read (${kubeconfig} is not YAML${line})`,
                remedy: "correct it, or name another one: --kubeconfig, or kubernetes:kubeconfig in the stack file",
            });
        }
    });

    it("names what has another type, without showing it", () => {
        for (const [list, text] of [
            ["users", "users:\n- name: u\n  user:\n    exec: {command: x, args: hush}\n"],
            ["users", "users:\n- name: u\n  user: {token: [hush]}\n"],
            ["clusters", "clusters:\n- name: c\n  cluster: {server: {hush: 1}}\n"],
            ["contexts", "contexts:\n- name: x\n  context: {cluster: {toString: false}}\n"],
        ]) {
            assert.deepEqual(open(text ?? "").outcome, {
                state: "failure",
                detail: `Kubeconfig ${kubeconfig} can't be read (${kubeconfig} is not a kubeconfig: ${list}.0 has a value of another type than kubectl expects)`,
                remedy: "correct it, or name another one: --kubeconfig, or kubernetes:kubeconfig in the stack file",
            });
        }
    });

    it("says that a file is not there", () => {
        const kubeconfig = join(folder, "none.yaml");
        assert.deepEqual(openContext({ context: "mine", kubeconfig }), {
            outcome: {
                state: "failure",
                detail: `Kubeconfig ${kubeconfig} can't be read (ENOENT: no such file or directory, open '${kubeconfig}')`,
                remedy: "correct it, or name another one: --kubeconfig, or kubernetes:kubeconfig in the stack file",
            },
        });
    });
});

describe("openContext without a path, by KUBECONFIG or at home", () => {
    const before = { KUBECONFIG: process.env.KUBECONFIG, HOME: process.env.HOME };
    let folder = "";
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-context-"));
    });
    afterEach(() => {
        for (const [name, value] of Object.entries(before)) {
            if (value === undefined) delete process.env[name];
            else process.env[name] = value;
        }
        rmSync(folder, { recursive: true });
    });

    /** Writes a file with a cluster at a server, and a context of that name. */
    const fileOf = (name: string, context: string, server: string) => {
        const path = join(folder, name);
        const clusters = [
            { name: "c", cluster: { server } },
            { name: context, cluster: { server } },
        ];
        const contexts = [
            { name: context, context: { cluster: context, user: "u" } },
            { name: "both", context: { cluster: "c", user: "u" } },
        ];
        writeFileSync(path, stringify({ clusters, contexts, users: [{ name: "u", user: {} }] }));
        return path;
    };
    const serverOf = (context: string) => openContext({ context, kubeconfig: undefined }).cluster?.server;

    it("takes several files as kubectl does: the first that names something counts, one that is not there doesn't", () => {
        const files = [fileOf("a", "one", "https://a"), join(folder, "none"), "", fileOf("b", "two", "https://b")];
        process.env.KUBECONFIG = files.join(delimiter);
        assert.deepEqual(["one", "two", "both"].map(serverOf), ["https://a", "https://b", "https://a"]);
    });

    const remedy =
        "correct it, or name another one: KUBECONFIG, --kubeconfig, or kubernetes:kubeconfig in the stack file";
    const usual = "Kubeconfig (KUBECONFIG or ~/.kube/config) can't be read";

    it("never shows a kubeconfig at home that is not YAML", () => {
        delete process.env.KUBECONFIG;
        process.env.HOME = folder;
        mkdirSync(join(folder, ".kube"));
        writeFileSync(join(folder, ".kube", "config"), "users:\n- name: u\n  user:\n    token: hush\n   bad: [");
        const detail = `${usual} (${join(folder, ".kube", "config")} is not YAML, see line 5)`;
        const outcome = { state: "failure", detail, remedy };
        assert.deepEqual(openContext({ context: "one", kubeconfig: undefined }), { outcome });
    });

    it("names the file that can't be read, and what to set", () => {
        const bad = join(folder, "bad");
        writeFileSync(bad, "}{");
        process.env.KUBECONFIG = [fileOf("a", "one", "https://a"), bad].join(delimiter);
        const outcome = { state: "failure", detail: `${usual} (${bad} is not YAML, see line 1)`, remedy };
        assert.deepEqual(openContext({ context: "one", kubeconfig: undefined }), { outcome });
        process.env.KUBECONFIG = join(folder, "none");
        const detail = `${usual} (ENOENT: no such file or directory, open '${join(folder, "none")}')`;
        assert.deepEqual(openContext({ context: "one", kubeconfig: undefined }), { outcome: { ...outcome, detail } });
    });
});
