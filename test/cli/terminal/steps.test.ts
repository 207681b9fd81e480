import assert from "node:assert/strict";
import { mock } from "node:test";
import { barOf, step } from "../../../cli/terminal/steps.ts";

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

    it("shows the share done before the line", async () => {
        await step("Run", async (show) => show("measuring, 12s left", 0.789));
        assert.deepEqual(lines, ["> Run", "  78% measuring, 12s left", "  done in 0s"]);
    });

    it("says every 10 s that what says nothing still goes on", async () => {
        let now = 0;
        mock.method(performance, "now", () => now);
        mock.timers.enable({ apis: ["setInterval"] });
        const pass = (seconds: number) => {
            for (let second = 0; second < seconds; second++) {
                now += 1000;
                mock.timers.tick(1000);
            }
        };
        try {
            await step("Removing", async (show) => {
                pass(11);
                show("deleting Namespace hopcost-dev");
                pass(9);
                show("deleting Service net");
                pass(12);
            });
            now += 60_000;
            mock.timers.tick(60_000);
        } finally {
            mock.timers.reset();
            mock.restoreAll();
        }
        assert.deepEqual(lines, [
            "> Removing",
            "  working, 10s so far",
            "  deleting Namespace hopcost-dev",
            "  deleting Service net, 21s so far",
            "  deleting Service net, 31s so far",
            "  done in 32s",
        ]);
    });
});

describe("barOf", () => {
    it("fills with the share, and reaches 100% when all is done", () => {
        assert.deepEqual([0, 0.5, 0.999, 1].map(barOf), [
            "░░░░░░░░░░░░░░░░░░░░ 0%",
            "██████████░░░░░░░░░░ 50%",
            "████████████████████ 99%",
            "████████████████████ 100%",
        ]);
    });
});
