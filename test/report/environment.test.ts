import assert from "node:assert/strict";
import { environmentOf, hashed, throttledSecondsOf } from "../../report/environment.ts";
import type { Block, Counters, Info } from "../../report/schema.ts";
import { blockOf, counters, infoOf, planOf } from "./fixtures.ts";

/** A block of the given containers. */
function blockWith(...infos: Info[]): Block {
    const containers = infos.map((info) => ({ info, before: counters, after: counters }));
    return blockOf(0, "network/cluster-ip", [], { containers });
}

/** A block in which each role was throttled from so many to so many seconds. */
function throttledBlock(byRole: Record<string, [Counters["throttledSeconds"], Counters["throttledSeconds"]]>): Block {
    const containers = Object.entries(byRole).map(([role, [before, after]]) => ({
        info: infoOf(role),
        before: { ...counters, throttledSeconds: before },
        after: { ...counters, throttledSeconds: after },
    }));
    return blockOf(4, "network/cluster-ip", [], { containers });
}

describe("environmentOf", () => {
    const plan = planOf();

    it("takes what all containers agree on, from the plan what was asked for, and hides the names of the nodes", () => {
        const blocks = [blockWith(infoOf("sender"), infoOf("receiver")), blockWith(infoOf("writer"), infoOf("reader"))];
        const environment = environmentOf(blocks, plan, "v1.36.4");
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
            volume: { medium: "Memory", fileSystem: "tmpfs" },
        });
        assert.equal(JSON.stringify(environment).includes("node-a"), false);
    });

    it("sees two nodes, also where only the topologies are apart", () => {
        const blocks = [
            blockWith(infoOf("sender"), infoOf("receiver")),
            blockWith(infoOf("writer", { nodeName: "node-b" })),
        ];
        const { nodes, sameNode } = environmentOf(blocks, plan, "v1.36.4").placement;
        assert.equal(sameNode, false);
        assert.deepEqual(nodes, { receiver: hashed("node-a"), sender: hashed("node-a"), writer: hashed("node-b") });
    });

    it("names every node of a role that moved during the run", () => {
        const blocks = [blockWith(infoOf("sender")), blockWith(infoOf("sender", { nodeName: "node-b" }))];
        const both = [hashed("node-a"), hashed("node-b")].sort().join(", ");
        assert.deepEqual(environmentOf(blocks, plan, "v1.36.4").placement.nodes, { sender: both });
    });

    it("says what differs between the containers", () => {
        const blocks = [blockWith(infoOf("sender"), infoOf("receiver", { kernel: "5.15.0", cpus: 64 }))];
        const { kernel, cpus, cpuModel } = environmentOf(blocks, plan, "v1.36.4");
        assert.deepEqual(kernel, { unavailable: "differs between containers: 5.15.0, 6.1.0" });
        assert.deepEqual(cpus, { unavailable: "differs between containers: 2, 64" });
        assert.equal(cpuModel, "Example CPU");
    });

    it("passes on why a figure is unavailable", () => {
        const cgroupVersion = { unavailable: "/sys/fs/cgroup is not mounted" };
        const kubernetesVersion = { unavailable: "the API server does not say" };
        const environment = environmentOf([blockWith(infoOf("sender", { cgroupVersion }))], plan, kubernetesVersion);
        assert.deepEqual(environment.cgroupVersion, cgroupVersion);
        assert.deepEqual(environment.kubernetesVersion, kubernetesVersion);
    });

    it("does not know the file system where no container with the volume was measured", () => {
        const { volume } = environmentOf([blockWith(infoOf("sender"))], plan, "v1.36.4");
        assert.deepEqual(volume, { medium: "Memory", fileSystem: { unavailable: "no measured container says" } });
    });

    it("knows nothing without a block", () => {
        const { kernel, placement } = environmentOf([], plan, "v1.36.4");
        assert.deepEqual(kernel, { unavailable: "no measured container says" });
        assert.deepEqual(placement, {
            asked: "same-node",
            nodes: {},
            sameNode: { unavailable: "no block was measured" },
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
            unavailable: "the counter of sender went backwards in block 4",
        });
    });

    it("is unavailable without a block", () => {
        assert.deepEqual(throttledSecondsOf([]), { unavailable: "no block was measured" });
    });
});
