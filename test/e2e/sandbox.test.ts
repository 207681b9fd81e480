import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BatchV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { processesIn } from "../../sandbox/cgroups.ts";
import {
    sandboxContext,
    sandboxDown,
    sandboxKubeconfig,
    sandboxNodeImage,
    sandboxStatus,
    sandboxUp,
} from "../../sandbox/cluster.ts";
import { bridge, nodeRange, rootCgroup, stateFolder } from "../../sandbox/layout.ts";
import { prepareSandbox } from "../../sandbox/prepare.ts";
import { saysNothing } from "../../sandbox/say.ts";
import { writeState } from "../../sandbox/state.ts";
import { hostSnapshot } from "../sandbox/host-snapshot.ts";

const up = () => sandboxUp(saysNothing);
const down = () => sandboxDown(saysNothing);

describe("the sandbox on a real machine", function () {
    this.timeout(60_000);
    let untouched: ReturnType<typeof hostSnapshot>;

    before(async function () {
        this.timeout(40 * 60_000); // with empty caches everything is built here
        await prepareSandbox(saysNothing);
        await down();
        untouched = hostSnapshot();
    });
    after(down);

    describe("started and stopped", () => {
        it("is up within 20 seconds, and a second start finds it healthy", async () => {
            const begin = performance.now();
            assert.deepEqual(await up(), { started: true });
            const seconds = (performance.now() - begin) / 1000;
            assert.ok(seconds <= 20, `${seconds.toFixed(1)} s`);
            assert.deepEqual(await up(), { started: false });
        });

        it("says that it is up, with all its processes alive and its memory", async () => {
            const status = await sandboxStatus();
            assert.equal(status.state, "up");
            assert.equal(status.reason, undefined);
            assert.equal(status.ready, true);
            assert.equal(status.kubeconfig, sandboxKubeconfig);
            assert.match(status.versions.kubernetes, /^1\.\d+\.\d+$/);
            assert.ok((status.memoryBytes ?? 0) > 200e6, `${status.memoryBytes} bytes`);
            for (const { name, pid, alive } of status.processes) assert.ok(alive && existsSync(`/proc/${pid}`), name);
        });

        it("adds a bridge and a link to the host and nothing else, so that no port can be in its way", () => {
            const now = hostSnapshot();
            const added = (key: string) => now[key]?.filter((line) => !untouched[key]?.includes(line)) ?? [];
            assert.deepEqual(
                added("links").map((name) => name.replace(/@.*/, "")),
                [bridge, "hopcost1"],
            );
            assert.deepEqual(added("addresses"), [`${bridge} inet ${nodeRange.prefix}.1/24`]);
            for (const route of added("routes"))
                assert.match(route, new RegExp(`${nodeRange.prefix}\\..* dev ${bridge}`));
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
        before(up);

        it("runs a restricted Pod with a memory volume that reaches itself through its Service", async () => {
            assert.equal(await runRestrictedJob(), "uid=1000 tmpfs=true seccomp=2 GET=hello\n");
        });
    });

    describe("with a process killed", () => {
        before(up);

        for (const victims of [
            ["etcd"],
            ["kube-apiserver"],
            ["kube-controller-manager", "kube-scheduler"],
            ["kubelet"],
            ["kube-proxy"],
            ["containerd"],
            ["pause"],
        ]) {
            it(`is broken without ${victims.join(" and ")}, and whole after the next start`, async () => {
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

        it("is whole after the next start when the cluster DNS lost its shim", async () => {
            const shim = processesIn(rootCgroup).find((pid) =>
                readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("containerd-shim-runc-v2"),
            );
            process.kill(shim ?? assert.fail("no shim runs"), "SIGKILL");
            await up();
            assert.equal((await sandboxStatus()).state, "up");
        });

        it("is stopped without a trace even then", async () => {
            const { processes } = await sandboxStatus();
            for (const { pid } of processes.filter(({ name }) => name === "containerd" || name === "kubelet")) {
                if (pid !== undefined) process.kill(pid, "SIGKILL");
            }
            await down();
            assert.deepEqual(hostSnapshot(), untouched);
        });
    });

    describe("started by a command of its own", () => {
        /** Runs `sandboxUp` in another process, which is killed once it has said `fatal`. @returns how it ended */
        const upElsewhere = async (fatal: RegExp) => {
            const cluster = JSON.stringify(join(import.meta.dirname, "../../sandbox/cluster.ts"));
            const script = `import { sandboxUp } from ${cluster}; await sandboxUp(console.log);`;
            const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], { detached: true });
            child.stdout.on("data", (said: Buffer) => {
                if (fatal.test(said.toString())) child.kill("SIGKILL");
            });
            const [code, signal] = await once(child, "close");
            return code ?? signal;
        };

        it("goes on without that command, and is started afresh where the command was killed on the way", async () => {
            assert.equal(await upElsewhere(/API server/), "SIGKILL");
            assert.equal((await sandboxStatus()).state, "broken");
            assert.equal(await upElsewhere(/never said/), 0);
            assert.equal((await sandboxStatus()).state, "up");
            await down();
            assert.deepEqual(hostSnapshot(), untouched);
        });
    });

    describe("after a reboot", () => {
        it("clears away what it finds, and leaves alone the stranger that has its old pid", async () => {
            const stranger = spawn("sleep", ["60"]);
            try {
                mkdirSync(stateFolder, { recursive: true });
                const holder = { pid: stranger.pid ?? 0, startTicks: 1, bootId: "the boot before" };
                writeState({ holder, complete: true });
                assert.equal((await sandboxStatus()).state, "broken");
                assert.deepEqual(await down(), { wasUp: false });
                assert.equal(stranger.exitCode ?? stranger.signalCode, null);
                assert.deepEqual(hostSnapshot(), untouched);
            } finally {
                stranger.kill("SIGKILL");
            }
        });
    });

    describe("where somebody else is in the way", () => {
        const ip = (...args: string[]) => execFileSync("ip", args);

        it("names the link that has its bridge's name, and leaves it as it is", async () => {
            ip("link", "add", bridge, "type", "bridge");
            ip("address", "add", "203.0.113.1/24", "dev", bridge);
            try {
                await assert.rejects(up(), {
                    name: "SandboxError",
                    message: `the host already has a network link named ${bridge} that the sandbox did not make; look at it with "ip link show ${bridge}", rename or delete it, and start again`,
                });
                await down();
                assert.match(ip("address", "show", bridge).toString(), /203\.0\.113\.1\/24/);
                assert.ok(!existsSync(stateFolder));
            } finally {
                ip("link", "delete", bridge);
            }
        });

        it("names the link that has one of its addresses", async () => {
            const address = `${nodeRange.prefix}.77`;
            ip("link", "add", "stranger0", "type", "bridge");
            ip("address", "add", `${address}/32`, "dev", "stranger0");
            try {
                await assert.rejects(up(), {
                    name: "SandboxError",
                    message: `the sandbox uses the addresses ${nodeRange.prefix}.0/24 and stranger0 on this host has ${address}; take that address away for the time of the run, or use minikube or k3d with --stack`,
                });
                assert.ok(!existsSync(stateFolder));
            } finally {
                ip("link", "delete", "stranger0");
            }
            assert.deepEqual(hostSnapshot(), untouched);
        });
    });
});

/** What a Job in a namespace with PSS `restricted` prints about itself. */
async function runRestrictedJob(): Promise<string> {
    const config = new KubeConfig();
    config.loadFromFile(sandboxKubeconfig);
    assert.equal(config.getCurrentContext(), sandboxContext);
    const [core, batch] = [config.makeApiClient(CoreV1Api), config.makeApiClient(BatchV1Api)];
    const namespace = "restricted";
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    await core.createNamespace({ body: { metadata: { name: namespace, labels } } });
    const service = {
        selector: { app: "self" },
        ports: [{ port: 80, targetPort: 8080 }],
        publishNotReadyAddresses: true,
    };
    await core.createNamespacedService({ namespace, body: { metadata: { name: "self" }, spec: service } });
    const script = `
        const [{ createServer }, { readFileSync }] = [require("node:http"), require("node:fs")];
        const server = createServer((_, response) => response.end("hello")).listen(8080, async () => {
            const tmpfs = / \\/memory tmpfs /.test(readFileSync("/proc/mounts", "utf8"));
            const [, seccomp] = /Seccomp:\\s+(\\d)/.exec(readFileSync("/proc/self/status", "utf8"));
            const url = "http://self.restricted.svc.cluster.local/";
            for (;;) {
                const got = await fetch(url, { headers: { connection: "close" } }).then((answer) => answer.text(), () => undefined);
                if (got === undefined) continue;
                console.log(\`uid=\${process.getuid()} tmpfs=\${tmpfs} seccomp=\${seccomp} GET=\${got}\`);
                return server.close();
            }
        });`;
    const container = {
        name: "self",
        image: sandboxNodeImage,
        imagePullPolicy: "IfNotPresent",
        command: ["node", "-e", script],
        volumeMounts: [{ name: "memory", mountPath: "/memory" }],
        securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        },
    };
    const pod = {
        restartPolicy: "Never",
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
        volumes: [{ name: "memory", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } }],
        containers: [container],
    };
    const template = { metadata: { labels: { app: "self" } }, spec: pod };
    await batch.createNamespacedJob({
        namespace,
        body: { metadata: { name: "self" }, spec: { backoffLimit: 0, template } },
    });
    for (;;) {
        const { status } = await batch.readNamespacedJob({ namespace, name: "self" });
        const { items } = await core.listNamespacedPod({ namespace });
        const name = items[0]?.metadata?.name;
        assert.ok(!status?.failed, JSON.stringify(items[0]?.status));
        if (status?.succeeded && name !== undefined) return await core.readNamespacedPodLog({ namespace, name });
        await sleep(200);
    }
}
