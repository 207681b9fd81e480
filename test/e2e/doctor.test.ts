import assert from "node:assert/strict";
import { once } from "node:events";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import type { V1Node, V1NodeSystemInfo } from "@kubernetes/client-node";
import { parse, stringify } from "yaml";
import type { Check } from "../../cli/checks/check.ts";
import { probePermissions } from "../../cli/checks/permissions.ts";
import { shellWord } from "../../cli/terminal/shell-word.ts";
import { type Permission, permissionsFor, permissionsGiven } from "../../components/permissions.ts";
import { readConfig } from "../../config/config.ts";
import { sandboxDown, sandboxKubeconfig, sandboxStatus, sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { hopcost, start } from "../support/command.ts";
import { limitedUser, removeLimitedUser } from "./limited-user.ts";
import {
    type Diagnosis,
    doctorOf,
    eventually,
    makeNamespace,
    minutes,
    namespace,
    namespaces,
    removeNamespace,
    sandboxClients,
} from "./support.ts";

const nodeName = "hopcost-node-1";
const context = "hopcost-sandbox";
const kubectl = `kubectl --kubeconfig ${sandboxKubeconfig} --context ${context}`;
/** Permissions that only doctor uses. */
const looks: readonly Permission[] = [
    ...["nodes", "pods", "resourcequotas", "limitranges"].map((resource) => ({ group: "", resource })),
    { group: "storage.k8s.io", resource: "storageclasses" },
].map((it) => ({ verb: "list", clusterWide: true, ...it }));

describe("hopcost doctor on the sandbox", function () {
    this.timeout(minutes(2));
    let folder = "";
    let there: string[] = [];

    before(async () => {
        await sandboxUp(() => {});
        // Another test can have left two nodes, but these tests need one.
        if ((await sandboxStatus()).nodes.length > 1) await sandboxDown(() => {});
        await sandboxUp(() => {});
    });
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
    const ids = (checks: readonly Check[], state: Check["state"]) =>
        checks.filter((it) => it.state === state).map(({ id }) => id);
    /** The only failing check; asserts that no other fails or warns. */
    const onlyFailure = async (): Promise<Check | undefined> => {
        const { code, ok, checks } = await doctor();
        assert.deepEqual([code, ok, ids(checks, "warning")], [3, false, []], JSON.stringify(checks));
        const failures = checks.filter(({ state }) => state === "failure");
        assert.equal(failures.length, 1, JSON.stringify(failures));
        return failures[0];
    };
    const probing = () =>
        eventually("the namespace of a probe", 15, async () =>
            (await namespaces()).find((name) => name.startsWith("hopcost-doctor-")),
        );

    it("reports no problem of a healthy sandbox, within 15 s", async () => {
        const { code, ok, checks, seconds, stderr } = await doctor();
        const ill = checks.filter(({ state }) => state !== "ok");
        assert.deepEqual({ code, ok, ill }, { code: 0, ok: true, ill: [] });
        assert.ok(seconds < 15, `${seconds} s`);
        assert.match(stderr, /^> Tools\n {2}done in \d+s\n> Context hopcost-sandbox\n/);
        assert.match(
            detailOf(checks, "probe") ?? "",
            new RegExp(`\\b${nodeName} \\(Node v24\\.21\\.0\\).* shared volume \\(Memory\\)`),
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
        assert.deepEqual([code, ids(checks, "failure")], [3, ["server"]]);
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

    it("gives up on a server that accepts connections but never answers, within 15 s", async () => {
        const server = createServer(() => {}).listen(0, "127.0.0.1");
        await once(server, "listening");
        const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
        const kubeconfig = join(folder, "silent.yaml");
        const cluster = { name: "silent", cluster: { server: url } };
        const context = { name: "silent", context: { cluster: "silent", user: "nobody" } };
        const user = { name: "nobody", user: {} };
        writeFileSync(kubeconfig, stringify({ clusters: [cluster], contexts: [context], users: [user] }));
        setConfig(folder, { "kubernetes:context": "silent", "kubernetes:kubeconfig": kubeconfig });
        const { code, checks, seconds } = await doctor(1);
        server.close();
        assert.ok(seconds < 15, `${seconds} s`);
        assert.deepEqual([code, ids(checks, "failure")], [3, ["server"]]);
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
            "the sandbox needs root for its network and mounts, but this is user id 65534; run the command with sudo, or use minikube or k3d with --stack minikube or --stack k3d",
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

    describe("of one node", () => {
        const patchNode = async (spec: V1Node["spec"] | Record<string, null>) => {
            const body = [{ op: "add", path: "/spec", value: { ...original, ...spec } }];
            await sandboxClients().core.patchNode({ name: nodeName, body });
        };
        let original: V1Node["spec"];
        before(async () => {
            original = (await sandboxClients().core.readNode({ name: nodeName })).spec;
        });
        /** The same cluster under a context that isn't known as the sandbox, which would be repaired, not checked. */
        const underAnotherName = () => {
            const kubeconfig = join(folder, "mine.yaml");
            writeFileSync(kubeconfig, readFileSync(sandboxKubeconfig, "utf8").replaceAll(context, "mine"));
            setConfig(folder, { "kubernetes:context": "mine", "kubernetes:kubeconfig": kubeconfig });
            return `kubectl --kubeconfig ${shellWord(kubeconfig)} --context mine`;
        };
        const asks = "sender, receiver, shared-volume (together 1 CPU and 2048Mi of memory)";

        it("reports that cross-node needs another node, with the command", async () => {
            setConfig(folder, { "hopcost:placement": "cross-node" });
            const failure = await onlyFailure();
            assert.deepEqual(failure, {
                id: "nodes",
                title: "Nodes",
                state: "failure",
                detail: `Placement cross-node: 0/1 nodes of context "${context}" are available for receiver (0.25 CPU and 512Mi of memory, on another node than the initiators): ${nodeName} didn't match pod anti-affinity rules`,
                remedy: "add a node with: hopcost sandbox up --nodes 2, or set hopcost:placement to same-node or any",
            });
        });

        it("reports that the node is cordoned, with the command to uncordon it", async () => {
            try {
                const kubectl = underAnotherName();
                await patchNode({ unschedulable: true });
                const failure = await onlyFailure();
                assert.equal(
                    `${failure?.id}: ${failure?.detail}`,
                    `nodes: Placement same-node: 0/1 nodes of context "mine" are available for ${asks}: ${nodeName} was unschedulable`,
                );
                assert.ok(failure?.remedy?.endsWith(`: ${kubectl} uncordon ${nodeName}`), failure?.remedy);
            } finally {
                await patchNode({});
            }
        });

        it("counts no Windows node, and no node without the labels of hopcost:nodeSelector", async () => {
            const { core } = sandboxClients();
            const windows = "hopcost-windows";
            const labels = { "kubernetes.io/os": "windows", "kubernetes.io/hostname": windows };
            const conditions = [{ type: "Ready", status: "True" }];
            const allocatable = { cpu: "64", memory: "256Gi", pods: "110" };
            const nodeInfo = { operatingSystem: "windows", architecture: "amd64" } as V1NodeSystemInfo;
            await core.createNode({ body: { metadata: { name: windows, labels } } });
            try {
                const status = { conditions, allocatable, capacity: allocatable, nodeInfo };
                await core.patchNodeStatus({ name: windows, body: [{ op: "add", path: "/status", value: status }] });
                setConfig(folder, { "hopcost:nodeSelector": "pool=bench" });
                const failure = await onlyFailure();
                assert.equal(failure?.id, "nodes");
                assert.match(failure?.detail ?? "", /hopcost-node-1 didn't match the node selector \(pool=bench\)/);
                assert.match(failure?.detail ?? "", /hopcost-windows .*(operating system windows|untolerated taint)/);
                assert.match(failure?.remedy ?? "", /hopcost:nodeSelector/);
            } finally {
                await core.deleteNode({ name: windows });
            }
        });

        it("reports which taint keeps Pods off the node", async () => {
            try {
                underAnotherName();
                await patchNode({ taints: [{ key: "example.com/busy", value: "yes", effect: "NoSchedule" }] });
                const failure = await onlyFailure();
                assert.equal(
                    `${failure?.id}: ${failure?.detail}`,
                    `nodes: Placement same-node: 0/1 nodes of context "mine" are available for ${asks}: ${nodeName} had untolerated taint {example.com/busy: yes}`,
                );
                setConfig(folder, { "hopcost:tolerations": "example.com/busy=yes:NoSchedule" });
                const { checks } = await doctor();
                const states = ["nodes", "probe"].map((id) => checks.find((it) => it.id === id)?.state);
                assert.deepEqual(states, ["ok", "ok"], JSON.stringify(checks)); // the probe Pod runs there
            } finally {
                await patchNode({});
            }
        });
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

    it("ends within 15 s if the API server hangs during the probe, and names what is left and how to delete it", async () => {
        const { processes } = await sandboxStatus();
        const apiServer = processes.find(({ name }) => name === "kube-apiserver")?.pid ?? 0;
        const started = performance.now();
        const running = hopcost(folder, "doctor", "--json");
        const left = await probing();
        process.kill(apiServer, "SIGSTOP");
        const { stdout, code } = await running.ended;
        const seconds = (performance.now() - started) / 1000;
        process.kill(apiServer, "SIGCONT");
        assert.ok(seconds < 15, `${seconds} s`);
        assert.equal(code, 0);
        const { checks } = JSON.parse(stdout) as { checks: Check[] };
        const probe = checks.find(({ id }) => id === "probe");
        assert.equal(probe?.state, "warning");
        assert.match(
            probe?.detail ?? "",
            new RegExp(
                `^The probe Pod .* within \\d+ s \\(.*\\); .*namespace ${left} .*\\(it is still being deleted\\)$`,
            ),
        );
        assert.ok(probe?.remedy?.endsWith(`delete it with: ${kubectl} delete namespace ${left}`), probe?.remedy);
        await removeNamespace(left);
    });
});
