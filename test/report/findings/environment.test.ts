import assert from "node:assert/strict";
import type { Block, Counters, Info } from "../../../model/trial.ts";
import { environmentOf, hashed, throttledSecondsOf } from "../../../report/findings/environment.ts";
import { blockOf, containerOf, counters, host, infoOf, planOf } from "../../model/fixtures.ts";

/** A block of the given containers. */
function blockWith(...infos: Info[]): Block {
    const arm = infos[0]?.role === "writer" ? "volume/chokidar" : "network/cluster-ip";
    return blockOf(0, arm, [], { containers: infos.map((info) => containerOf(info.role, { info })) });
}

/** A block in which each role was throttled from so many to so many seconds. */
function throttledBlock(byRole: Record<string, [Counters["throttledSeconds"], Counters["throttledSeconds"]]>): Block {
    const containers = Object.entries(byRole).map(([role, [before, after]]) =>
        containerOf(role, {
            before: { ...counters, throttledSeconds: before },
            after: { ...counters, throttledSeconds: after },
        }),
    );
    return blockOf(4, "network/cluster-ip", [], { containers });
}

describe("environmentOf", () => {
    const plan = planOf();

    it("takes what all containers agree on, from the plan what was asked for, and hides the names of the nodes", () => {
        const blocks = [blockWith(infoOf("sender"), infoOf("receiver")), blockWith(infoOf("writer"), infoOf("reader"))];
        const environment = environmentOf(blocks, plan);
        assert.deepEqual(environment, {
            kubernetesVersion: "v1.36.4",
            image: "node:24.21.0",
            codeHash: "abc123",
            placement: {
                asked: "same-node",
                nodes: Object.fromEntries(
                    ["reader", "receiver", "sender", "writer"].map((role) => [role, hashed("node-a")]),
                ),
                sameNode: true,
            },
            kernel: "6.1.0",
            cpuModel: "Example CPU",
            cpus: 2,
            nodeVersion: "v24.21.0",
            cgroupVersion: 2,
            containerRuntime: "containerd",
            cni: { unavailable: "not visible from inside a Pod" },
            qosClass: "Burstable",
            mitigations: { meltdown: "Mitigation: PTI", spectre_v1: "Mitigation: barriers" },
            stealFraction: 0,
            volume: { medium: "Memory", fileSystems: { main: "tmpfs" } },
        });
        assert.equal(JSON.stringify(environment).includes("node-a"), false);
    });

    it("sees two nodes, also where only the topologies are apart", () => {
        const blocks = [
            blockWith(infoOf("sender"), infoOf("receiver")),
            blockWith(infoOf("writer", { nodeName: "node-b" })),
        ];
        const { nodes, sameNode } = environmentOf(blocks, plan).placement;
        assert.equal(sameNode, false);
        assert.deepEqual(nodes, { receiver: hashed("node-a"), sender: hashed("node-a"), writer: hashed("node-b") });
    });

    it("names every node of a role that moved during the run", () => {
        const blocks = [blockWith(infoOf("sender")), blockWith(infoOf("sender", { nodeName: "node-b" }))];
        const both = [hashed("node-a"), hashed("node-b")].sort().join(", ");
        assert.deepEqual(environmentOf(blocks, plan).placement.nodes, { sender: both });
    });

    it("says what differs between the containers", () => {
        const blocks = [blockWith(infoOf("sender"), infoOf("receiver", { kernel: "5.15.0", cpus: 64 }))];
        const { kernel, cpus, cpuModel } = environmentOf(blocks, plan);
        assert.deepEqual(kernel, { unavailable: "differs between containers: 5.15.0, 6.1.0" });
        assert.deepEqual(cpus, { unavailable: "differs between containers: 2, 64" });
        assert.equal(cpuModel, "Example CPU");
    });

    it("passes on why a figure is unavailable", () => {
        const cgroupVersion = { unavailable: "/sys/fs/cgroup is not mounted" };
        const kubernetesVersion = { unavailable: "the API server does not say" };
        const block = { ...blockWith(infoOf("sender", { cgroupVersion })), kubernetesVersion };
        const environment = environmentOf([block], plan);
        assert.deepEqual(environment.cgroupVersion, cgroupVersion);
        assert.deepEqual(environment.kubernetesVersion, kubernetesVersion);
    });

    it("has the file system of each volume that a measured arm used, and says why where it can't be told", () => {
        const disk = { unavailable: "/proc/mounts can't be read" };
        const volumes = { main: "tmpfs", disk };
        const containers = ["writer", "reader"].map((role) => containerOf(role, { info: infoOf(role, { volumes }) }));
        const blocks = [
            blockOf(0, "network/cluster-ip", []),
            blockOf(1, "volume/fs-watch", [], { containers }),
            blockOf(2, "volume/disk", [], { containers }),
            blockOf(3, "volume/pvc", [], { state: "unavailable", containers: [] }),
        ];
        assert.deepEqual(environmentOf(blocks, plan).volume.fileSystems, { main: "tmpfs", disk });
        assert.deepEqual(environmentOf(blocks.slice(0, 1), plan).volume, { medium: "Memory", fileSystems: {} });
    });

    it("takes the place of the main arms alone: another node is the purpose of cross-node", () => {
        const far = containerOf("receiver", { info: infoOf("receiver", { nodeName: "node-b" }) });
        const blocks = [
            blockOf(0, "network/cluster-ip", []),
            blockOf(1, "network/cross-node", [], { containers: [containerOf("sender"), far] }),
        ];
        const { nodes, sameNode } = environmentOf(blocks, plan).placement;
        assert.equal(sameNode, true);
        assert.deepEqual(nodes, {
            receiver: hashed("node-a"),
            "receiver (cross-node)": hashed("node-b"),
            sender: hashed("node-a"),
            "sender (cross-node)": hashed("node-a"),
        });
        assert.deepEqual(environmentOf(blocks.slice(1), plan).placement.sameNode, {
            unavailable: "no block of a main arm was measured",
        });
    });

    it("has the largest steal of any block; a block without the figure hides no other's", () => {
        const stolen = (...hosts: Block["containers"][number]["host"][]) =>
            environmentOf(
                hosts.map((host, index) =>
                    blockOf(index, "network/cluster-ip", [], { containers: [containerOf("sender", { host })] }),
                ),
                plan,
            ).stealFraction;
        const none = { unavailable: "/proc/stat can't be read" };
        const of = (stealFraction: number) => ({ ...host, stealFraction });
        assert.equal(stolen(of(0.01), of(0.03), of(0)), 0.03);
        assert.equal(stolen(none, of(0.02)), 0.02);
        assert.deepEqual(stolen(none, none), none);
    });

    it("names mitigations that differ, whatever order they were read in", () => {
        const infos = [{ b: "1", a: "2" }, { a: "2", b: "1" }, { a: "3" }].map((mitigations) =>
            infoOf("sender", { mitigations }),
        );
        assert.deepEqual(environmentOf([blockWith(...infos.slice(0, 2))], plan).mitigations, { a: "2", b: "1" });
        assert.deepEqual(environmentOf([blockWith(...infos)], plan).mitigations, {
            unavailable: 'differs between containers: {"a":"2","b":"1"}, {"a":"3"}',
        });
    });

    it("knows nothing without a block", () => {
        const { kernel, placement } = environmentOf([], plan);
        assert.deepEqual(kernel, { unavailable: "no measured container says" });
        assert.deepEqual(placement, {
            asked: "same-node",
            nodes: {},
            sameNode: { unavailable: "no block of a main arm was measured" },
        });
    });
});

