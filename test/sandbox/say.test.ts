import assert from "node:assert/strict";
import { mock } from "node:test";
import { formatElapsed, sayWhile } from "../../sandbox/say.ts";

describe("progress", () => {
    beforeEach(() => mock.timers.enable({ apis: ["setInterval"] }));
    afterEach(() => mock.timers.reset());

    it("shows durations in h, m and s", () => {
        const cases = { 0: "0s", 999: "0s", 59999: "59s", 60000: "1m00s", 192000: "3m12s", 3720000: "1h02m" };
        for (const [ms, text] of Object.entries(cases)) assert.equal(formatElapsed(Number(ms)), text);
    });

    it("is reported at once and then every two seconds, until the work is done", async () => {
        const said: string[] = [];
        const { promise, resolve } = Promise.withResolvers<string>();
        const told = sayWhile(
            (line) => said.push(line),
            (elapsed) => `building: ${elapsed}`,
            promise,
        );
        assert.deepEqual(said, ["building: 0s"]);
        mock.timers.tick(1999);
        assert.equal(said.length, 1);
        mock.timers.tick(4001);
        assert.equal(said.length, 4);
        resolve("built");
        assert.equal(await told, "built");
        mock.timers.tick(10_000);
        assert.equal(said.length, 4);
    });

    it("ends if the work fails", async () => {
        const said: string[] = [];
        const fails = Promise.reject(new Error("broken"));
        const told = sayWhile(
            (line) => said.push(line),
            () => "trying",
            fails,
        );
        await assert.rejects(told, { message: "broken" });
        mock.timers.tick(10_000);
        assert.deepEqual(said, ["trying"]);
    });
});
