import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stringify } from "yaml";
import type { Check } from "../../../cli/checks/check.ts";
import { quoted, shellWord } from "../../../cli/terminal/shell-word.ts";
import { checkoutWith, removeCheckout, setConfig } from "../../support/checkout.ts";
import { hopcost, start } from "../../support/command.ts";

/** The checks that need the cluster. */
const ofCluster = [
    ...["server", "permissions", "namespace", "quota", "limit-range", "storage-class", "nodes", "image", "probe"],
    ...["metrics-api", "leftovers"],
];

describe("hopcost doctor without a cluster", function () {
    this.timeout(30_000);
    let folder = "";
    beforeEach(() => {
        folder = checkoutWith({ "kubernetes:context": "nowhere" });
    });
    afterEach(() => removeCheckout(folder));

    const doctor = async (...args: string[]) => {
        const { code, stdout, stderr } = await hopcost(folder, "doctor", "--json", ...args).ended;
        const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
        const of = (state: Check["state"]) => checks.filter((it) => it.state === state).map(({ id }) => id);
        return { code, ok, failed: of("failure"), skipped: of("skipped"), checks, stderr };
    };
    const detailOf = (checks: readonly Check[], id: string) => checks.find((it) => it.id === id)?.detail;

    it("names every mistake of the configuration, looks at the tools all the same, and exits 2", async () => {
        setConfig(folder, { "hopcost:rounds": 0, "hopcost:profil": "quick" });
        const { code, ok, failed, skipped, checks } = await doctor();
        assert.deepEqual(
            { code, ok, failed, skipped },
            { code: 2, ok: false, failed: ["configuration"], skipped: ["state", "context", ...ofCluster] },
        );
        assert.match(
            detailOf(checks, "configuration") ?? "",
            /^The configuration of stack "dev" \(Pulumi\.dev\.yaml\) has 2 mistakes; nothing was deployed:\n {2}hopcost:profil "quick": .*\n {2}hopcost:rounds "0"/,
        );
        assert.equal(checks[0]?.id, "node");
    });

    it("names the existing stacks for an unknown one, and exits 2", async () => {
        const { code, failed, checks } = await doctor("--stack", "nowhere");
        assert.deepEqual({ code, failed }, { code: 2, failed: ["configuration"] });
        assert.equal(
            detailOf(checks, "configuration"),
            `There is no stack file ${join(folder, "Pulumi.nowhere.yaml")}; stacks here: dev, eks, k3d, minikube. Choose one with --stack, or copy one`,
        );
    });

    it("refuses a file that is not a kubeconfig, with exit 3", async () => {
        const kubeconfig = join(folder, "garbage.yaml");
        writeFileSync(kubeconfig, "}{\u0000");
        setConfig(folder, { "kubernetes:kubeconfig": kubeconfig });
        const { code, failed, skipped, checks } = await doctor();
        assert.deepEqual({ code, failed, skipped }, { code: 3, failed: ["context"], skipped: ofCluster });
        assert.ok(detailOf(checks, "context")?.startsWith(`Kubeconfig ${kubeconfig} can't be read (`));
    });

    it("looks at no cluster where manifests are only rendered, and commands that need one refuse the stack", async () => {
        const none = { "kubernetes:context": undefined, "kubernetes:kubeconfig": undefined };
        setConfig(folder, { ...none, "kubernetes:renderYamlToDirectory": "manifests" });
        const { code, ok, failed, skipped } = await doctor();
        assert.deepEqual(
            { code, ok, failed, skipped },
            { code: 0, ok: true, failed: [], skipped: ["context", ...ofCluster] },
        );
        for (const command of ["run", "metrics"]) {
            const { code, stderr } = await hopcost(folder, command).ended;
            assert.equal(code, 2, stderr);
            assert.match(stderr, /renderYamlToDirectory in Pulumi\.dev\.yaml.* pulumi up --stack dev/);
        }
    });

    it("says how to free a stack whose run is dead", async () => {
        const locks = join(folder, ".hopcost", "state", ".pulumi", "locks", "organization", "hopcost", "dev");
        mkdirSync(locks, { recursive: true });
        const lock = { pid: 2 ** 22 + 1, username: "root", hostname: hostname(), timestamp: "2026-11-24T11:00:00Z" };
        writeFileSync(join(locks, "1.json"), JSON.stringify(lock));
        const { code, failed, checks } = await doctor();
        assert.deepEqual({ code, failed }, { code: 3, failed: ["state", "context"] });
        const state = checks.find(({ id }) => id === "state");
        assert.equal(
            state?.detail,
            `Stack "dev" is locked by a run whose process is gone (created by root@${hostname()} (pid ${lock.pid}) at ${lock.timestamp})`,
        );
        const [, command] = state?.remedy?.split("\n  ") ?? [];
        const backend = pathToFileURL(join(folder, ".hopcost", "state")).href;
        assert.ok(
            command?.startsWith(
                `cd ${shellWord(folder)} && PULUMI_BACKEND_URL=${quoted(backend)} PULUMI_CONFIG_PASSPHRASE='' `,
            ),
            command,
        );
        assert.ok(command?.endsWith("pulumi cancel --yes --stack dev"), command);
    });
});

