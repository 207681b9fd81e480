import assert from "node:assert/strict";
import type { Counters, Info, Trial } from "../../../model/trial.ts";
import { environmentOf, hashed, throttledSecondsOf } from "../../../report/findings/environment.ts";
import { containerOf, counters, host, infoOf, planOf, trialOf } from "../../model/fixtures.ts";

/** A trial of the given containers. */
function trialWith(...infos: Info[]): Trial {
    const arm = infos[0]?.role === "writer" ? "volume/chokidar" : "network/cluster-ip";
    return trialOf(0, arm, [], { containers: infos.map((info) => containerOf(info.role, { info })) });
}

/** A trial with the given throttled seconds of each role, before and after. */
function throttledTrial(byRole: Record<string, [Counters["throttledSeconds"], Counters["throttledSeconds"]]>): Trial {
    const containers = Object.entries(byRole).map(([role, [before, after]]) =>
        containerOf(role, {
            before: { ...counters, throttledSeconds: before },
            after: { ...counters, throttledSeconds: after },
        }),
    );
    return trialOf(4, "network/cluster-ip", [], { containers });
}

describe("environmentOf", () => {
    const plan = planOf();

    it("has what all containers agree on and what the plan requests, and hides the names of the nodes", () => {
        const trials = [trialWith(infoOf("sender"), infoOf("receiver")), trialWith(infoOf("writer"), infoOf("reader"))];
        const environment = environmentOf(trials, plan);
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
            architecture: "amd64",
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

    it("detects two nodes, also if only the topologies are on different ones", () => {
        const trials = [
            trialWith(infoOf("sender"), infoOf("receiver")),
            trialWith(infoOf("writer", { nodeName: "node-b" })),
        ];
        const { nodes, sameNode } = environmentOf(trials, plan).placement;
        assert.equal(sameNode, false);
        assert.deepEqual(nodes, { receiver: hashed("node-a"), sender: hashed("node-a"), writer: hashed("node-b") });
    });

    it("names every node of a role that moved during the run", () => {
        const trials = [trialWith(infoOf("sender")), trialWith(infoOf("sender", { nodeName: "node-b" }))];
        const both = [hashed("node-a"), hashed("node-b")].sort().join(", ");
        assert.deepEqual(environmentOf(trials, plan).placement.nodes, { sender: both });
    });

    it("says what differs between the containers", () => {
        const trials = [trialWith(infoOf("sender"), infoOf("receiver", { kernel: "5.15.0", cpus: 64 }))];
        const { kernel, cpus, cpuModel } = environmentOf(trials, plan);
        assert.deepEqual(kernel, { unavailable: "differs between containers: 5.15.0, 6.1.0" });
        assert.deepEqual(cpus, { unavailable: "differs between containers: 2, 64" });
        assert.equal(cpuModel, "Example CPU");
    });

    it("has no architecture if older drivers wrote the journal", () => {
        const { architecture: _absent, ...older } = infoOf("sender");
        assert.ok(!("architecture" in environmentOf([trialWith(older)], plan)));
    });

    it("passes on why a figure is unavailable", () => {
        const cgroupVersion = { unavailable: "/sys/fs/cgroup is not mounted" };
        const kubernetesVersion = { unavailable: "the API server does not say" };
        const trial = { ...trialWith(infoOf("sender", { cgroupVersion })), kubernetesVersion };
        const environment = environmentOf([trial], plan);
        assert.deepEqual(environment.cgroupVersion, cgroupVersion);
        assert.deepEqual(environment.kubernetesVersion, kubernetesVersion);
    });

    it("has the file system of each volume that a measured arm used, or why it is unknown", () => {
        const disk = { unavailable: "/proc/mounts can't be read" };
        const volumes = { main: "tmpfs", disk };
        const containers = ["writer", "reader"].map((role) => containerOf(role, { info: infoOf(role, { volumes }) }));
        const trials = [
            trialOf(0, "network/cluster-ip", []),
            trialOf(1, "volume/fs-watch", [], { containers }),
            trialOf(2, "volume/disk", [], { containers }),
            trialOf(3, "volume/pvc", [], { state: "unavailable", containers: [] }),
        ];
        assert.deepEqual(environmentOf(trials, plan).volume.fileSystems, { main: "tmpfs", disk });
        assert.deepEqual(environmentOf(trials.slice(0, 1), plan).volume, { medium: "Memory", fileSystems: {} });
    });

    it("uses only the placement of the main arms: cross-node is meant to use another node", () => {
        const far = containerOf("receiver", { info: infoOf("receiver", { nodeName: "node-b" }) });
        const trials = [
            trialOf(0, "network/cluster-ip", []),
            trialOf(1, "network/cross-node", [], { containers: [containerOf("sender"), far] }),
        ];
        const { nodes, sameNode } = environmentOf(trials, plan).placement;
        assert.equal(sameNode, true);
        assert.deepEqual(nodes, {
            receiver: hashed("node-a"),
            "receiver (cross-node)": hashed("node-b"),
            sender: hashed("node-a"),
            "sender (cross-node)": hashed("node-a"),
        });
        assert.deepEqual(environmentOf(trials.slice(1), plan).placement.sameNode, {
            unavailable: "no trial of a main arm was measured",
        });
    });

    it("has the largest steal of any trial; a trial without the figure hides no other's", () => {
        const stolen = (...hosts: Trial["containers"][number]["host"][]) =>
            environmentOf(
                hosts.map((host, index) =>
                    trialOf(index, "network/cluster-ip", [], { containers: [containerOf("sender", { host })] }),
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
        assert.deepEqual(environmentOf([trialWith(...infos.slice(0, 2))], plan).mitigations, { a: "2", b: "1" });
        assert.deepEqual(environmentOf([trialWith(...infos)], plan).mitigations, {
            unavailable: 'differs between containers: {"a":"2","b":"1"}, {"a":"3"}',
        });
    });

    it("knows nothing without a trial", () => {
        const { kernel, placement } = environmentOf([], plan);
        assert.deepEqual(kernel, { unavailable: "no measured container reports it" });
        assert.deepEqual(placement, {
            asked: "same-node",
            nodes: {},
            sameNode: { unavailable: "no trial of a main arm was measured" },
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
    it("is the sum over the trials of the container that was throttled most", () => {
        const trials = [
            throttledTrial({ sender: [10, 10.5], receiver: [3, 3] }),
            throttledTrial({ sender: [10.5, 10.75], receiver: [3, 3.25] }),
        ];
        assert.equal(throttledSecondsOf(trials), 0.75);
    });

    it("is 0 if nothing was throttled, whatever came before the run", () => {
        assert.equal(throttledSecondsOf([throttledTrial({ sender: [10, 10] })]), 0);
    });

    it("is unavailable if one reading is, before or after", () => {
        const unavailable = { unavailable: "cpu.stat has no throttled_usec" };
        assert.deepEqual(
            throttledSecondsOf([throttledTrial({ sender: [0, 0], receiver: [unavailable, 1] })]),
            unavailable,
        );
        assert.deepEqual(
            throttledSecondsOf([throttledTrial({ sender: [0, 0], receiver: [1, unavailable] })]),
            unavailable,
        );
    });

    it("is unavailable if a counter went backwards", () => {
        assert.deepEqual(throttledSecondsOf([throttledTrial({ sender: [5, 0.1] })]), {
            unavailable: "the counter went backwards, so its source was restarted in between",
        });
    });

    it("is unavailable without a trial", () => {
        assert.deepEqual(throttledSecondsOf([]), { unavailable: "no trial was measured" });
    });
});
