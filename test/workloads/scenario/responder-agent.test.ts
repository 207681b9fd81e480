import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { stateOf } from "../../../workloads/scenario/process-state.ts";
import { pause, ScenarioPair, until } from "./scenario-pair.ts";

const probe = async (pair: ScenarioPair, path: string) => (await pair.responder.call("GET", path)).status;

for (const topology of ["network", "volume"] as const) {
    describe(`the responder of a ${topology} topology`, function () {
        this.timeout(60_000);
        let pair: ScenarioPair;
        beforeEach(async () => {
            pair = await ScenarioPair.start(topology);
        });
        afterEach(() => pair.stop());

        it("that is stopped is alive no more, and recovers when it continues", async () => {
            assert.equal(await probe(pair, "/livez"), 200);
            await pair.responder.ok("POST", "/scenario/fault", { kind: "stop" });
            await until(async () => (await probe(pair, "/livez")) === 503);
            assert.equal((await pair.process()).state, "T");
            assert.equal(await probe(pair, "/readyz"), 200, "nobody has switched readiness off");
            await pair.responder.ok("PUT", "/scenario/liveness", { watched: false });
            assert.equal(await probe(pair, "/livez"), 200);
            await pair.responder.ok("PUT", "/scenario/liveness", { watched: true });
            assert.equal(await probe(pair, "/livez"), 503);
            await pair.responder.ok("POST", "/scenario/fault", { kind: "continue" });
            await until(async () => (await probe(pair, "/livez")) === 200);
            assert.notEqual((await pair.process()).state, "T");
        });

        it("answers before it is killed, and its agent exits with 137", async () => {
            const { pid } = await pair.process();
            assert.deepEqual(await pair.responder.ok("POST", "/scenario/fault", { kind: "kill" }), {});
            assert.equal(await pair.responder.ended(), 137);
            assert.throws(() => stateOf(pid), "the process is gone");
        });

        it("is killed also while it is stopped", async () => {
            await pair.responder.ok("POST", "/scenario/fault", { kind: "stop" });
            await pair.responder.ok("POST", "/scenario/fault", { kind: "kill" });
            assert.equal(await pair.responder.ended(), 137);
        });

        it("that ends by itself ends its agent, with 1", async () => {
            process.kill((await pair.process()).pid, "SIGTERM");
            assert.equal(await pair.responder.ended(), 1);
        });

        it("allocates memory until it is killed", async () => {
            const { pid } = await pair.process();
            const before = residentBytes(pid);
            await pair.responder.ok("POST", "/scenario/fault", { kind: "allocate" });
            await until(async () => residentBytes(pid) > before + 100 * 2 ** 20);
            process.kill(pid, "SIGKILL"); // as the kernel does
            assert.equal(await pair.responder.ended(), 137);
        });

        it("is not ready while that is switched off, for a time if there is one", async () => {
            await pair.responder.ok("PUT", "/scenario/readiness", { ready: false });
            assert.equal(await probe(pair, "/readyz"), 503);
            assert.equal(await probe(pair, "/livez"), 200);
            await pair.responder.ok("PUT", "/scenario/readiness", { ready: true });
            assert.equal(await probe(pair, "/readyz"), 200);
            await pair.responder.ok("PUT", "/scenario/readiness", { ready: false, seconds: 0.5 });
            assert.equal(await probe(pair, "/readyz"), 503);
            await until(async () => (await probe(pair, "/readyz")) === 200);
            await pair.responder.ok("PUT", "/scenario/readiness", { ready: false, seconds: 0.2 });
            await pair.responder.ok("PUT", "/scenario/readiness", { ready: false });
            await pause(500);
            assert.equal(await probe(pair, "/readyz"), 503, "the later request counts");
        });

        it("ends at SIGTERM, but not before a stopped process has", async () => {
            const { pid } = await pair.process();
            await pair.responder.ok("POST", "/scenario/fault", { kind: "stop" });
            pair.responder.child.kill("SIGTERM");
            await until(async () => (await probe(pair, "/readyz")) === 503);
            await pause(1000);
            assert.equal(pair.responder.child.exitCode, null);
            process.kill(pid, "SIGCONT");
            assert.equal(await pair.responder.ended(), 0);
            assert.throws(() => stateOf(pid));
        });

        it("starts its agent again with the same ledger", async () => {
            const schedule = await pair.schedule({ slots: 50 });
            await pair.initiator.ok("PUT", "/scenario/load", schedule);
            await pair.untilDone();
            const before = await pair.ledger("once");
            assert.equal(before.length, 50);
            await pair.responder.ok("POST", "/scenario/fault", { kind: "kill" });
            await pair.responder.ended();
            await pair.startResponder();
            assert.deepEqual(await pair.ledger("once"), before);
        });

        it("answers 400 to what it doesn't know, and goes on", async () => {
            for (const [method, path, body] of [
                ["POST", "/scenario/fault", { kind: "explode" }],
                ["POST", "/scenario/fault", {}],
                ["POST", "/scenario/fault", [1]],
                ["PUT", "/scenario/readiness", { ready: "no" }],
                ["PUT", "/scenario/readiness", { ready: false, seconds: -1 }],
                ["PUT", "/scenario/liveness", { watched: 1 }],
                ["POST", "/scenario/fill", { volume: "other" }],
                ["POST", "/scenario/fill", { volume: "claim" }],
                ["POST", "/scenario/fill", "{"],
                ["GET", "/scenario/ledger", undefined],
                ["GET", "/scenario/ledger?flow=other", undefined],
                ["GET", "/scenario/ledger?flow=../once", undefined],
            ] as const) {
                const { status, body: answer } = await pair.responder.call(method, path, body);
                assert.equal(status, 400, `${method} ${path}`);
                assert.match((answer as { error: string }).error, /\w/);
            }
            for (const path of ["/livez", "/readyz"]) assert.equal(await probe(pair, path), 200);
            assert.equal((await pair.process()).state.length, 1);
        });

        it("has no ledger before the first message, and serves no load", async () => {
            assert.deepEqual(await pair.ledger("once"), []);
            assert.equal((await pair.responder.call("PUT", "/scenario/load", {})).status, 404);
        });
    });
}

