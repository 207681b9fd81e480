import assert from "node:assert/strict";
import { Value } from "@sinclair/typebox/value";
import type { MeasuredRole } from "../../../model/roles.ts";
import { Info } from "../../../model/trial.ts";
import { findCgroup } from "../../../workloads/accounting/cgroup.ts";
import { containerRuntime } from "../../../workloads/accounting/container-runtime.ts";
import { hostInfo } from "../../../workloads/accounting/host-info.ts";
import { parseMounts } from "../../../workloads/accounting/mounts.ts";
import { KernelTree } from "../support/kernel-tree.ts";

const settings = {
    nodeName: "node-1",
    podName: "pod-1",
    podIp: "10.42.0.7",
    volumes: { main: "/volume", disk: "/volume-disk", claim: "/volume-claim" },
};
const infoOf = (role: MeasuredRole, tree: KernelTree) => hostInfo(role, settings, "boot", findCgroup(tree.read), tree);
const runtimeOf = (mountinfo: string) => containerRuntime(parseMounts(mountinfo));

describe("host info", () => {
    it("describes the node, hardware and software a container runs on", () => {
        const info = infoOf("sender", KernelTree.recorded("v2-namespace"));
        assert.deepEqual([...Value.Errors(Info, info)], []);
        assert.deepEqual(
            [info.role, info.bootId, info.nodeName, info.podName, info.podIp],
            ["sender", "boot", "node-1", "pod-1", "10.42.0.7"],
        );
        assert.deepEqual([info.cgroupVersion, info.containerRuntime], [2, "containerd"]);
        assert.deepEqual(info.mitigations, {
            meltdown: "Not affected",
            spectre_v2:
                "Mitigation: Enhanced / Automatic IBRS; IBPB: conditional; PBRSB-eIBRS: SW sequence; BHI: BHI_DIS_S",
        });
    });

    it("names the file system of each mounted volume, for roles that share volumes", () => {
        const tree = KernelTree.recorded("v2-namespace");
        assert.deepEqual(infoOf("writer", tree).volumes, { main: "tmpfs", disk: "xfs" });
        const all = tree.with({ "/volume-claim/lost+found": "" });
        assert.deepEqual(infoOf("reader", all).volumes, { main: "tmpfs", disk: "xfs", claim: "ext4" });
        assert.deepEqual(infoOf("writer", tree.without("/volume")).volumes, {});
        for (const role of ["sender", "receiver"] as const) assert.ok(!("volumes" in infoOf(role, tree)));
    });

    it("reports why something is unknown", () => {
        const tree = new KernelTree({ "/volume/ready": "1" });
        const info = infoOf("writer", tree);
        assert.deepEqual([...Value.Errors(Info, info)], []);
        const mountinfo = { unavailable: "/proc/self/mountinfo: missing" };
        assert.deepEqual([info.cgroupVersion, info.containerRuntime], [mountinfo, mountinfo]);
        assert.deepEqual(info.volumes, { main: mountinfo });
        assert.deepEqual(info.mitigations, { unavailable: "/sys/devices/system/cpu/vulnerabilities: missing" });
        const nowhere = new KernelTree({ "/proc/self/mountinfo": "", "/volume/ready": "1" });
        assert.deepEqual(infoOf("writer", nowhere).volumes, {
            main: { unavailable: "no mount in /proc/self/mountinfo contains /volume" },
        });
    });
});

describe("container runtime", () => {
    const overlay = (layers: string) => `1 0 0:60 / / rw - overlay overlay rw,lowerdir=${layers}\n`;
    const file = (root: string) => `2 1 8:1 ${root} /etc/hostname rw - ext4 /dev/sda1 rw\n`;
    const table: Record<string, [runtime: string, mountinfo: string]> = {
        "containerd of k3s": [
            "containerd",
            overlay("/var/lib/rancher/k3s/agent/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/4/fs"),
        ],
        "containerd of kind, whose node is a Docker container": [
            "containerd",
            overlay("/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/4/fs") +
                file("/docker/volumes/9f/_data/lib/containerd/io.containerd.grpc.v1.cri/sandboxes/5d/hostname"),
        ],
        "Docker with overlay2": ["docker", overlay("/var/lib/docker/overlay2/l/5D46:/var/lib/docker/overlay2/l/TSSP")],
        "Docker with containerd's image store": [
            "docker",
            overlay("/var/lib/docker/containerd/daemon/io.containerd.snapshotter.v1.overlayfs/snapshots/4/fs"),
        ],
        "CRI-O": ["cri-o", overlay("/var/lib/containers/storage/overlay/l/GFGX")],
        "CRI-O with relative layers": [
            "cri-o",
            overlay("l/GFGX:l/37WS") + file("/containers/storage/overlay-containers/5d/userdata/hostname"),
        ],
        "Podman without root": ["podman", overlay("/home/me/.local/share/containers/storage/overlay/l/GFGX")],
    };
    for (const [name, [runtime, mountinfo]] of Object.entries(table)) {
        it(`is recognised: ${name}`, () => assert.equal(runtimeOf(mountinfo), runtime));
    }

    it("is recognised in the recorded trees", () => {
        const runtimes = ["v1-container", "v2-namespace", "v2-host-path"].map((name) =>
            runtimeOf(KernelTree.recorded(name).read("/proc/self/mountinfo")),
        );
        assert.deepEqual(runtimes, ["containerd", "containerd", "docker"]);
    });

    it("is not guessed if nothing identifies one", () => {
        assert.deepEqual(runtimeOf(KernelTree.recorded("v1-host").read("/proc/self/mountinfo")), {
            unavailable: "/proc/self/mountinfo: no mount identifies a runtime, the root is ext4",
        });
        assert.deepEqual(runtimeOf("1 0 0:9 / / ro - 9p none ro\n"), {
            unavailable: "/proc/self/mountinfo: no mount identifies a runtime, the root is 9p",
        });
        assert.deepEqual(runtimeOf(""), { unavailable: "/proc/self/mountinfo: no root" });
    });
});
