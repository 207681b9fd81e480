import assert from "node:assert/strict";
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { Counters } from "../../../model/trial.ts";
import { counterReader } from "../../../workloads/accounting/counters.ts";
import { KernelTree } from "../support/kernel-tree.ts";

const recorded = KernelTree.recorded;
const countersOf = (pid: number, tree: KernelTree) => counterReader(pid, tree)();
const notCounted = (file: string) => ({
    unavailable: `/sys/fs/cgroup/blkio/blkio.throttle.${file}: no device is listed; kernels since 6.10 count here only with a throttle rule`,
});
const notThere = (path: string) => ({
    unavailable: `${path}: missing: this kernel doesn't offer it, or the controller is off`,
});

/** Each tree: its measured process and the expected counters. */
const expected: Record<string, [pid: number, Counters]> = {
    "v1-host": [
        16482,
        {
            cpuSeconds: 2100.779107348,
            throttledPeriods: 0,
            throttledSeconds: 0,
            memoryBytes: 49_799_168,
            memoryPeakBytes: 729_010_176,
            blockReadBytes: notCounted("io_service_bytes"),
            blockWriteBytes: notCounted("io_service_bytes"),
            blockReads: notCounted("io_serviced"),
            blockWrites: notCounted("io_serviced"),
            readBytes: 251_119,
            writeBytes: 36,
            reads: 90,
            writes: 7,
            voluntarySwitches: 26,
            involuntarySwitches: 100,
            networkReceiveBytes: 864_026_563 + 404 + 502,
            networkSendBytes: 3_805_250 + 2164 + 2176,
            loopbackBytes: 39_383_255,
        },
    ],
    "v1-container": [
        23,
        {
            cpuSeconds: 1.5,
            throttledPeriods: 6,
            throttledSeconds: 0.125,
            memoryBytes: 44_040_192,
            memoryPeakBytes: 73_400_320,
            blockReadBytes: 4096 + 1_048_576,
            blockWriteBytes: 8192 + 2_097_152,
            blockReads: 17,
            blockWrites: 34,
            readBytes: 5_000_001,
            writeBytes: 4_000_001,
            reads: 3001,
            writes: 2001,
            voluntarySwitches: 1023,
            involuntarySwitches: 102,
            networkReceiveBytes: 5_242_880,
            networkSendBytes: 655_360,
            loopbackBytes: 10_240,
        },
    ],
    "v2-namespace": [
        8,
        {
            cpuSeconds: 1.25,
            throttledPeriods: 3,
            throttledSeconds: 0.045,
            memoryBytes: 10_485_760,
            memoryPeakBytes: 20_971_520,
            blockReadBytes: 1_459_200 + 4096,
            blockWriteBytes: 314_773_504 + 1,
            blockReads: 200,
            blockWrites: 360,
            readBytes: 11,
            writeBytes: 22,
            reads: 33,
            writes: 44,
            voluntarySwitches: 5,
            involuntarySwitches: 7,
            networkReceiveBytes: 2004,
            networkSendBytes: 10_008,
            loopbackBytes: 300,
        },
    ],
    "v2-host-path": [
        8,
        {
            cpuSeconds: 2.5,
            throttledPeriods: 0,
            throttledSeconds: 0,
            memoryBytes: 6_291_456,
            memoryPeakBytes: notThere(
                "/sys/fs/cgroup/kubepods.slice/kubepods-pod7a.slice/docker-5d46.scope/memory.peak",
            ),
            blockReadBytes: 0,
            blockWriteBytes: 0,
            blockReads: 0,
            blockWrites: 0,
            readBytes: 1,
            writeBytes: 2,
            reads: 3,
            writes: 4,
            voluntarySwitches: 5,
            involuntarySwitches: 6,
            networkReceiveBytes: 8,
            networkSendBytes: 9,
            loopbackBytes: 7,
        },
    ],
};

