import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { HostContext } from "../../../model/trial.ts";
import { parseCpuTicks, sharesBetween } from "../../../workloads/accounting/cpu-ticks.ts";
import { hostContextReader } from "../../../workloads/accounting/host-context.ts";
import { KernelTree } from "../support/kernel-tree.ts";

const available = async () => 1_000_000;
/** A machine whose /proc/stat can be set. */
function machine(available: () => Promise<number>) {
    const files = { ...KernelTree.recorded("v2-namespace").files };
    const context = hostContextReader(new KernelTree(files).read, available);
    const set = (file: "stat" | "loadavg", text: string) => {
        files[`/proc/${file}`] = text;
    };
    return { context, set };
}

describe("host context", () => {
    it("covers the time since the last call, or at first since its creation", async () => {
        const { context, set } = machine(available);
        // user, nice, system, idle, iowait, irq, softirq, steal, and guests, who are in user already: 40 of 100 busy, 10 stolen.
        set("stat", "cpu  1011 22 303 8045 105 14 80 510 9999 9999\n");
        assert.deepEqual(await context(), {
            load1: 1.58,
            busyFraction: 0.4,
            stealFraction: 0.1,
            memoryAvailableBytes: 1_000_000,
        });
        set("stat", "cpu  1012 22 303 8048 105 14 80 510 9999 9999\n");
        set("loadavg", "0.00 2.45 1.89 1/217 32213\n");
        assert.deepEqual(await context(), {
            load1: 0,
            busyFraction: 0.25,
            stealFraction: 0,
            memoryAvailableBytes: 1_000_000,
        });
    });

    it("is unavailable, with the reason, if the kernel doesn't report it", async () => {
        const { context, set } = machine(available);
        const idle = "/proc/stat: no time has passed since the last reading";
        assert.deepEqual(await context(), { unavailable: idle });
        set("stat", "cpu  1 2 3 4\n");
        assert.deepEqual(await context(), { unavailable: '/proc/stat: "cpu 1 2 3 4" does not have 8 figures' });
        set("stat", "cpu  1 2 3 4 5 6 7 8\n");
        const stale = await context();
        assert.ok("unavailable" in stale, "the reading before had none");
        set("stat", "cpu  2 2 3 5 5 6 7 8\n");
        set("loadavg", "high\n");
        assert.deepEqual(await context(), { unavailable: '/proc/loadavg: "high" has no load' });
        const nothing = hostContextReader(new KernelTree({}).read, available);
        assert.deepEqual(await nothing(), { unavailable: "/proc/stat: missing" });
    });

    it("is unavailable if the memory is", async () => {
        for (const [memory, reason] of [
            [async () => 0, "0 available"],
            [async () => Number.NaN, "NaN available"],
            [() => Promise.reject(new Error("EACCES")), "EACCES"],
        ] as const) {
            const { context, set } = machine(memory);
            set("stat", "cpu  2000 22 303 8048 105 14 80 510 0 0\n");
            assert.deepEqual(await context(), { unavailable: `/proc/meminfo: ${reason}` });
        }
    });

    it("only reads real files: it starts no program and writes nothing", async function () {
        if (process.platform !== "linux") this.skip();
        // Node itself refuses both with --permission.
        const program = `
            const { hostContext } = await import(${JSON.stringify(new URL("../../../workloads/accounting/host-context.ts", import.meta.url))});
            for (const end = Date.now() + 50; Date.now() < end; );
            console.log(JSON.stringify(await hostContext()));
        `;
        const flags = ["--permission", "--allow-fs-read=*", "--input-type=module", "--eval", program];
        const { stdout } = await promisify(execFile)(process.execPath, flags, { env: {} });
        const context = JSON.parse(stdout);
        assert.deepEqual([...Value.Errors(HostContext, context)], [], stdout);
        assert.ok(context.busyFraction > 0 && context.busyFraction <= 1, stdout);
        assert.ok(context.stealFraction >= 0 && context.stealFraction <= 1, stdout);
        assert.ok(context.memoryAvailableBytes > 1024 * 1024, stdout);
    });
});

describe("shares of the processors' time", () => {
    it("are never below 0 and their sum never above 1, whatever the counters do", () => {
        const ticks = fc.record({ busy: fc.nat(), idle: fc.nat(), steal: fc.nat() });
        fc.assert(
            fc.property(ticks, ticks, (before, after) => {
                const shares = sharesBetween(before, after);
                if ("unavailable" in shares) return;
                assert.ok(shares.busyFraction >= 0 && shares.stealFraction >= 0);
                assert.ok(shares.busyFraction + shares.stealFraction <= 1 + Number.EPSILON);
            }),
        );
    });

    it("come from the line of all processors", () => {
        const stat = KernelTree.recorded("v1-host").read("/proc/stat");
        assert.deepEqual(parseCpuTicks(stat), {
            busy: 39_818 + 122_702 + 44_692 + 0 + 593,
            idle: 265_967 + 1313,
            steal: 268,
        });
        assert.deepEqual(parseCpuTicks("cpu0 1 2 3 4 5 6 7 8\n"), { unavailable: "/proc/stat: no cpu" });
        fc.assert(fc.property(fc.string(), (text) => typeof parseCpuTicks(`cpu ${text}`) === "object"));
    });
});