describe("a receiver that drains at SIGTERM", function () {
    this.timeout(60_000);
    let pair: ScenarioPair;
    beforeEach(async () => {
        pair = await ScenarioPair.start("network", { HOPCOST_DRAIN: "true" });
    });
    afterEach(() => pair.stop());

    it("answers the connections it has, says that they end, and refuses new ones", async () => {
        const schedule = await pair.schedule({ slots: 600 });
        await pair.initiator.ok("PUT", "/scenario/load", schedule);
        await pair.untilOffered(100);
        assert.equal(await pair.responder.kill("SIGTERM"), 0);
        await assert.rejects(once(connect(Number(new URL(schedule.uploadUrl as string).port), "127.0.0.1"), "connect"));
        await pair.startResponder();
        await pair.untilDone();
        for (const flow of pair.flows) {
            const { lost, failed, "on-time": onTime, late, ...others } = await pair.outcomes(flow, 600);
            assert.equal(lost, 0);
            assert.ok(onTime > 300, flow);
            if (flow === "retry") assert.deepEqual([failed, onTime + late], [0, 600]);
            if (flow !== "once-fresh") assert.deepEqual(new Set(Object.values(others)), new Set([0]), flow);
            assert.ok(
                (await pair.ledger(flow)).every(({ received }) => received <= 1),
                "nothing was sent twice",
            );
        }
    });

    it("waits for a request that has begun, and closes connections without one", async () => {
        const { uploadUrl } = await pair.schedule();
        const port = Number(new URL(uploadUrl as string).port);
        const [idle, busy] = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
        const request = "POST /upload/once HTTP/1.1\r\nhost: x\r\ncontent-length: 8\r\n\r\n";
        idle.write(`${request}12345678`);
        assert.match(String((await once(idle, "data"))[0]), /connection: keep-alive/i);
        busy.write(`${request}1234`);
        await pause(200);
        pair.responder.child.kill("SIGTERM");
        await pause(300);
        busy.write("5678");
        assert.match(String((await once(busy, "data"))[0]), /connection: close/i);
        await once(idle, "close");
        assert.equal(await pair.responder.ended(), 0);
    });
});

function residentBytes(pid: number): number {
    return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}
