import assert from "node:assert/strict";
import { findCgroup, readCounters, readOomKills } from "../../workloads/cgroup.ts";
import { mountOf, parseMounts } from "../../workloads/mounts.ts";

/** Reads from a recorded tree. */
const from = (files: Record<string, string>) => (path: string) => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: "ENOENT" });
    return text;
};

/** A container of a kubelet on cgroup v2, private cgroup namespace. */
const v2 = {
    "/proc/self/mountinfo": `700 699 0:60 / / ro,relatime - overlay overlay rw
730 700 0:26 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw,nsdelegate
740 700 0:62 / /volume rw,relatime - tmpfs tmpfs rw,size=131072k
`,
    "/proc/self/cgroup": "0::/\n",
    "/sys/fs/cgroup/cpu.stat":
        "usage_usec 1250000\nuser_usec 1000000\nsystem_usec 250000\nnr_periods 10\nnr_throttled 3\nthrottled_usec 45000\n",
    "/sys/fs/cgroup/memory.current": "10485760\n",
    "/sys/fs/cgroup/memory.peak": "20971520\n",
    "/sys/fs/cgroup/memory.events": "low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 0\n",
};

/** A container of the sandbox: cgroup v1, the host's paths in /proc/self/cgroup, the container's group as the mounts' roots. */
const group = "/hopcost/kubepods/pod1/abc";
const v1 = {
    "/proc/self/mountinfo": `32 31 0:29 ${group} /sys/fs/cgroup/cpu ro,relatime - cgroup cgroup rw,cpu
33 31 0:30 ${group} /sys/fs/cgroup/cpuacct ro,relatime - cgroup cgroup rw,cpuacct
35 31 0:32 ${group} /sys/fs/cgroup/memory ro,relatime - cgroup cgroup rw,memory
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
`,
    "/proc/self/cgroup": `4:memory:${group}\n2:cpuacct:${group}\n1:cpu:${group}\n0::/\n`,
    "/sys/fs/cgroup/cpu/cpu.stat": "nr_periods 0\nnr_throttled 0\nthrottled_time 0\nnr_bursts 0\n",
    "/sys/fs/cgroup/cpuacct/cpuacct.usage": "1500000000\n",
    "/sys/fs/cgroup/memory/memory.usage_in_bytes": "4096\n",
    "/sys/fs/cgroup/memory/memory.max_usage_in_bytes": "8192\n",
    "/sys/fs/cgroup/memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
};

const without = (files: Record<string, string>, path: string) =>
    from(Object.fromEntries(Object.entries(files).filter(([name]) => name !== path)));

describe("cgroup", () => {
    it("reads version 2", () => {
        const cgroup = findCgroup(from(v2));
        assert.deepEqual(readCounters(cgroup, from(v2)), {
            cpuSeconds: 1.25,
            throttledPeriods: 3,
            throttledSeconds: 0.045,
            memoryBytes: 10_485_760,
            memoryPeakBytes: 20_971_520,
        });
        assert.equal(readOomKills(cgroup, from(v2)), 1);
    });

    it("reads version 1, where the mount hides the host's part of the path", () => {
        const cgroup = findCgroup(from(v1));
        assert.deepEqual(readCounters(cgroup, from(v1)), {
            cpuSeconds: 1.5,
            throttledPeriods: 0,
            throttledSeconds: 0,
            memoryBytes: 4096,
            memoryPeakBytes: 8192,
        });
        assert.equal(readOomKills(cgroup, from(v1)), 2);
    });

    it("finds the group of a process outside a container", () => {
        const files = {
            "/proc/self/mountinfo": "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
            "/proc/self/cgroup": "4:memory:/user/one\n",
        };
        const cgroup = findCgroup(from(files));
        assert.deepEqual(cgroup, {
            version: 1,
            cpu: { unavailable: "no cgroup v1 controller cpu" },
            cpuacct: { unavailable: "no cgroup v1 controller cpuacct" },
            memory: "/sys/fs/cgroup/memory/user/one",
        });
    });

    it("says why a figure is absent, and never 0", () => {
        const old = without(v2, "/sys/fs/cgroup/memory.peak"); // before Linux 5.19
        assert.deepEqual(readCounters(findCgroup(old), old).memoryPeakBytes, {
            unavailable: "/sys/fs/cgroup/memory.peak: not offered by this kernel",
        });
        const unlimited = from({ ...v2, "/sys/fs/cgroup/cpu.stat": "usage_usec 7\n" });
        assert.deepEqual(readCounters(findCgroup(unlimited), unlimited).throttledPeriods, {
            unavailable: "/sys/fs/cgroup/cpu.stat: no nr_throttled",
        });
        const strange = from({ ...v2, "/sys/fs/cgroup/memory.current": "many\n" });
        assert.deepEqual(readCounters(findCgroup(strange), strange).memoryBytes, {
            unavailable: '/sys/fs/cgroup/memory.current: "many" is no number',
        });
        const none = from({ "/proc/self/mountinfo": "", "/proc/self/cgroup": "" });
        const absent = { unavailable: "no control groups are mounted" };
        assert.deepEqual(readCounters(findCgroup(none), none).cpuSeconds, absent);
        assert.equal(readOomKills(findCgroup(none), none), undefined);
        assert.match(JSON.stringify(findCgroup(from({}))), /proc\/self can't be read: no \/proc\/self\/mountinfo/);
    });
});

describe("mounts", () => {
    it("finds the file system of a path, not of one that only begins alike", () => {
        const mounts = parseMounts(v2["/proc/self/mountinfo"]);
        assert.equal(mountOf(mounts, "/volume")?.type, "tmpfs");
        assert.equal(mountOf(mounts, "/volume/ready")?.type, "tmpfs");
        assert.equal(mountOf(mounts, "/volumes")?.type, "overlay");
        assert.equal(mountOf([], "/volume"), undefined);
    });

    it("takes the last of several mounts on one point, and reads escaped names", () => {
        const text =
            "1 0 0:1 / /a\\040b rw - ext4 /dev/vda rw\n2 0 0:2 / /a\\040b rw shared:1 master:2 - tmpfs tmpfs rw\n";
        assert.equal(mountOf(parseMounts(text), "/a b/c")?.type, "tmpfs");
    });
});
