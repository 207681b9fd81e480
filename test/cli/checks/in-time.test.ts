import assert from "node:assert/strict";
import { inTime, outcomeInTime } from "../../../cli/checks/in-time.ts";
import { outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/in-time");

describe("a check that takes its time", () => {
    const never = new Promise<never>(() => {});
    const past = AbortSignal.abort(new DOMException("late", "TimeoutError"));
    const cancelled = AbortSignal.abort(new Error("SIGINT"));

    it("fails if time is over, before or during the check", async () => {
        for (const [when, signal] of [
            ["before", past],
            ["meanwhile", AbortSignal.timeout(10)],
        ] as const) {
            asOutcome(`time is over ${when}`, await outcomeInTime("The moon", never, signal), "failure");
        }
    });

    it("fails with the reason of an error", async () => {
        const broken = Promise.reject(new Error("broken"));
        asOutcome(
            "a check that takes its time: fails with the reason of an error",
            await outcomeInTime("The moon", broken, new AbortController().signal),
            "failure",
        );
    });

    it("ends the command where the user interrupts it", async () => {
        await assert.rejects(outcomeInTime("The moon", never, cancelled), { message: "SIGINT" });
    });

    it("gives what it finds in time", async () => {
        assert.equal(await inTime(Promise.resolve(7), new AbortController().signal), 7);
    });
});
