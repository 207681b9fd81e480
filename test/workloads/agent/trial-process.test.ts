import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import type { StartTrial } from "../../../workloads/agent/api.ts";
import { TrialProcess } from "../../../workloads/agent/trial-process.ts";

const entry = new URL("../../../workloads/sender/trial.ts", import.meta.url);
const trial: StartTrial = { arm: "floor/noop", index: 0, maxSize: 64, payload: "repeated", seed: 1 };

describe("a measured process", () => {
    it("that was killed reports it to every call, even between the end of its channel and its exit", async () => {
        for (let round = 0; round < 10; round++) {
            const child = new TrialProcess(entry, trial, () => "");
            await child.call("start", trial);
            process.kill(child.pid, "SIGKILL");
            const calls: Promise<unknown>[] = [];
            for (; child.death === undefined; await turn()) {
                const call = child.call("prepare", { size: 64, mode: "closed-loop", concurrency: 1 });
                calls.push(call.catch(({ code, message }) => `${code}: ${message}`));
            }
            assert.deepEqual(
                [...new Set(await Promise.all(calls))],
                ["dead: the measured process (arm floor/noop) died (signal SIGKILL)"],
            );
        }
    });
});
