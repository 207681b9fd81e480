import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Server } from "../support/processes.ts";
import { pause, ScenarioPair, until } from "./scenario-pair.ts";

for (const topology of ["network", "volume"] as const) {
    describe(`the initiator of a ${topology} topology`, function () {
        this.timeout(60_000);
        let pair: ScenarioPair;
        beforeEach(async () => {
            pair = await ScenarioPair.start(topology);
        });
        afterEach(() => pair.stop());

        it("offers an injection once, and not another one meanwhile", async () => {
            assert.equal((await pair.initiator.call("GET", "/scenario/records?flow=once")).status, 409);
            assert.equal((await pair.initiator.call("POST", "/scenario/stop")).status, 409);
            const schedule = await pair.schedule();
            const [one, other] = await Promise.all(
                [0, 1].map(() => pair.initiator.call("PUT", "/scenario/load", schedule)),
            );
            assert.deepEqual([one?.status, other?.status], [200, 200]);
            const { status, body } = await pair.initiator.call("PUT", "/scenario/load", {
                ...schedule,
                injection: "run-1",
            });
            assert.equal(status, 409);
            assert.match((body as { error: string }).error, /run-0 goes on/);
            await pair.untilDone();
            assert.equal((await pair.ledger("retry")).filter(({ received }) => received === 1).length, 200);
            const next = await pair.schedule({ injection: "run-1", slots: 20 });
            await pair.initiator.ok("PUT", "/scenario/load", next);
            assert.equal((await pair.untilDone()).injection, "run-1");
            assert.equal((await pair.ended("once")).length, 20);
        });

        it("stops, and ends what is under way", async () => {
            await pair.initiator.ok("PUT", "/scenario/load", await pair.schedule({ slots: 5000 }));
            await pair.untilOffered(50);
            await pair.initiator.ok("POST", "/scenario/stop");
            const { next, isDone } = await pair.untilDone();
            assert.ok(isDone && next > 50 && next < 5000, `${next}`);
            assert.equal((await pair.ended("retry")).length, (await pair.records("retry")).next);
        });

        it("gives its records in pages, each message once", async () => {
            await pair.initiator.ok("PUT", "/scenario/load", await pair.schedule({ slots: 120 }));
            await pair.untilDone();
            const [all, rest, none] = await Promise.all([0, 100, 120].map((after) => pair.records("once", after)));
            assert.equal(all?.ended.length, 120);
            assert.deepEqual(rest?.ended, all?.ended.slice(100));
            assert.deepEqual(none?.ended, []);
        });

        it("has at most 5,000 records in an answer", async () => {
            const schedule = await pair.schedule({ slots: 6000, ratePerSecond: 100_000, deadlineSeconds: 0.2 });
            await pair.responder.ok("POST", "/scenario/fault", { kind: "stop" });
            await pair.initiator.ok("PUT", "/scenario/load", schedule);
            await until(async () => (await pair.records("once")).isDone);
            const page = await pair.records("once");
            assert.equal(page.ended.length, 5000);
            const rest = await pair.records("once", 5000);
            assert.equal(page.ended.length + rest.ended.length, rest.next - rest.from);
        });

        it("leaves slots that are past to nobody", async () => {
            const { epochSeconds } = await pair.initiator.ok<{ epochSeconds: number }>("GET", "/scenario/clock");
            const schedule = await pair.schedule({ slots: 300, startEpochSeconds: epochSeconds - 2 });
            await pair.initiator.ok("PUT", "/scenario/load", schedule);
            const { from, next } = await pair.untilDone();
            assert.ok(from >= 200 && from < 290 && next === 300, `${from}`);
            assert.equal((await pair.outcomes("once", 300))["not-offered"], from);
        });

        it("goes on by the schedule file if it is the next process", async () => {
            const schedule = await pair.schedule({ slots: 800 });
            writeFileSync(pair.schedulePath, JSON.stringify(schedule));
            await pair.initiator.ok("PUT", "/scenario/load", schedule);
            await pair.untilOffered(100);
            const first = await pair.records("once");
            await pair.initiator.kill("SIGKILL");
            await pair.startInitiator();
            await until(async () => (await pair.initiator.call("GET", "/scenario/records?flow=once")).status === 200);
            await pair.initiator.ok("PUT", "/scenario/load", schedule);
            const second = await pair.untilDone();
            assert.notEqual(second.bootId, first.bootId);
            assert.ok(second.from >= first.next && second.next === 800, `${first.next} ${second.from}`);
            const ledger = await pair.ledger("retry");
            for (let slot = second.from; slot < 800; slot++) assert.equal(ledger[slot]?.received, 1);
        });

        it("does nothing by itself with a file that has no start, is past, or can't be read", async () => {
            const { startEpochSeconds, ...waiting } = await pair.schedule();
            const past = { ...waiting, startEpochSeconds: startEpochSeconds - 3600 };
            for (const text of [JSON.stringify(waiting), JSON.stringify(past), '{"injection":5}', "{", ""]) {
                writeFileSync(pair.schedulePath, text);
                await pair.initiator.kill("SIGKILL");
                await pair.startInitiator();
                assert.equal((await pair.initiator.call("GET", "/scenario/records?flow=once")).status, 409, text);
            }
        });

        it("answers 400 to a load that isn't one, 404 to another role's requests, and goes on", async () => {
            const good = await pair.schedule();
            const { startEpochSeconds: _, ...without } = good;
            const bad: unknown[] = [
                ...[{}, [], "{", without, { ...good, slots: 0 }, { ...good, slots: 65_537 }, { ...good, slots: "9" }],
                ...[
                    { ...good, ratePerSecond: 0 },
                    { ...good, payloadBytes: 15 },
                    { ...good, deadlineSeconds: -1 },
                ],
                ...[
                    { ...good, volume: "other" },
                    { ...good, injection: "" },
                    { ...good, startEpochSeconds: null },
                ],
                topology === "network" ? { ...good, uploadUrl: "nowhere" } : { ...good, volume: "claim" },
            ];
            for (const body of bad) {
                const answer = await pair.initiator.call("PUT", "/scenario/load", body);
                assert.equal(answer.status, 400, JSON.stringify(body));
                assert.match((answer.body as { error: string }).error, /\w/);
            }
            await pair.initiator.ok("PUT", "/scenario/load", good);
            for (const query of ["", "?flow=other", "?flow=once&after=-1", "?flow=once&after=1e3", "?after=0"])
                assert.equal((await pair.initiator.call("GET", `/scenario/records${query}`)).status, 400, query);
            const foreign = topology === "network" ? "retry-no-rescan" : "once-fresh";
            assert.equal((await pair.initiator.call("GET", `/scenario/records?flow=${foreign}`)).status, 404);
            assert.equal((await pair.initiator.call("POST", "/scenario/fault", { kind: "kill" })).status, 404);
            for (const path of ["/readyz", "/livez"])
                assert.equal((await pair.initiator.call("GET", path)).status, 200);
            assert.equal((await pair.untilDone()).next, 200);
        });
    });
}

