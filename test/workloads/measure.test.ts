import assert from "node:assert/strict";
import { measure } from "../../workloads/measure.ts";
import type { Done, Transport } from "../../workloads/transport.ts";
import { CountingClock } from "./support/counting-clock.ts";
import { ScriptedTransport } from "./support/scripted-transport.ts";

const plan = (seconds: number, roundTrips: number) => ({ seconds, roundTrips, roundDeadlineSeconds: 60 });

describe("measure", () => {
    for (const how of ["now", "later"] as const) {
        it(`records exactly the round trips, in order, if the answer comes ${how}`, async () => {
            const clock = new CountingClock();
            const samples = new Float64Array(10);
            const transport = new ScriptedTransport(clock, (round) => 100 + round, how);
            const run = await measure(transport, plan(0, 4), samples, clock.now);
            assert.deepEqual([...samples.slice(0, 5)], [100, 101, 102, 103, 0]);
            assert.deepEqual(run, { count: 4, elapsedNs: 406, startNs: 1000 });
            assert.equal(transport.rounds, 4);
        });
    }

    it("excludes work between two round trips from their times, but counts it as elapsed", async () => {
        const clock = new CountingClock();
        const samples = new Float64Array(10);
        const transport = new ScriptedTransport(clock, () => 100, "tidy");
        const run = await measure(transport, plan(0, 3), samples, clock.now);
        assert.deepEqual([...samples.slice(0, 3)], [100, 100, 100]);
        assert.deepEqual([run.startNs, run.elapsedNs], [2000, 2300]);
        assert.equal(transport.tidied, 3); // none after the last one, because the responder must hold the last payload
    });

    it("continues until both the time has passed and the round trips are done", async () => {
        const clock = new CountingClock();
        const samples = new Float64Array(100);
        const long = await measure(new ScriptedTransport(clock, () => 1e8, "now"), plan(1, 3), samples, clock.now);
        assert.equal(long.count, 10);
        const slow = await measure(new ScriptedTransport(clock, () => 1e9, "now"), plan(1, 3), samples, clock.now);
        assert.equal(slow.count, 3);
    });

    it("ends early once the samples are full, and never grows the stack", async () => {
        const clock = new CountingClock();
        const samples = new Float64Array(200_000);
        const run = await measure(new ScriptedTransport(clock, () => 1, "now"), plan(60, 1e6), samples, clock.now);
        assert.equal(run.count, 200_000);
    });

    it("fails with the transport's error: a failed round trip is never a sample", async () => {
        const clock = new CountingClock();
        const samples = new Float64Array(10);
        const broken = new ScriptedTransport(clock, (round) => (round === 2 ? new Error("cable cut") : 5), "later");
        await assert.rejects(measure(broken, plan(0, 9), samples, clock.now), { message: "cable cut" });
        assert.deepEqual([...samples.slice(0, 3)], [5, 5, 0]);
    });

    it("gives up on an unanswered round trip, and doesn't continue if the answer comes late", async () => {
        const clock = new CountingClock();
        const samples = new Float64Array(10);
        let late: Done = () => {};
        let rounds = 0;
        const silent: Transport = {
            misses: 0,
            staleAcks: 0,
            open: async () => {},
            close: async () => {},
            roundTrip: (done) => {
                rounds += 1;
                late = done;
            },
        };
        const measuring = measure(silent, { ...plan(0, 1), roundDeadlineSeconds: 0.02 }, samples, clock.now);
        await assert.rejects(measuring, { message: "no answer within 0.02 s (0 good round trips before it)" });
        late();
        assert.equal(rounds, 1);
    });
});
