import assert from "node:assert/strict";
import { isUnavailable } from "../../../model/reading.ts";
import { Breaker } from "../../../workloads/driver/breaker.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("workloads/driver/breaker");

describe("a breaker", () => {
    const away = () => Promise.reject(new Error("away"));
    const here = async () => 7;
    let nowMs = 0;
    let logged: string[] = [];
    let asked = 0;
    const stop = new AbortController();
    const breaker = (signal = stop.signal) =>
        new Breaker(
            "source",
            signal,
            (line) => logged.push(line),
            () => nowMs,
        );
    const counted =
        <T>(question: () => Promise<T>) =>
        () => {
            asked += 1;
            return question();
        };
    beforeEach(() => {
        [nowMs, logged, asked] = [5, [], 0];
    });

    it("passes answers on, and logs a failure once", async () => {
        const source = breaker();
        assert.equal(await source.ask(here), 7);
        assert.deepEqual(await source.ask(away), { unavailable: "away" });
        assert.deepEqual(await source.ask(away), { unavailable: "away" });
        assert.equal(await source.ask(here), 7);
        asText("a failure and the next answer", logged);
        assert.match(logged[0] ?? "", /^source: away; /);
        assert.equal(logged.length, 2);
    });

    it("asks only every 30 s after three failures in a row, and as before after an answer", async () => {
        const source = breaker();
        for (const question of [away, away, here, away, away, away]) await source.ask(counted(question));
        assert.equal(asked, 6, "an answer in between starts the count again");
        nowMs += 29_999;
        const silent = await source.ask(counted(away));
        assert.ok(isUnavailable(silent) && /3 failures.*: away$/.test(silent.unavailable), JSON.stringify(silent));
        asText("backing off", silent.unavailable);
        nowMs += 1;
        assert.deepEqual(await source.ask(counted(away)), { unavailable: "away" });
        assert.match(JSON.stringify(await source.ask(counted(here))), /after 4 failures/);
        assert.equal(asked, 7);
        nowMs += 30_000;
        for (const question of [here, away, away, here]) await source.ask(counted(question));
        assert.equal(asked, 11);
    });

    it("rethrows the reason that stops the run", async () => {
        const stopped = breaker(AbortSignal.abort());
        await assert.rejects(stopped.ask(away), { message: "away" });
        assert.deepEqual(logged, []);
    });
});
