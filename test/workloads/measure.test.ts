import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { summarize } from "../../workloads/initiator.ts";
import { measure } from "../../workloads/measure.ts";
import type { Done, Transport } from "../../workloads/transport.ts";
import { CountingClock } from "./support/counting-clock.ts";

/** Round trips of given lengths; untimed work of 1,000 ns after each where asked for. */
class ScriptedTransport implements Transport {
    readonly misses = 0;
    readonly staleAcks = 0;
    rounds = 0;
    tidied = 0;
    readonly #clock: CountingClock;
    readonly #lengthOf: (round: number) => number | Error;
    readonly #how: "now" | "later" | "tidy";
    constructor(clock: CountingClock, lengthOf: (round: number) => number | Error, how: "now" | "later" | "tidy") {
        this.#clock = clock;
        this.#lengthOf = lengthOf;
        this.#how = how;
    }
    async open() {}
    async close() {}
    roundTrip(done: Done) {
        const length = this.#lengthOf(this.rounds++);
        const end = () => {
            if (length instanceof Error) return done(length);
            this.#clock.nowNs += length;
            done();
        };
        if (this.#how === "later") setImmediate(end);
        else end();
    }
    tidy() {
        if (this.#how !== "tidy") return undefined;
        return turn().then(() => {
            this.tidied += 1;
            this.#clock.nowNs += 1000;
        });
    }
}

const plan = (seconds: number, roundTrips: number) => ({ seconds, roundTrips, roundDeadlineSeconds: 60 });

describe("measure", () => {
    for (const how of ["now", "later"] as const) {
        it(`records exactly the round trips, in order, where the answer comes ${how}`, async () => {
            const clock = new CountingClock();
            const samples = new Float64Array(10);
            const transport = new ScriptedTransport(clock, (round) => 100 + round, how);
            const run = await measure(transport, plan(0, 4), samples, clock.now);
            assert.deepEqual([...samples.slice(0, 5)], [100, 101, 102, 103, 0]);
            assert.deepEqual(run, { count: 4, elapsedNs: 406, startNs: 1000 });
            assert.equal(transport.rounds, 4);
        });
    }

    it("does not time what comes between two round trips, but counts it as elapsed", async () => {
        const clock = new CountingClock();
        const samples = new Float64Array(10);
        const transport = new ScriptedTransport(clock, () => 100, "tidy");
        const run = await measure(transport, plan(0, 3), samples, clock.now);
        assert.deepEqual([...samples.slice(0, 3)], [100, 100, 100]);
        assert.equal(run.elapsedNs, 2300);
        assert.equal(transport.tidied, 2); // none after the last: what the responder holds must be the last payload
    });

    it("goes on until both the time has passed and the round trips are done", async () => {
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

    it("fails with the transport's error: a failed round trip is no sample", async () => {
        const clock = new CountingClock();
        const samples = new Float64Array(10);
        const broken = new ScriptedTransport(clock, (round) => (round === 2 ? new Error("cable cut") : 5), "later");
        await assert.rejects(measure(broken, plan(0, 9), samples, clock.now), { message: "cable cut" });
        assert.deepEqual([...samples.slice(0, 3)], [5, 5, 0]);
    });

    it("gives up on a round trip that is never answered, and does not go on when the answer comes after all", async () => {
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

describe("summarize", () => {
    it("keeps sum, extremes and the trend", () => {
        const samples = Float64Array.from([9, 1, 5, 4, 4, 4, 20, 30, 10, 777]);
        const cell = summarize({ count: 9, elapsedNs: 100, startNs: 0 }, samples);
        assert.equal(cell.roundTrips, 9);
        assert.equal(cell.sumSeconds, 87e-9);
        assert.equal(cell.minSeconds, 1e-9);
        assert.equal(cell.maxSeconds, 30e-9);
        assert.equal(cell.firstThirdP50Seconds, 5e-9);
        assert.equal(cell.lastThirdP50Seconds, 20e-9);
        assert.deepEqual([...samples.slice(0, 3)], [9, 1, 5], "the order of time is kept");
    });
});
