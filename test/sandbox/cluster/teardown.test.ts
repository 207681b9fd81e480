import assert from "node:assert/strict";
import { mountsBelow } from "../../../sandbox/cluster/teardown.ts";

describe("mounts left below the sandbox's folder", () => {
    const line = (path: string) => `36 35 98:0 / ${path} rw,noatime shared:1 - ext4 /dev/root rw`;

    it("are listed deepest first, with blanks in their names, without other mounts", () => {
        const mountinfo = ["/", "/s", "/s/a", "/s/a/b\\040c", "/sandbox", "/t/s/a"].map(line).join("\n");
        assert.deepEqual(mountsBelow("/s", mountinfo), ["/s/a/b c", "/s/a", "/s"]);
        assert.deepEqual(mountsBelow("/none", mountinfo), []);
    });
});