describe("hashed", () => {
    it("is the first 12 hex digits of the SHA-256", () => {
        // printf node-a | sha256sum
        assert.equal(hashed("node-a"), "66570ff05a20");
    });
});

describe("throttledSecondsOf", () => {
    it("is the sum over the blocks of the container that was throttled most", () => {
        const blocks = [
            throttledBlock({ sender: [10, 10.5], receiver: [3, 3] }),
            throttledBlock({ sender: [10.5, 10.75], receiver: [3, 3.25] }),
        ];
        assert.equal(throttledSecondsOf(blocks), 0.75);
    });

    it("is 0 where nobody was throttled, whatever came before the run", () => {
        assert.equal(throttledSecondsOf([throttledBlock({ sender: [10, 10] })]), 0);
    });

    it("is unavailable where one reading is, before or after", () => {
        const unavailable = { unavailable: "cpu.stat has no throttled_usec" };
        assert.deepEqual(
            throttledSecondsOf([throttledBlock({ sender: [0, 0], receiver: [unavailable, 1] })]),
            unavailable,
        );
        assert.deepEqual(
            throttledSecondsOf([throttledBlock({ sender: [0, 0], receiver: [1, unavailable] })]),
            unavailable,
        );
    });

    it("is unavailable where a counter went backwards", () => {
        assert.deepEqual(throttledSecondsOf([throttledBlock({ sender: [5, 0.1] })]), {
            unavailable: "the counter went backwards: what it counts was restarted in between",
        });
    });

    it("is unavailable without a block", () => {
        assert.deepEqual(throttledSecondsOf([]), { unavailable: "no block was measured" });
    });
});