describe("counters", () => {
    for (const [tree, [pid, counters]] of Object.entries(expected)) {
        it(`reads everything that ${tree} offers`, () => {
            assert.deepEqual(countersOf(pid, recorded(tree)), counters);
        });
    }

    it("reads the files again each time", () => {
        const files = { ...recorded("v2-namespace").files };
        const read = counterReader(8, new KernelTree(files));
        read();
        files["/sys/fs/cgroup/memory.current"] = "1\n";
        assert.equal(read().memoryBytes, 1);
    });

    it("reports for each missing file why its figures are absent, and keeps the others", () => {
        const whole = recorded("v2-namespace");
        for (const path of Object.keys(whole.files)) {
            const partial = countersOf(8, whole.without(path));
            for (const [name, value] of Object.entries(expected["v2-namespace"]?.[1] ?? {})) {
                const now = partial[name as keyof Counters];
                if (typeof now === "number") assert.equal(now, value, `${name} without ${path}`);
                else assert.ok(now.unavailable.startsWith(path.replace(/\/task\/.*/, "/task")), now.unavailable);
            }
        }
    });

    it("has the figures of process and network even without a cgroup", () => {
        const counters = countersOf(8, recorded("v2-namespace").with({ "/proc/self/mountinfo": "" }));
        assert.deepEqual(counters.cpuSeconds, { unavailable: "no cgroups are mounted" });
        assert.deepEqual(counters.blockWrites, { unavailable: "no cgroups are mounted" });
        assert.deepEqual([counters.reads, counters.loopbackBytes], [33, 300]);
    });

    it("has no throttling figures if the cpu controller is off", () => {
        const counters = countersOf(8, recorded("v2-namespace").with({ "/sys/fs/cgroup/cpu.stat": "usage_usec 7\n" }));
        assert.equal(counters.cpuSeconds, 0.000007);
        assert.deepEqual(counters.throttledPeriods, { unavailable: "/sys/fs/cgroup/cpu.stat: no nr_throttled" });
        assert.deepEqual(counters.throttledSeconds, { unavailable: "/sys/fs/cgroup/cpu.stat: no throttled_usec" });
    });

    it("still works after the measured process has ended", () => {
        const counters = countersOf(8, recorded("v2-namespace").without("/proc/8/"));
        assert.deepEqual(counters.readBytes, { unavailable: "/proc/8/io: missing" });
        assert.deepEqual(counters.involuntarySwitches, { unavailable: "/proc/8/task: missing" });
        assert.deepEqual(counters.networkSendBytes, { unavailable: "/proc/8/net/dev: missing" });
        assert.equal(counters.cpuSeconds, 1.25);
    });

    it("ignores a thread that ends during the reading, unless all of them do", () => {
        const tree = recorded("v1-container");
        const ending = { read: tree.read, list: (path: string) => [...tree.list(path), "31"] };
        assert.equal(counterReader(23, ending)().voluntarySwitches, 1023);
        const gone = { read: tree.without("/proc/23/task").read, list: tree.list };
        assert.deepEqual(counterReader(23, gone)().voluntarySwitches, {
            unavailable: "/proc/23/task: no thread can be read",
        });
    });

    it("refuses values that aren't numbers", () => {
        const tree = recorded("v2-namespace").with({
            "/sys/fs/cgroup/memory.current": "many\n",
            "/sys/fs/cgroup/memory.peak": "",
            "/sys/fs/cgroup/io.stat": "8:0 rbytes=1 wbytes=-2 rios=x\n",
            "/proc/8/io": "rchar: 9999999999999999999999\nwchar:\n",
            "/proc/8/task/8/status": "Name:\tnode\n",
            "/proc/8/net/dev": "eth0: 1 2 3\n",
        });
        const counters = countersOf(8, tree);
        assert.deepEqual(counters.memoryBytes, {
            unavailable: '/sys/fs/cgroup/memory.current: "many" is not a number',
        });
        assert.deepEqual(counters.memoryPeakBytes, { unavailable: '/sys/fs/cgroup/memory.peak: "" is not a number' });
        assert.equal(counters.blockReadBytes, 1);
        assert.deepEqual(counters.blockWriteBytes, {
            unavailable: '/sys/fs/cgroup/io.stat: "wbytes=-2" is not a figure of a device',
        });
        assert.deepEqual(counters.readBytes, {
            unavailable: '/proc/8/io: "9999999999999999999999" is not a number',
        });
        assert.deepEqual(counters.writeBytes, { unavailable: "/proc/8/io: no wchar" });
        assert.deepEqual(counters.voluntarySwitches, {
            unavailable: "/proc/8/task/8/status: no voluntary_ctxt_switches",
        });
        assert.deepEqual(counters.loopbackBytes, {
            unavailable: '/proc/8/net/dev: "eth0: 1 2 3" lacks bytes received and sent',
        });
    });

    it("always fits the schema, whatever the files contain", () => {
        const trees = fc.constantFrom(
            ...Object.entries(expected).map(([name, [pid]]) => ({ pid, tree: recorded(name) })),
        );
        const noise = fc.oneof(
            fc.string(),
            fc.constantFrom("0", "-1", "8:0 ", "\n", ":", " = ", "9".repeat(400), "\\999"),
        );
        fc.assert(
            fc.property(trees, fc.nat(), fc.nat(), fc.nat(200), noise, ({ pid, tree }, file, start, length, text) => {
                const [path = "", whole = ""] = Object.entries(tree.files)[file % Object.keys(tree.files).length] ?? [];
                const at = start % (whole.length + 1);
                const damaged = whole.slice(0, at) + text + whole.slice(at + length);
                const counters = countersOf(pid, tree.with({ [path]: damaged }));
                assert.deepEqual([...Value.Errors(Counters, counters)], []);
                for (const value of Object.values(counters)) {
                    assert.ok(typeof value === "number" ? value >= 0 : value.unavailable !== "");
                }
            }),
            { numRuns: 500 },
        );
    });
});

