import assert from "node:assert/strict";
import { parseHierarchies } from "../../../sandbox/node/cgroups.ts";

describe("the cgroup hierarchies of a machine", () => {
    it("are found if only version 2 is mounted", () => {
        const mounts = "proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw,nsdelegate 0 0\n";
        assert.deepEqual(parseHierarchies(mounts), [{ path: "/sys/fs/cgroup", unified: true }]);
    });

    it("are found on a hybrid machine, each once, without the tmpfs that holds them", () => {
        const mounts = [
            "tmpfs /sys/fs/cgroup tmpfs rw 0 0",
            "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0",
            "cgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0",
            "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0",
            "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0",
            "cgroup /var/lib/other/cgroup/memory cgroup rw,memory 0 0",
        ].join("\n");
        assert.deepEqual(parseHierarchies(mounts), [
            { path: "/sys/fs/cgroup/memory", unified: false },
            { path: "/sys/fs/cgroup/systemd", unified: false },
            { path: "/sys/fs/cgroup/unified", unified: true },
        ]);
    });
});