describe("hopcost doctor and a server that fails", function () {
    this.timeout(30_000);
    /** Answers only the version; everything else gets HTTP 500, or no answer. */
    const servers = { ill: createServer(answerOf(true)), silent: createServer(answerOf(false)) };
    let folder = "";
    before(async () => {
        folder = checkoutWith({});
        const clusters = [];
        for (const [name, server] of Object.entries(servers)) {
            await once(server.listen(0, "127.0.0.1"), "listening");
            clusters.push({ name, cluster: { server: urlOf(server), "insecure-skip-tls-verify": true } });
        }
        const contexts = Object.keys(servers).map((name) => ({ name, context: { cluster: name, user: "u" } }));
        const kubeconfig = { clusters, contexts, users: [{ name: "u", user: {} }] };
        writeFileSync(join(folder, "kubeconfig.yaml"), stringify(kubeconfig));
        for (const name of Object.keys(servers)) {
            const config = { "kubernetes:context": name, "kubernetes:kubeconfig": "kubeconfig.yaml" };
            writeFileSync(join(folder, `Pulumi.${name}.yaml`), stringify({ config }));
        }
    });
    after(() => {
        for (const server of Object.values(servers)) server.close().closeAllConnections();
        removeCheckout(folder);
    });

    function answerOf(isIll: boolean): RequestListener {
        return (request, response) => {
            if (request.url?.startsWith("/version")) {
                response.setHeader("content-type", "application/json");
                response.end(JSON.stringify({ major: "1", minor: "33", gitVersion: "v1.33.1" }));
            } else if (isIll) {
                response.writeHead(500).end();
            }
        };
    }
    const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    /** Details and remedies by check and state. */
    const toldBy = async (stack: string, env: Record<string, string>) => {
        const command = [join(folder, "cli", "hopcost.mjs"), "doctor", "--json", "--stack", stack];
        const { code, stdout } = await start(process.execPath, command, folder, env).ended;
        const { checks } = JSON.parse(stdout) as { checks: Check[] };
        return { code, told: Object.fromEntries(checks.map(({ id, ...rest }) => [id, rest])) };
    };
    const emptyBackend = () => {
        const backend = join(folder, "backend");
        mkdirSync(backend, { recursive: true });
        return { PULUMI_BACKEND_URL: pathToFileURL(backend).href, PULUMI_CONFIG_PASSPHRASE: "" };
    };
    const remedy = "check that the API server answers, then start again";

    it("names what could not be determined, and fails only for what a run needs", async () => {
        const { code, told } = await toldBy("ill", emptyBackend());
        assert.equal(code, 3);
        for (const [id, title] of [
            ["permissions", "Permissions"],
            ["namespace", "Namespace"],
            ["nodes", "Nodes"],
        ]) {
            const detail = `${title} of context "ill" can't be determined (HTTP 500)`;
            assert.deepEqual(told[id ?? ""], { title, state: "failure", detail, remedy });
        }
        for (const [id, title, what] of [
            ["image", "Images", "The images"],
            ["leftovers", "Leftovers", "What other runs left"],
        ]) {
            const detail = `${what} can't be determined (HTTP 500)`;
            assert.deepEqual(told[id ?? ""], { title, state: "warning", detail, remedy });
        }
    });

    it("lets no backend that is silent take the cluster's time, and says what to do about it", async () => {
        const env = { PULUMI_BACKEND_URL: urlOf(servers.silent), PULUMI_ACCESS_TOKEN: "pul-0" };
        const { told } = await toldBy("ill", env);
        assert.equal(told.server?.state, "ok");
        assert.deepEqual(told.state, {
            title: "State of the stack",
            state: "failure",
            detail: 'The state of stack "ill" can\'t be determined (no answer in time)',
            remedy: "check that the backend of your stacks answers (pulumi whoami), then start again",
        });
    });
});
