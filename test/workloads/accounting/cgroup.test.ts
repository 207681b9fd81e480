import assert from "node:assert/strict";
import { findCgroup, readOomKills } from "../../../workloads/accounting/cgroup.ts";
import { mountOf, parseMounts } from "../../../workloads/accounting/mounts.ts";
import { KernelTree } from "../support/kernel-tree.ts";

/** The cgroup found with these /proc files. */
const found = (mountinfo: string, cgroup: string) =>
    findCgroup(new KernelTree({ "/proc/self/mountinfo": mountinfo, "/proc/self/cgroup": cgroup }).read);
const v1 = (root: string, controller: string) =>
    `35 31 0:32 ${root} /sys/fs/cgroup/${controller} rw - cgroup cgroup rw,${controller}\n`;
const v2 = (root: string, at = "/sys/fs/cgroup") => `35 31 0:32 ${root} ${at} rw - cgroup2 cgroup rw\n`;

describe("cgroup", () => {
    for (const [tree, version, memory] of [
        ["v1-host", 1, "/sys/fs/cgroup/memory/session/1"],
        ["v1-container", 1, "/sys/fs/cgroup/memory"],
        ["v2-namespace", 2, "/sys/fs/cgroup"],
        ["v2-host-path", 2, "/sys/fs/cgroup/kubepods.slice/kubepods-pod7a.slice/docker-5d46.scope"],
    ] as const) {
        it(`finds the container's cgroup in ${tree}`, () => {
            const cgroup = findCgroup(KernelTree.recorded(tree).read);
            assert.ok("version" in cgroup);
            assert.deepEqual([cgroup.version, cgroup.memory], [version, memory]);
        });
    }

    it("finds each mounted controller of version 1, and names those that aren't mounted", () => {
        const cgroup = found(
            v1("/", "memory") + v1("/pod/one", "blkio"),
            "4:memory:/user/one\n7:blkio:/pod/one/below\n",
        );
        assert.deepEqual(cgroup, {
            version: 1,
            cpu: { unavailable: "no cgroup v1 controller cpu" },
            cpuacct: { unavailable: "no cgroup v1 controller cpuacct" },
            memory: "/sys/fs/cgroup/memory/user/one",
            io: "/sys/fs/cgroup/blkio/below",
        });
    });

    it("removes the part of the path that the mount of version 2 hides, and uses the mount that contains the cgroup", () => {
        const path = "0::/kubepods.slice/pod.slice/a.scope\n";
        const at = (mountinfo: string) => (found(mountinfo, path) as { memory: unknown }).memory;
        assert.equal(at(v2("/kubepods.slice/pod.slice/a.scope")), "/sys/fs/cgroup");
        assert.equal(at(v2("/kubepods.slice")), "/sys/fs/cgroup/pod.slice/a.scope");
        assert.equal(at(v2("/other.slice", "/other") + v2("/kubepods.slice/pod.slice/a.scope")), "/sys/fs/cgroup");
    });

    it("never uses another cgroup", () => {
        const memory = (mountinfo: string, path: string) => (found(mountinfo, path) as { memory: unknown }).memory;
        assert.deepEqual(memory(v2("/pod/one"), "0::/pod/one-more\n"), {
            unavailable: "no mount contains the cgroup /pod/one-more (/pod/one at /sys/fs/cgroup)",
        });
        // Outside of the namespace: the process was moved, or the mount is the parent namespace's.
        assert.deepEqual(memory(v2("/"), "0::/../other\n"), {
            unavailable: "no mount contains the cgroup /../other (/ at /sys/fs/cgroup)",
        });
        assert.deepEqual(memory(v2("/../.."), "0::/\n"), {
            unavailable: "no mount contains the cgroup / (/../.. at /sys/fs/cgroup)",
        });
    });

    it("reports why there is no cgroup", () => {
        const none = { unavailable: "no cgroups are mounted" };
        assert.deepEqual(found("", ""), none);
        assert.deepEqual(found(v2("/"), "4:memory:/\n"), none);
        const empty = new KernelTree({});
        assert.deepEqual(findCgroup(empty.read), { unavailable: "/proc/self/mountinfo: missing" });
        const half = new KernelTree({ "/proc/self/mountinfo": v2("/") });
        assert.deepEqual(findCgroup(half.read), { unavailable: "/proc/self/cgroup: missing" });
        const gone = () => {
            throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
        };
        assert.deepEqual(findCgroup(gone), { unavailable: "/proc/self/mountinfo: EACCES" });
    });

    it("counts the OOM-killed processes", () => {
        const kills = (tree: KernelTree) => readOomKills(findCgroup(tree.read), tree.read);
        assert.equal(kills(KernelTree.recorded("v1-container")), 2);
        assert.equal(kills(KernelTree.recorded("v2-namespace")), 1);
        assert.equal(kills(KernelTree.recorded("v2-host-path")), 0);
        assert.equal(kills(KernelTree.recorded("v2-namespace").without("/sys/fs/cgroup/memory.events")), undefined);
        assert.equal(kills(new KernelTree({})), undefined);
    });
});

describe("mounts", () => {
    it("finds the file system of a path, not of one with the same prefix", () => {
        const mounts = parseMounts(KernelTree.recorded("v2-namespace").read("/proc/self/mountinfo"));
        assert.equal(mountOf(mounts, "/volume")?.type, "tmpfs");
        assert.equal(mountOf(mounts, "/volume/ready")?.type, "tmpfs");
        assert.equal(mountOf(mounts, "/volumes")?.type, "overlay");
        assert.equal(mountOf([], "/volume"), undefined);
    });

    it("uses the last of several mounts on one mount point, and reads escaped names", () => {
        const text =
            "1 0 0:1 / /a\\040b rw - ext4 /dev/vda rw\n2 0 0:2 / /a\\040b rw shared:1 master:2 - tmpfs tmpfs rw\n";
        assert.equal(mountOf(parseMounts(text), "/a b/c")?.type, "tmpfs");
    });
});