describe("a volume that outlives its Pod", function () {
    this.timeout(60_000);
    let pair: ScenarioPair;
    beforeEach(async () => {
        pair = await ScenarioPair.start("volume");
    });
    afterEach(() => pair.stop());

    it("keeps messages of the same injection for the next reader, and none of another", async () => {
        const schedule = await pair.schedule({ slots: 100 });
        writeFileSync(pair.schedulePath, JSON.stringify(schedule));
        await pair.responder.ok("POST", "/scenario/fault", { kind: "kill" });
        await pair.responder.ended();
        await pair.initiator.ok("PUT", "/scenario/load", schedule);
        await pair.untilOffered(99);
        await pair.initiator.kill("SIGKILL");
        const ready = join(pair.volume, "scenario", "retry", "ready");
        assert.equal(readdirSync(ready).length, 100);
        await pair.startResponder();
        await until(async () => readdirSync(ready).length === 0);
        const ledger = await pair.ledger("retry");
        assert.ok(ledger.length === 100 && ledger.every(({ received }) => received === 1));

        await pair.responder.ok("POST", "/scenario/fault", { kind: "kill" });
        await pair.responder.ended();
        writeFileSync(join(ready, "7"), "left behind"); // which a reader that lives would take
        writeFileSync(pair.schedulePath, JSON.stringify({ ...schedule, injection: "run-1" }));
        await pair.startResponder();
        await pause(200);
        assert.deepEqual(readdirSync(ready), []);
        assert.equal((await pair.ledger("retry"))[7]?.received, 1);
    });
});

describe("an agent without scenarios", function () {
    this.timeout(20_000);

    it("answers the probes, and serves nothing of a scenario", async () => {
        const server = await Server.start("reader");
        try {
            for (const path of ["/readyz", "/livez", "/healthz"])
                assert.deepEqual(await server.call("GET", path), { status: 200, body: { ready: true } });
            for (const [method, path] of [
                ["PUT", "/scenario/load"],
                ["POST", "/scenario/fault"],
                ["GET", "/scenario/clock"],
                ["DELETE", "/scenario/fill"],
            ] as const)
                assert.equal((await server.call(method, path)).status, 404);
        } finally {
            assert.equal(await server.kill("SIGTERM"), 0);
        }
    });
});
