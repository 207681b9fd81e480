import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Check } from "../../cli/checks/check.ts";
import { probePermissions } from "../../cli/checks/permissions.ts";
import { type Permission, permissionsFor, permissionsGiven } from "../../components/permissions.ts";
import { readConfig } from "../../config/config.ts";
import { sandboxKubeconfig, sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { hopcost, start } from "../support/command.ts";
import { type Diagnosis, doctorOf, idsOf, onlyFailureOf, probing } from "./diagnosis.ts";
import { limitedUser, removeLimitedUser } from "./limited-user.ts";
import { makeNamespace, minutes, namespace, namespaces, removeNamespace, sandboxClients } from "./support.ts";

const context = "hopcost-sandbox";
/** Permissions that only doctor uses. */
const looks: readonly Permission[] = [
    ...["nodes", "pods", "resourcequotas", "limitranges"].map((resource) => ({ group: "", resource })),
    { group: "storage.k8s.io", resource: "storageclasses" },
].map((it) => ({ verb: "list", clusterWide: true, ...it }));

describe("hopcost doctor on the sandbox", function () {
    this.timeout(minutes(2));
    let folder = "";
    let there: string[] = [];

    before(async () => void (await sandboxUp(() => {})));
    beforeEach(async () => {
        folder = checkoutWith();
        there = await namespaces();
    });
    afterEach(async () => {
        removeCheckout(folder);
        assert.deepEqual(await namespaces(), there);
    });

    const doctor = (tries?: number): Promise<Diagnosis> => doctorOf(folder, tries);
    const detailOf = (checks: readonly Check[], id: string) => checks.find((it) => it.id === id)?.detail;
    const onlyFailure = () => onlyFailureOf(folder);

    it("reports no problem of a healthy sandbox", async () => {
        const { code, ok, checks, stderr } = await doctor();
        const ill = checks.filter(({ state }) => state !== "ok");
        assert.deepEqual({ code, ok, ill }, { code: 0, ok: true, ill: [] });
        assert.match(stderr, /^> Tools\n {2}done in \d+s\n> Context hopcost-sandbox\n/);
        assert.match(
            detailOf(checks, "probe") ?? "",
            /\bhopcost-node-\d \(Node v24\.21\.0\).* shared volume \(Memory\)/,
        );
    });

    it("names a missing context, and a server that doesn't answer", async () => {
        setConfig(folder, { "kubernetes:context": "nowhere" });
        const absent = await onlyFailure();
        assert.equal(
            `${absent?.id}: ${absent?.detail}`,
            `context: Context "nowhere" is not in ${sandboxKubeconfig}; known contexts: ${context}`,
        );

        const kubeconfig = join(folder, "dead.yaml");
        const cluster = { name: "dead", cluster: { server: "https://127.0.0.1:65534" } };
        const dead = { name: "dead", context: { cluster: "dead", user: "nobody" } };
        const user = { name: "nobody", user: {} };
        writeFileSync(kubeconfig, stringify({ clusters: [cluster], contexts: [dead], users: [user] }));
        setConfig(folder, { "kubernetes:context": "dead", "kubernetes:kubeconfig": kubeconfig });
        const { code, checks } = await doctor();
        assert.deepEqual([code, idsOf(checks, "failure")], [3, ["server"]]);
        assert.equal(
            detailOf(checks, "server"),
            'Context "dead": https://127.0.0.1:65534 can\'t be used (fetch failed: connect ECONNREFUSED 127.0.0.1:65534)',
        );
        assert.deepEqual(
            checks
                .filter(({ state }) => state === "skipped")
                .map(({ id, detail }) => [id, detail.endsWith('"API server"')]),
            [
                ...["permissions", "namespace", "quota", "limit-range", "storage-class", "nodes", "image", "probe"],
                ...["metrics-api", "leftovers"],
            ].map((id) => [id, true]),
        );
    });

    it("gives up on a server that accepts connections but never answers", async () => {
        const server = createServer(() => {}).listen(0, "127.0.0.1");
        await once(server, "listening");
        const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const kubeconfig = join(folder, "silent.yaml");
        const cluster = { name: "silent", cluster: { server: url } };
        const context = { name: "silent", context: { cluster: "silent", user: "nobody" } };
        const user = { name: "nobody", user: {} };
        writeFileSync(kubeconfig, stringify({ clusters: [cluster], contexts: [context], users: [user] }));
        setConfig(folder, { "kubernetes:context": "silent", "kubernetes:kubeconfig": kubeconfig });
        const { code, checks } = await doctor(1);
        server.close();
        assert.deepEqual([code, idsOf(checks, "failure")], [3, ["server"]]);
        assert.match(
            detailOf(checks, "server") ?? "",
            new RegExp(`^Context "silent": ${url} can't be used \\(no answer in \\d s\\)$`),
        );
    });

    it("reports that this user can't run the sandbox, and exits 3", async () => {
        chmodSync(folder, 0o755);
        const asNobody = ["--reuid=65534", "--regid=65534", "--clear-groups", process.execPath];
        const args = [...asNobody, join(folder, "cli", "hopcost.mjs"), "doctor", "--json"];
        const { code, stdout, stderr } = await start("setpriv", args, folder, { HOME: folder }).ended;
        assert.equal(code, 3, stderr);
        const { checks } = JSON.parse(stdout) as { checks: Check[] };
        assert.equal(
            detailOf(checks, "sandbox"),
            "the sandbox needs root for its network and mounts, but this is user id 65534; run the command with sudo, or use another cluster",
        );
        assert.match(detailOf(checks, "context") ?? "", /"Sandbox"/);
    });

    it("distinguishes refused credentials from missing ones", async () => {
        const kubeconfig = join(folder, "stranger.yaml");
        const sandbox = parse(readFileSync(sandboxKubeconfig, "utf8"));
        setConfig(folder, { "kubernetes:kubeconfig": kubeconfig });
        const as = async (user: { token?: string }) => {
            const users = [{ name: sandbox.users[0].name, user }];
            writeFileSync(kubeconfig, stringify({ ...sandbox, users }));
            const { code, checks } = await doctor();
            const failures = checks.filter(({ state }) => state === "failure");
            assert.equal(code, 3);
            assert.equal(failures.length, 1);
            return `${failures[0]?.id}: ${failures[0]?.detail}`;
        };
        const server = sandbox.clusters[0].cluster.server;
        const expired = await as({ token: "expired" });
        assert.ok(
            expired.startsWith(`server: Context "${context}": ${server} refuses your credentials (HTTP 401)`),
            expired,
        );
        const none = await as({});
        assert.ok(none.startsWith(`permissions: Context "${context}" sends no credentials`), none);
        assert.match(none, /\(HTTP 403\)$/);
    });

    it("reports what a quota leaves, if the stack's namespace exists, and a missing StorageClass", async () => {
        const { core } = sandboxClients();
        await makeNamespace();
        try {
            const body = { metadata: { name: "small" }, spec: { hard: { "requests.cpu": "500m", pods: "10" } } };
            await core.createNamespacedResourceQuota({ namespace, body });
            there = await namespaces();
            setConfig(folder, { "hopcost:storageClass": "fast" });
            const { checks } = await doctor();
            assert.deepEqual(
                checks.filter(({ state }) => state === "failure").map(({ id, detail }) => `${id}: ${detail}`),
                [
                    `quota: The quotas of namespace "${namespace}" of context "${context}" don't leave enough: quota small limits requests.cpu to 500m, others use 0, the stack needs 1.15`,
                    `storage-class: Context "${context}" has no StorageClass "fast" (it has local)`,
                ],
            );
        } finally {
            await removeNamespace();
            there = await namespaces();
        }
    });

    describe("by a user with few rights", () => {
        const values = {
            "hopcost:storageClass": "local",
            "hopcost:arms": "network/cluster-ip, volume/pvc",
            "hopcost:clusterMetrics": "true",
            "hopcost:sizes": "64 B",
            "hopcost:rounds": "1",
            "hopcost:maxRounds": "1",
            "hopcost:warmupSeconds": "0",
            "hopcost:cellSeconds": "0.1",
        };
        const config = readConfig("dev", { ...values, "kubernetes:context": context });
        const enough = [...permissionsFor(config), ...permissionsGiven(config)];
        const portForward = ["get", "create"].map((verb) => {
            return { verb, group: "", resource: "pods/portforward", clusterWide: false };
        });
        afterEach(removeLimitedUser);

        it("names the missing permission, with the rule to add", async () => {
            const all = [...enough, ...looks, ...probePermissions({ imagePullSecret: undefined }), ...portForward];
            const most = all.filter(({ verb, resource }) => !(verb === "create" && resource === "deployments"));
            setConfig(folder, { ...values, "kubernetes:kubeconfig": await limitedUser(folder, most) });
            const failure = await onlyFailure();
            const { detail = "", remedy = "", ...rest } = failure ?? {};
            assert.deepEqual(rest, { id: "permissions", title: "Permissions", state: "failure" });
            assert.ok(detail.endsWith(` create deployments.apps in namespace ${namespace}`), detail);
            const rule = '  - { apiGroups: ["apps"], resources: ["deployments"], verbs: ["create"] }';
            assert.ok(remedy.endsWith(` in namespace ${namespace}, or a ClusterRole:\n${rule}`), remedy);
        });
    });

    it("leaves nothing when it is interrupted in the middle of the probe, and exits 8", async () => {
        const running = hopcost(folder, "doctor");
        await probing();
        process.kill(running.pid, "SIGINT");
        const { code, stdout, stderr } = await running.ended;
        assert.deepEqual([code, stdout], [8, ""], stderr);
        assert.match(stderr, /\nhopcost: cancelled\n$/);
    });

    it("works twice at once", async () => {
        const both = await Promise.all([doctor(), doctor()]);
        for (const { code, checks } of both) {
            const ill = checks.filter(({ state }) => state !== "ok");
            assert.deepEqual({ code, ill }, { code: 0, ill: [] });
        }
    });
});
