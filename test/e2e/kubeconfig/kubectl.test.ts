import assert from "node:assert/strict";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { saysNothing } from "../../../sandbox/say.ts";
import { goBuild } from "../../../sandbox/toolchain/go-build.ts";
import { kubernetesBuild } from "../../../sandbox/toolchain/go-builds.ts";
import { buildMs } from "../../support/build-limit.ts";
import { ensureInstalled } from "../../support/debian.ts";
import { terminalArgs } from "../../support/terminal.ts";
import { minutes } from "../support.ts";
import { hiddenHost, makeCertificates, RecordingServer, type Seen } from "./api-server.ts";

type Fields = Record<string, unknown>;
/** One input for both. */
interface Input {
    /** Fields of the user and of the cluster `c`. */
    user?: Fields;
    cluster?: Fields;
    /** Text of the kubeconfig instead. */
    text?: (text: string) => string;
    context?: string;
    env?: Record<string, string>;
    /** Input at a terminal; undefined if the command runs without one. */
    typed?: string;
}
/** What came of it: exit code 0 or not, what the server saw, and what the user saw. */
interface Told {
    isOk: boolean;
    seen: Seen[];
    output: string;
}

describe("a kubeconfig, given to kubectl and to hopcost", function () {
    this.timeout(minutes(10));
    let kubectl = "";
    let folder = "";
    let server: RecordingServer;
    before(async function () {
        this.timeout(buildMs);
        await ensureInstalled("/usr/bin/openssl", "openssl");
        kubectl = join(await goBuild(kubernetesBuild, saysNothing), "kubectl");
        folder = mkdtempSync(join(tmpdir(), "hopcost-test-"));
        makeCertificates(folder);
        server = new RecordingServer(folder);
        await server.start();
    });
    after(() => {
        server?.stop();
        rmSync(folder, { recursive: true, force: true });
    });

    const dataOf = (file: string) => readFileSync(join(folder, file)).toString("base64");
    const at = () => `https://127.0.0.1:${server.port}`;
    const kubeconfigOf = ({ user = {}, cluster = {}, context = "mine" }: Input) =>
        stringify({
            apiVersion: "v1",
            kind: "Config",
            clusters: [{ name: "c", cluster: { server: at(), "certificate-authority": "ca.crt", ...cluster } }],
            contexts: [{ name: context, context: { cluster: "c", user: "me" } }],
            users: [{ name: "me", user }],
        });
    /** A plugin in the folder. @param script ends with printing an ExecCredential, see {@link printing} */
    const plugin = (name: string, script: string) => {
        writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
        chmodSync(join(folder, name), 0o755);
    };
    const printing = (status: string) =>
        `printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{%s}}' "${status}"`;
    const exec = (fields: Fields) => ({
        exec: { apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "IfAvailable", ...fields },
    });

    const told = async (command: string[], { env = {}, typed }: Input): Promise<Told> => {
        server.seen.length = 0;
        const [program = "", ...args] = typed === undefined ? command : ["script", ...terminalArgs(command)];
        const ended = await execa(program, args, {
            env: { PATH: process.env.PATH ?? "", HOME: folder, ...env },
            extendEnv: false,
            cwd: folder,
            reject: false,
            all: true,
            ...(typed === undefined ? { stdin: "ignore" } : { input: typed }),
        });
        return { isOk: !ended.failed, seen: server.seen.map(readable), output: ended.all };
    };
    /** With what a plugin learned, which it sends as its token, as an object: the order of its keys means nothing. */
    const readable = (seen: Seen): Seen => {
        const info = /^Bearer info\.(.+)$/.exec(seen.authorization ?? "")?.[1];
        if (info === undefined) return seen;
        return { ...seen, authorization: JSON.parse(Buffer.from(info, "base64").toString()) };
    };
    const both = async (input: Input): Promise<{ theirs: Told; ours: Told }> => {
        const { context = "mine", env = {}, text = (it) => it } = input;
        writeFileSync(join(folder, "config"), text(kubeconfigOf(input)));
        const given = { ...input, env: { KUBECONFIG: join(folder, "config"), ...env } };
        const ask = join(import.meta.dirname, "ask-version.ts");
        const theirs = await told([kubectl, "--context", context, "get", "--raw", "/version"], given);
        const compiled = process.env.NODE_COMPILE_CACHE;
        const faster = { ...given, env: { ...given.env, ...(compiled && { NODE_COMPILE_CACHE: compiled }) } };
        return { theirs, ours: await told([process.execPath, ask, context], faster) };
    };
    /** Both reach the server and send the same. @returns what it saw */
    const same = async (input: Input): Promise<Seen> => {
        const { theirs, ours } = await both(input);
        assert.ok(theirs.isOk, `kubectl: ${theirs.output}`);
        assert.ok(ours.isOk, `hopcost: ${ours.output}`);
        assert.deepEqual(ours.seen, theirs.seen);
        assert.equal(ours.seen.length, 1);
        return ours.seen[0] as Seen;
    };
    /** Neither gets an answer. */
    const refused = async (input: Input): Promise<string> => {
        const { theirs, ours } = await both(input);
        assert.deepEqual([theirs.isOk, ours.isOk], [false, false], `${theirs.output}\n${ours.output}`);
        return ours.output;
    };
    const bearer = (token: string) => `Bearer ${token}`;

    describe("users", () => {
        it("with a token, in a file, or both", async () => {
            writeFileSync(join(folder, "token"), "from-file\n");
            assert.equal((await same({ user: { token: "hush" } })).authorization, bearer("hush"));
            assert.equal((await same({ user: { tokenFile: "token" } })).authorization, bearer("from-file"));
            const seen = await same({ user: { token: "hush", tokenFile: join(folder, "token") } });
            assert.equal(seen.authorization, bearer("from-file"));
            await refused({ user: { tokenFile: "none" } });
        });

        it("with a name and a password", async () => {
            const { authorization } = await same({ user: { username: "me", password: "hush" } });
            assert.equal(authorization, `Basic ${Buffer.from("me:hush").toString("base64")}`);
        });

        it("with a certificate, in files or as data", async () => {
            const files = { "client-certificate": "client.crt", "client-key": "client.key" };
            const data = { "client-certificate-data": dataOf("client.crt"), "client-key-data": dataOf("client.key") };
            for (const user of [files, data]) assert.equal((await same({ user })).certificate, "client");
        });

        it("who act as somebody else, in several groups", async () => {
            const user = { token: "hush", as: "jane", "as-uid": "7", "as-groups": ["dev", "ops, night"] };
            const extra = { "as-user-extra": { reason: ["drill"], "acme.com/team": ["a", "b"] } };
            assert.deepEqual((await same({ user: { ...user, ...extra } })).impersonation, {
                "impersonate-user": ["jane"],
                "impersonate-uid": ["7"],
                "impersonate-group": ["dev", "ops, night"],
                "impersonate-extra-reason": ["drill"],
                "impersonate-extra-acme.com%2fteam": ["a", "b"],
            });
        });

        it("that are not listed", async () => {
            await refused({ text: (text) => text.replace("user: me", "user: nobody") });
        });
    });

    describe("plugins", () => {
        const token = printing('\\"token\\":\\"hush\\"');

        it("by name on the PATH, and by a path that starts at the kubeconfig", async () => {
            mkdirSync(join(folder, "bin"), { recursive: true });
            plugin("bin/get-token", token);
            const env = { PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}` };
            assert.equal((await same({ user: exec({ command: "get-token" }), env })).authorization, bearer("hush"));
            const seen = await same({ user: exec({ command: "./bin/get-token" }) });
            assert.equal(seen.authorization, bearer("hush"));
            await refused({ user: exec({ command: "get-token" }) });
        });

        it("with arguments and variables, informed of the call and, if they ask for it, the cluster", async () => {
            plugin(
                "info",
                `info=$(printf '%s' "$KUBERNETES_EXEC_INFO" | base64 -w 0)\n[ "$1$2" = "a b$word" ] || exit 1\n${printing('\\"token\\":\\"info.$info\\"')}`,
            );
            const call = { command: "./info", args: ["a b", "c"], env: [{ name: "word", value: "c" }] };
            const extensions = [{ name: "client.authentication.k8s.io/exec", extension: { audience: "prod" } }];
            for (const provideClusterInfo of [false, true]) {
                const seen = await same({ user: exec({ ...call, provideClusterInfo }), cluster: { extensions } });
                const { spec } = seen.authorization as unknown as { spec: { interactive: boolean; cluster?: Fields } };
                assert.equal(spec.interactive, false);
                assert.deepEqual(spec.cluster?.config, provideClusterInfo ? { audience: "prod" } : undefined);
            }
        });

        it("that give a certificate", async () => {
            plugin(
                "get-certificate",
                `pem() { awk '{printf "%s\\\\n", $0}' "$1"; }\n${printing('\\"clientCertificateData\\":\\"$(pem client.crt)\\",\\"clientKeyData\\":\\"$(pem client.key)\\"')}`,
            );
            assert.equal((await same({ user: exec({ command: "./get-certificate" }) })).certificate, "client");
        });

        it("that a token makes unnecessary", async () => {
            const user = { token: "first", ...exec({ command: "./not-there" }) };
            assert.equal((await same({ user })).authorization, bearer("first"));
        });

        it("whose prompt the user sees", async () => {
            plugin("device", `echo 'open https://login and enter ABCD' >&2\n${token}`);
            const { theirs, ours } = await both({ user: exec({ command: "./device" }) });
            for (const { isOk, output } of [theirs, ours]) {
                assert.ok(isOk, output);
                assert.match(output, /enter ABCD/);
            }
        });

        it("that read what the user types, if there is a terminal", async () => {
            plugin("ask", `printf 'Code: ' >&2\nread code\n${printing('\\"token\\":\\"$code\\"')}`);
            for (const interactiveMode of ["IfAvailable", "Always"]) {
                const user = exec({ command: "./ask", interactiveMode });
                assert.equal((await same({ user, typed: "abc\n" })).authorization, bearer("abc"));
            }
            assert.match(await refused({ user: exec({ command: "./ask", interactiveMode: "Always" }) }), /a terminal/);
        });
    });

    describe("clusters", () => {
        const user = { token: "hush" };

        it("with a certificate authority in a file or as data", async () => {
            const data = { "certificate-authority-data": dataOf("ca.crt") };
            await same({ user });
            await same({ user, cluster: { "certificate-authority": undefined, ...data } });
            await refused({ user, cluster: { "certificate-authority": "other-ca.crt" } });
        });

        it("whose certificate authority only the system knows", async () => {
            copyFileSync(join(folder, "ca.crt"), join(folder, "system.crt"));
            const cluster = { "certificate-authority": undefined };
            await same({ user, cluster, env: { SSL_CERT_FILE: join(folder, "system.crt") } });
            await refused({ user, cluster });
        });

        it("whose certificate is not checked, or under another name", async () => {
            await same({ user, cluster: { "certificate-authority": undefined, "insecure-skip-tls-verify": true } });
            const name = "other.hopcost.test";
            assert.equal((await same({ user, cluster: { "tls-server-name": name } })).serverName, name);
            await refused({ user, cluster: { "tls-server-name": "unknown.hopcost.test" } });
        });

        it("below a path, with a slash at the end, or in capitals", async () => {
            const below = { server: `${at()}/k8s/clusters/c-1/` };
            assert.equal((await same({ user, cluster: below })).path, "/k8s/clusters/c-1/version");
            await same({ user, cluster: { server: `HTTPS://127.0.0.1:${server.port}/` } });
        });

        it("without TLS, as kubectl proxy gives them, and without a scheme", async () => {
            for (const scheme of ["http://", ""]) {
                const cluster = {
                    server: `${scheme}127.0.0.1:${server.plainPort}`,
                    "certificate-authority": undefined,
                };
                const { scheme: used, authorization } = await same({ user, cluster });
                assert.deepEqual([used, authorization], ["http", undefined]);
            }
            await refused({ user, cluster: { server: `127.0.0.1:${server.port}` } });
        });

        it("behind a proxy: of the environment, in capitals or not, or of the kubeconfig", async () => {
            const proxy = `http://127.0.0.1:${server.proxyPort}`;
            const cluster = { server: `https://${hiddenHost}:${server.port}` };
            for (const env of [{ HTTPS_PROXY: proxy }, { https_proxy: proxy }]) {
                assert.equal((await same({ user, cluster, env })).viaProxy, true);
            }
            assert.equal((await same({ user, cluster: { ...cluster, "proxy-url": proxy } })).viaProxy, true);
            // Neither is this machine nor what NO_PROXY names, which nobody else resolves.
            assert.equal((await same({ user, env: { HTTPS_PROXY: proxy } })).viaProxy, false);
            await refused({ user, cluster, env: { HTTPS_PROXY: proxy, NO_PROXY: ".hopcost.test" } });
        });
    });

    describe("files", () => {
        const user = { token: "hush" };

        it("in a list: the first that defines a name wins, missing and empty ones are ignored", async () => {
            writeFileSync(join(folder, "empty"), "");
            const first = stringify({ users: [{ name: "me", user: { token: "first" } }] });
            writeFileSync(join(folder, "first"), first);
            const files = ["empty", "missing", "first", "config"];
            const env = { KUBECONFIG: ["", ...files.map((file) => join(folder, file))].join(delimiter) };
            assert.equal((await same({ user, env })).authorization, bearer("first"));
        });

        it("in a list with a folder", async () => {
            await refused({ user, env: { KUBECONFIG: [folder, join(folder, "config")].join(delimiter) } });
        });

        it("named relatively, or at home", async () => {
            await same({ user, env: { KUBECONFIG: "config" } });
            mkdirSync(join(folder, ".kube"), { recursive: true });
            writeFileSync(
                join(folder, ".kube", "config"),
                kubeconfigOf({ user, cluster: { "certificate-authority": "../ca.crt" } }),
            );
            await same({ user, env: { KUBECONFIG: "" } });
        });

        it("with a byte order mark, Windows lines, as JSON, or with a key twice", async () => {
            const forms: ((text: string) => string)[] = [
                (text) => `\uFEFF${text}`,
                (text) => text.replaceAll("\n", "\r\n"),
                (text) => JSON.stringify(parse(text)),
                (text) => text.replace("token: hush", "token: once\n      token: hush"),
            ];
            for (const text of forms) assert.equal((await same({ user, text })).authorization, bearer("hush"));
        });

        it("with contexts of any name", async () => {
            for (const context of ["arn:aws:eks:eu-west-1:1:cluster/prod", "my cluster", "ü@home"]) {
                await same({ user, context });
            }
            await refused({ user, text: (text) => text.replace("name: mine", "name: yours") });
        });

        it("that are garbage", async () => {
            for (const text of ["}{", "- a\n- b\n", "hello"]) await refused({ user, text: () => text });
        });
    });
});
