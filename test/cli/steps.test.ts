import assert from "node:assert/strict";
import { step } from "../../cli/steps.ts";

describe("step, without a terminal", () => {
    const terminal = process.stderr.isTTY;
    const original = console.error;
    let lines: string[] = [];
    beforeEach(() => {
        process.stderr.isTTY = false;
        lines = [];
        console.error = (line: string) => void lines.push(line);
    });
    afterEach(() => {
        process.stderr.isTTY = terminal;
        console.error = original;
    });

    it("shows each new thing at once, and how far the same thing is only now and then", async () => {
        const result = await step("Tools", async (say) => {
            say("first run on this machine: this takes 13 minutes");
            say("building Kubernetes: 0s");
            say("building Kubernetes: 2s");
            say("starting etcd");
            return 7;
        });
        assert.equal(result, 7);
        assert.deepEqual(lines, [
            "> Tools",
            "  first run on this machine: this takes 13 minutes",
            "  building Kubernetes: 0s",
            "  starting etcd",
            "  done in 0s",
        ]);
    });

    it("passes on what the work throws, and says nothing of an end", async () => {
        const work = async () => {
            throw new Error("no room");
        };
        await assert.rejects(step("Tools", work), { message: "no room" });
        assert.deepEqual(lines, ["> Tools"]);
    });
});
