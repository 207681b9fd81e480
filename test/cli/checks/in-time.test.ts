import assert from "node:assert/strict";
import { inTime, outcomeInTime } from "../../../cli/checks/in-time.ts";

describe("a check that takes its time", () => {
    const never = new Promise<never>(() => {});
    const past = AbortSignal.abort(new DOMException("late", "TimeoutError"));
    const cancelled = AbortSignal.abort(new Error("SIGINT"));

    it("is a failure that says so, whether the time is over before or meanwhile", async () => {
        for (const signal of [past, AbortSignal.timeout(10)]) {
            assert.deepEqual(await outcomeInTime("The moon", never, signal), {
                state: "failure",
                detail: "The moon can't be told (no answer in time)",
                remedy: "check that the API server answers, and start again",
            });
        }
    });

    it("is a failure with the reason where it ends with an error", async () => {
        const broken = Promise.reject(new Error("broken"));
        assert.deepEqual(await outcomeInTime("The moon", broken, new AbortController().signal), {
            state: "failure",
            detail: "The moon can't be told (broken)",
            remedy: "check that the API server answers, and start again",
        });
    });

    it("ends the command where the user interrupts it", async () => {
        await assert.rejects(outcomeInTime("The moon", never, cancelled), { message: "SIGINT" });
    });

    it("gives what it finds in time", async () => {
        assert.equal(await inTime(Promise.resolve(7), new AbortController().signal), 7);
    });
});