describe("counters of this machine", () => {
    const onLinux = process.platform === "linux" ? it : it.skip;

    onLinux("show the work of a real process", async () => {
        const child = fork(new URL("../support/known-work.ts", import.meta.url));
        try {
            await once(child, "message");
            const read = counterReader(child.pid ?? Number.NaN);
            const before = read();
            child.send("work");
            await once(child, "message");
            const after = read();
            const used = (name: keyof Counters) => {
                const [first, last] = [before[name], after[name]];
                assert.ok(typeof first === "number" && typeof last === "number", `${name}: ${JSON.stringify(last)}`);
                return last - first;
            };
            assert.deepEqual([...Value.Errors(Counters, after)], []);
            // The kernel counts at each tick of up to 10 ms.
            if (typeof after.cpuSeconds === "number") assert.ok(used("cpuSeconds") >= 0.19, `${used("cpuSeconds")} s`);
            // 1 MiB goes to a file, another one over a connection to itself.
            assert.ok(used("writeBytes") >= 2 * 1024 * 1024, `${used("writeBytes")} bytes written`);
            assert.ok(used("readBytes") >= 1024 * 1024, `${used("readBytes")} bytes read`);
            assert.ok(used("loopbackBytes") >= 1024 * 1024, `${used("loopbackBytes")} bytes over lo`);
            assert.ok(used("writes") >= 2 && used("reads") >= 1, `${used("writes")} writes, ${used("reads")} reads`);
            assert.ok(used("voluntarySwitches") >= 1, `${used("voluntarySwitches")} switches`);
            assert.ok(used("involuntarySwitches") >= 0);
            assert.ok(used("networkSendBytes") >= 0 && used("networkReceiveBytes") >= 0);
        } finally {
            if (child.connected) child.disconnect();
        }
    });

    onLinux("report a process that has ended as missing", async () => {
        const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
        const read = counterReader(child.pid ?? Number.NaN);
        await once(child, "exit");
        assert.deepEqual(read().reads, { unavailable: `/proc/${child.pid}/io: missing` });
        assert.deepEqual([...Value.Errors(Counters, read())], []);
    });
});
