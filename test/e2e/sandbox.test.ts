import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CoreV1Api } from "@kubernetes/client-node";
import { type Answer, callApi } from "../../sandbox/cluster/api-client.ts";
import {
    type NodeCount,
    sandboxDown,
    sandboxKubeconfig,
    sandboxStatus,
    sandboxUp,
} from "../../sandbox/cluster/cluster.ts";
import { readCredentials } from "../../sandbox/cluster/health.ts";
import { prepareSandbox } from "../../sandbox/cluster/prepare.ts";
import { volumeFolder } from "../../sandbox/cluster/volumes.ts";
import { addressesOf, bridge, pkiFolder, rootCgroup, stateFolder } from "../../sandbox/layout.ts";
import { processesIn } from "../../sandbox/node/cgroups.ts";
import { saysNothing } from "../../sandbox/say.ts";
import { rememberNode } from "../../sandbox/state.ts";
import { hostSnapshot } from "../sandbox/host-snapshot.ts";
import {
    createRestrictedNamespace,
    outputOf,
    prometheusPod,
    restrictedPod,
    sandboxCore,
} from "../sandbox/restricted-pod.ts";
import { buildMs } from "../support/build-limit.ts";

const up = (nodes?: NodeCount) => sandboxUp(saysNothing, { nodes });
const down = () => sandboxDown(saysNothing);

