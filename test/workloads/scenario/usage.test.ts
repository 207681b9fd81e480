import assert from "node:assert/strict";
import { usageReader } from "../../../workloads/scenario/usage.ts";

const stat = "cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 100 0 50 800 50 0 0 0 0 0\n";
const files: Record<string, string> = {
    "/proc/sys/kernel/random/boot_id": "6f1c\n",
    "/proc/stat": stat,
    "/proc/self/mountinfo": "30 20 0:26 /pod /sys/fs/cgroup ro - cgroup2 cgroup2 rw\n",
    "/proc/self/cgroup": "0::/pod\n",
    "/sys/fs/cgroup/cpu.stat": "usage_usec 1500000\nnr_throttled 0\nthrottled_usec 0\n",
    "/sys/fs/cgroup/memory.current": "4096\n",
};
const readFrom = (all: Record<string, string>) => (path: string) => {
    const text = all[path];
    if (text === undefined) throw Object.assign(new Error("missing"), { code: "ENOENT" });
    return text;
};

describe("the usage of a scenario's container", () => {
    it("has its CPU time and memory, and the time of its machine's processors", () => {
        assert.deepEqual(usageReader(readFrom(files), 2)(), {
            ...{ cpuSeconds: 1.5, memoryBytes: 4096 },
            machine: { id: "6f1c", processors: 2, busyTicks: 150, allTicks: 1000 },
        });
    });

    it("says why something can't be read", () => {
        for (const missing of ["/proc/stat", "/proc/sys/kernel/random/boot_id"]) {
            const { [missing]: _, ...others } = files;
            const { cpuSeconds, machine } = usageReader(readFrom(others), 2)();
            assert.deepEqual([cpuSeconds, machine], [1.5, { unavailable: `${missing}: missing` }]);
        }
    });

    it("is that of this machine by default", () => {
        const { machine } = usageReader()();
        assert.ok("id" in machine && machine.processors > 0 && machine.allTicks > machine.busyTicks);
    });
});