describe("the sandbox on a real machine", function () {
    this.timeout(60_000);
    let untouched: ReturnType<typeof hostSnapshot>;

    before(async function () {
        this.timeout(buildMs);
        await prepareSandbox(saysNothing);
        await down();
        untouched = hostSnapshot();
    });
    after(down);

    describe("started and stopped", () => {
        it("is up, and a second start finds it healthy", async () => {
            assert.deepEqual(await up(), { started: true, nodes: 1, family: "ipv4" });
            assert.deepEqual(await up(), { started: false, nodes: 1, family: "ipv4" });
        });

        it("has status up, with all its processes alive and its memory", async () => {
            const status = await sandboxStatus();
            assert.equal(status.state, "up");
            assert.equal(status.reason, undefined);
            assert.equal(status.ready, true);
            assert.equal(status.kubeconfig, sandboxKubeconfig);
            assert.match(status.versions.kubernetes, /^1\.\d+\.\d+$/);
            assert.ok((status.memoryBytes ?? 0) > 200e6, `${status.memoryBytes} bytes`);
            for (const { name, pid, alive } of status.processes) assert.ok(alive && existsSync(`/proc/${pid}`), name);
        });

        it("adds only a bridge and a link to the host, so that no port can conflict", () => {
            const now = hostSnapshot();
            const added = (key: string) => now[key]?.filter((line) => !untouched[key]?.includes(line)) ?? [];
            assert.deepEqual(
                added("links").map((name) => name.replace(/@.*/, "")),
                [bridge, "hopcost1"],
            );
            assert.deepEqual(added("addresses"), [`${bridge} inet ${addressesOf("ipv4")[0].host}/24`]);
            for (const route of added("routes")) assert.match(route, new RegExp(`198\\.19\\.213\\..* dev ${bridge}`));
            for (const key of ["rules", "mounts", "sysctls"]) assert.deepEqual(now[key], untouched[key], key);
            for (const pid of processesIn(rootCgroup)) {
                for (const namespace of ["net", "mnt", "pid"]) {
                    const theirs = readlinkSync(`/proc/${pid}/ns/${namespace}`);
                    assert.notEqual(theirs, readlinkSync(`/proc/self/ns/${namespace}`), `${namespace} of ${pid}`);
                }
            }
        });

        it("is stopped without a trace, and a second stop finds nothing to do", async () => {
            assert.deepEqual(await down(), { wasUp: true });
            assert.deepEqual(hostSnapshot(), untouched);
            assert.deepEqual(processesIn(rootCgroup), []);
            assert.deepEqual(await down(), { wasUp: false });
            assert.equal((await sandboxStatus()).state, "down");
        });
    });

    describe("as a cluster", () => {
        const namespace = "observed";
        const proxy = `/api/v1/namespaces/${namespace}/pods/prometheus:9090/proxy`;

        before(() => up());

        it("can delete a namespace as soon as it is up, although metrics-server has just started", async () => {
            const core = sandboxCore();
            await createRestrictedNamespace(core, "passing");
            await core.deleteNamespace({ name: "passing" });
            while ((await ask("/api/v1/namespaces/passing")).status !== 404) await sleep(100);
        });

        it("has a Prometheus that needs only arguments, and shows graphs", async () => {
            const core = sandboxCore();
            await createRestrictedNamespace(core, namespace);
            // For the next test, so that its figures are already there.
            const burner = { metadata: { name: "burner" }, spec: restrictedPod("for (;;);") };
            await core.createNamespacedPod({ namespace, body: burner });
            await core.createNamespacedPod({ namespace, body: prometheusPod("prometheus") });
            while ((await ask(`${proxy}/-/ready`)).status !== 200) await sleep(100);
            const page = await ask(`${proxy}/user/graph.html`);
            // The API server rewrites links in pages to go through itself.
            const assets = [...page.body.matchAll(/(?:src|href)="([^"]+\/static\/[^"]+)"/g)].map(
                ([, url]) => url ?? "",
            );
            assert.ok(assets.length > 10, page.body);
            for (const asset of assets) assert.equal((await ask(asset)).status, 200, asset);
            const query = `${proxy}/api/v1/query?query=up`;
            for (;;) {
                const { data } = JSON.parse((await ask(query)).body);
                const found = data.result.map((it: { metric: object; value: unknown[] }) => [it.metric, it.value[1]]);
                if (found.length > 0) {
                    const metric = { __name__: "up", instance: "localhost:9090", job: "prometheus" };
                    assert.deepEqual(found, [[metric, "1"]]);
                    break;
                }
                await sleep(500);
            }
        });

        it("reports through metrics.k8s.io the usage of a Pod that burns CPU", async () => {
            const metrics = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods/burner`;
            let answer = await ask(metrics);
            while (answer.status === 404) {
                await sleep(500);
                answer = await ask(metrics);
            }
            const { containers } = JSON.parse(answer.body);
            assert.equal(containers.length, 1, answer.body);
            const { cpu, memory } = containers[0].usage;
            const cores = Number(/^(\d+)n$/.exec(cpu)?.[1]) / 1e9;
            assert.ok(cores > 0.2 && cores < 1.2, cpu);
            const mebibytes = Number(/^(\d+)Ki$/.exec(memory)?.[1]) / 1024;
            assert.ok(mebibytes > 5 && mebibytes < 200, memory);
            // Pulumi's provider reads the whole schema, which includes metrics-server's.
            const schema = (await ask("/openapi/v2")).body;
            const { definitions } = JSON.parse(schema);
            const references = [...schema.matchAll(/"#\/definitions\/([^"]+)"/g)].map(([, name]) => name ?? "");
            assert.ok(references.some((name) => name.endsWith(".PodMetrics")));
            assert.deepEqual(
                references.filter((name) => !(name in definitions)),
                [],
            );
            await sandboxCore().deleteNamespace({ name: namespace });
        });

        it("runs a restricted Pod with a memory volume that reaches itself through its Service", async () => {
            assert.equal(await askRestrictedPod(), "uid=1000 tmpfs=true seccomp=2 GET=hello\n");
        });
    });

    describe("with a process killed", () => {
        before(() => up());

        for (const victims of [
            ["etcd"],
            ["kube-apiserver"],
            ["kube-controller-manager", "kube-scheduler"],
            ["kubelet"],
            ["kube-proxy"],
            ["containerd"],
            ["catatonit"],
        ]) {
            it(`is broken without ${victims.join(" and ")}, and healthy after the next start`, async () => {
                const { processes } = await sandboxStatus();
                for (const { name, pid } of processes) {
                    if (victims.includes(name)) process.kill(pid ?? assert.fail(`${name} has no pid`), "SIGKILL");
                }
                await sleep(100);
                assert.equal((await sandboxStatus()).state, "broken");
                await up();
                assert.equal((await sandboxStatus()).state, "up");
            });
        }

        it("is healthy after the next start when the cluster DNS lost its shim", async () => {
            const dns = processesIn(rootCgroup).find((pid) =>
                readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("/coredns"),
            );
            const [, shim] = /PPid:\s+(\d+)/.exec(readFileSync(`/proc/${dns}/status`, "utf8")) ?? [];
            assert.match(readFileSync(`/proc/${shim}/cmdline`, "utf8"), /containerd-shim-runc-v2/);
            process.kill(Number(shim), "SIGKILL");
            await up();
            assert.equal((await sandboxStatus()).state, "up");
        });

        it("can still be stopped without a trace", async () => {
            const { processes } = await sandboxStatus();
            for (const { pid } of processes.filter(({ name }) => name === "containerd" || name === "kubelet")) {
                if (pid !== undefined) process.kill(pid, "SIGKILL");
            }
            await down();
            assert.deepEqual(hostSnapshot(), untouched);
        });
    });

    describe("with a second node", () => {
        const [one, two] = ["hopcost-node-1", "hopcost-node-2"];
        const namespace = "nodes";

        before(() => up(1));

        it("continues without the node if it can't be added, and reports why", async () => {
            const key = join(pkiFolder, "ca.key");
            renameSync(key, `${key}.away`);
            const added = up(2).finally(() => renameSync(`${key}.away`, key));
            await assert.rejects(added, {
                name: "SandboxError",
                message:
                    /^hopcost-node-2 could not be added to the sandbox, which continues without it: kubeadm .* failed: .*ca\.key.*; read the logs of its programs in \/.*\/logs\/sandbox$/s,
            });
            const { state, nodes } = await sandboxStatus();
            assert.deepEqual({ state, nodes }, { state: "up", nodes: [one] });
        });

        it("adds it, while the first one keeps running and the host isn't affected", async () => {
            const before = await pidsOn(one);
            const host = hostSnapshot();
            assert.deepEqual(await up(2), { started: false, nodes: 2, family: "ipv4" });
            const { items } = await sandboxCore().listNode();
            const isReady = ({ status }: (typeof items)[number]) =>
                status?.conditions?.find(({ type }) => type === "Ready")?.status;
            assert.deepEqual(
                items.map((node) => [node.metadata?.name, isReady(node)]),
                [
                    [one, "True"],
                    [two, "True"],
                ],
            );
            assert.deepEqual(await pidsOn(one), before);
            assert.deepEqual(hostSnapshot(), host);
        });

        it("keeps it, even if fewer nodes are requested", async () => {
            for (const nodes of [1, undefined, 2] as const)
                assert.deepEqual(await up(nodes), { started: false, nodes: 2, family: "ipv4" });
        });

        it("routes a Pod on it through a Service to a Pod on the first", async () => {
            const core = sandboxCore();
            await createRestrictedNamespace(core, namespace);
            await serve(core, namespace, "server");
            const server = `require("node:http").createServer((_, response) => response.end("hello")).listen(8080)`;
            const body = {
                metadata: { name: "server", labels: { app: "server" } },
                spec: restrictedPod(server, { node: one }),
            };
            await core.createNamespacedPod({ namespace, body });
            const client = `(${getText})("http://server.nodes.svc.cluster.local/").then(console.log)`;
            const output = await outputOf(core, namespace, "client", restrictedPod(client, { node: two }));
            assert.equal(output, "hello\n");
            const { items } = await core.listNamespacedPod({ namespace });
            assert.deepEqual(Object.fromEntries(items.map(({ metadata, spec }) => [metadata?.name, spec?.nodeName])), {
                client: two,
                server: one,
            });
        });

        it("gives a Pod on it a volume of class local, and offers it again, empty, once the claim is deleted", async () => {
            const core = sandboxCore();
            const claim = "scratch";
            await core.createNamespacedPersistentVolumeClaim({
                namespace,
                body: {
                    metadata: { name: claim },
                    spec: {
                        storageClassName: "local",
                        accessModes: ["ReadWriteOnce"],
                        resources: { requests: { storage: "1Gi" } },
                    },
                },
            });
            const add = (text: string) =>
                `const fs = require("node:fs"); fs.appendFileSync("/data/log", "${text}"); console.log(fs.readFileSync("/data/log", "utf8"))`;
            const pods = {
                writer: restrictedPod(add("a"), { node: two, claim }),
                "writer-with-group": restrictedPod(add("b"), { node: two, claim, fsGroup: 1000 }),
            };
            const outputs: string[] = [];
            for (const [name, spec] of Object.entries(pods)) {
                outputs.push(await outputOf(core, namespace, name, spec));
                await core.deleteNamespacedPod({ namespace, name });
            }
            assert.deepEqual(outputs, ["a\n", "ab\n"]);
            const { spec } = await core.readNamespacedPersistentVolumeClaim({ namespace, name: claim });
            const volume = spec?.volumeName ?? assert.fail("the claim is not bound");
            assert.match(volume, /^hopcost-node-2-volume-\d$/);
            assert.deepEqual(readdirSync(volumeFolder(volume)), ["log"]);

            await core.deleteNamespacedPersistentVolumeClaim({ namespace, name: claim });
            await phaseOf(core, volume, "Released");
            assert.deepEqual(await up(), { started: false, nodes: 2, family: "ipv4" });
            await phaseOf(core, volume, "Available");
            assert.deepEqual(readdirSync(volumeFolder(volume)), []);
        });

        it("reports through metrics.k8s.io the usage of both nodes", async () => {
            const named = async () => {
                const { items } = JSON.parse((await ask("/apis/metrics.k8s.io/v1beta1/nodes")).body);
                return items.map(({ metadata }: { metadata: { name: string } }) => metadata.name).sort();
            };
            while ((await named()).length < 2) await sleep(500);
            assert.deepEqual(await named(), [one, two]);
        });

        it("is broken without its programs, and healthy after the next start", async () => {
            const before = await pidsOn(one);
            for (const victims of [["containerd", "kubelet", "kube-proxy"], ["catatonit"]]) {
                for (const { node, name, pid } of (await sandboxStatus()).processes) {
                    if (node === two && victims.includes(name)) process.kill(pid ?? assert.fail(name), "SIGKILL");
                }
                await sleep(100);
                const { state, reason } = await sandboxStatus();
                assert.equal(state, "broken");
                for (const victim of victims) assert.match(reason ?? "", new RegExp(`${victim} on ${two}`));
                assert.deepEqual(await up(), { started: false, nodes: 2, family: "ipv4" });
                assert.equal((await sandboxStatus()).state, "up");
            }
            assert.deepEqual(await pidsOn(one), before);
        });

        it("is stopped without a trace of either node", async () => {
            assert.deepEqual(await down(), { wasUp: true });
            assert.deepEqual(hostSnapshot(), untouched);
            assert.deepEqual(processesIn(rootCgroup), []);
        });
    });

    describe("started by a separate command", () => {
        /** Runs `sandboxUp` in another process, which is killed once it reports `fatal`. @returns how it ended */
        const upElsewhere = async (fatal: RegExp, nodes?: NodeCount) => {
            const cluster = JSON.stringify(join(import.meta.dirname, "../../sandbox/cluster/cluster.ts"));
            const script = `import { sandboxUp } from ${cluster}; await sandboxUp(console.log, { nodes: ${nodes} });`;
            const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], { detached: true });
            child.stdout.on("data", (said: Buffer) => {
                if (fatal.test(said.toString())) child.kill("SIGKILL");
            });
            const [code, signal] = await once(child, "close");
            return code ?? signal;
        };

        it("outlives that command, and is restarted from scratch if the command was killed during the start", async () => {
            assert.equal(await upElsewhere(/API server/), "SIGKILL");
            assert.equal((await sandboxStatus()).state, "broken");
            assert.equal(await upElsewhere(/never said/), 0);
            assert.equal((await sandboxStatus()).state, "up");
        });

        it("gets its second node from the next command if one was killed while adding it", async () => {
            assert.equal(await upElsewhere(/container images/, 2), "SIGKILL");
            const before = await pidsOn("hopcost-node-1");
            assert.equal((await sandboxStatus()).state, "broken");
            assert.deepEqual(await up(), { started: false, nodes: 2, family: "ipv4" });
            assert.equal((await sandboxStatus()).state, "up");
            assert.deepEqual(await pidsOn("hopcost-node-1"), before);
            await down();
            assert.deepEqual(hostSnapshot(), untouched);
        });
    });

    describe("after a reboot", () => {
        it("cleans up, and doesn't touch the other process that has its old pid", async () => {
            const stranger = spawn("sleep", ["60"]);
            try {
                mkdirSync(stateFolder, { recursive: true });
                const holder = { pid: stranger.pid ?? 0, startTicks: 1, bootId: "the boot before" };
                rememberNode({ number: 1, family: "ipv4", holder, enforces: true, complete: true });
                assert.equal((await sandboxStatus()).state, "broken");
                assert.deepEqual(await down(), { wasUp: false });
                assert.equal(stranger.exitCode ?? stranger.signalCode, null);
                assert.deepEqual(hostSnapshot(), untouched);
            } finally {
                stranger.kill("SIGKILL");
            }
        });
    });

    describe("with a conflicting link on the host", () => {
        const ip = (...args: string[]) => execFileSync("ip", args);

        it("names the link that has its bridge's name, and doesn't change it", async () => {
            ip("link", "add", bridge, "type", "bridge");
            ip("address", "add", "203.0.113.1/24", "dev", bridge);
            try {
                await assert.rejects(up(), {
                    name: "SandboxError",
                    message: `the host already has a network link named ${bridge} that the sandbox did not create; inspect it with "ip link show ${bridge}", rename or delete it, and try again`,
                });
                await down();
                assert.match(ip("address", "show", bridge).toString(), /203\.0\.113\.1\/24/);
                assert.ok(!existsSync(stateFolder));
            } finally {
                ip("link", "delete", bridge);
            }
        });

        it("names the link that has one of its addresses", async () => {
            const address = "198.19.213.77";
            ip("link", "add", "stranger0", "type", "bridge");
            ip("address", "add", `${address}/32`, "dev", "stranger0");
            try {
                await assert.rejects(up(), {
                    name: "SandboxError",
                    message: `the sandbox needs the addresses 198.19.213.0/24, but stranger0 on this host has ${address}; remove that address during the run, or use minikube or k3d with --stack`,
                });
                assert.ok(!existsSync(stateFolder));
            } finally {
                ip("link", "delete", "stranger0");
            }
            assert.deepEqual(hostSnapshot(), untouched);
        });
    });
});

/** The programs of a node with their pids. */
async function pidsOn(node: string): Promise<Record<string, number | undefined>> {
    const { processes } = await sandboxStatus();
    return Object.fromEntries(processes.filter((it) => it.node === node).map(({ name, pid }) => [name, pid]));
}

/** The API server's answer to a GET. */
function ask(path: string): Promise<Answer> {
    return callApi(readCredentials(), "GET", path);
}

/** Waits until a volume is in a phase. */
async function phaseOf(core: CoreV1Api, name: string, expected: string): Promise<void> {
    for (;;) {
        const { status } = await core.readPersistentVolume({ name });
        if (status?.phase === expected) return;
        await sleep(100);
    }
}

/** Output of a Pod in a namespace with PSS `restricted`. */
async function askRestrictedPod(): Promise<string> {
    const core = sandboxCore();
    const namespace = "restricted";
    await createRestrictedNamespace(core, namespace);
    await serve(core, namespace, "self");
    const script = `
        const [{ createServer }, { readFileSync }] = [require("node:http"), require("node:fs")];
        const server = createServer((_, response) => response.end("hello")).listen(8080, async () => {
            const tmpfs = / \\/memory tmpfs /.test(readFileSync("/proc/mounts", "utf8"));
            const [, seccomp] = /Seccomp:\\s+(\\d)/.exec(readFileSync("/proc/self/status", "utf8"));
            const got = await (${getText})("http://self.restricted.svc.cluster.local/");
            console.log(\`uid=\${process.getuid()} tmpfs=\${tmpfs} seccomp=\${seccomp} GET=\${got}\`);
            server.close();
        });`;
    return outputOf(core, namespace, "self", restrictedPod(script));
}

/** Creates a Service for port 8080 of the Pods with this name. */
async function serve(core: CoreV1Api, namespace: string, name: string): Promise<void> {
    const ports = [{ port: 80, targetPort: 8080 }];
    const spec = { selector: { app: name }, ports, publishNotReadyAddresses: true };
    await core.createNamespacedService({ namespace, body: { metadata: { name }, spec } });
}

/** Source of a function that gets a text by HTTP, and retries until there is an answer. */
const getText = `async (url) => {
    for (;;) {
        const got = await fetch(url, { headers: { connection: "close" } }).then((answer) => answer.text(), () => undefined);
        if (got !== undefined) return got;
    }
}`;
