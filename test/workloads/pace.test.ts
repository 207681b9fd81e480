import assert from "node:assert/strict";
import fc from "fast-check";
import { monotonicClock } from "../../workloads/clock.ts";
import { measure } from "../../workloads/measure.ts";
import { Pace } from "../../workloads/pace.ts";
import type { Transport } from "../../workloads/transport.ts";
import { CountingClock } from "./support/counting-clock.ts";
import { ScriptedTransport } from "./support/scripted-transport.ts";

/** A round trip is due every 1,000 ns. */
const gapNs = 1000;
const plan = (roundTrips: number) => ({ seconds: 0, roundTrips, roundDeadlineSeconds: 60 });

/** Measures round trips of these lengths, due every {@link gapNs}. */
async function paced(lengths: number[], how: "now" | "later" | "tidy" = "later") {
    const clock = new CountingClock();
    const transport = new ScriptedTransport(clock, (round) => lengths[round] as number, how);
    const samples = new Float64Array(lengths.length);
    const pace = new Pace(1e9 / gapNs, clock.waiting);
    const run = await measure(transport, plan(lengths.length), samples, clock.now, { pace });
    return { run, samples: [...samples] };
}

describe("constant rate", function () {
    this.timeout(20_000);

    it("counts the time from when a round trip was due: a queue grows by Lindley's recursion", async () => {
        const length = fc.integer({ min: 1, max: 300 }).map((tens) => tens * 10);
        await fc.assert(
            fc.asyncProperty(fc.array(length, { minLength: 1, maxLength: 60 }), async (lengths) => {
                const { run, samples } = await paced(lengths);
                let wait = 0;
                const expected = lengths.map((length) => {
                    const time = wait + length;
                    wait = Math.max(0, time - gapNs);
                    return time;
                });
                assert.deepEqual(samples, expected);
                assert.equal(run.count, lengths.length);
                assert.equal(run.elapsedNs, (lengths.length - 1) * gapNs + (expected.at(-1) as number));
            }),
            { numRuns: 50 },
        );
    });

    it("leaves out no round trip that waited during a stall", async () => {
        const { samples } = await paced([100, 5000, 100, 100, 100, 100, 100, 100]);
        assert.deepEqual(samples, [100, 5000, 4100, 3200, 2300, 1400, 500, 100]);
    });

    it("has a queue that grows by the difference if round trips take longer than their interval", async () => {
        const { samples } = await paced(Array<number>(50).fill(1500), "now");
        assert.deepEqual(
            samples,
            samples.map((_, round) => 1500 + 500 * round),
        );
    });

    it("removes tidying time from the schedule only if a due round trip waits for it", async () => {
        // Tidying takes 1,000: after a round trip of 100 it ends 100 after the next is due, after one of 1,500 it
        // takes 1,000 of the 1,500 that are due already.
        const { samples } = await paced([100, 1500, 100, 0], "tidy");
        assert.deepEqual(samples, [100, 1500, 600, 0]);
    });

    it("never starts a round trip before it is due, even with timers, and doesn't count waiting as no answer", async () => {
        const rate = 125; // 8 ms: a timer and then turns
        const starts: number[] = [];
        const transport: Transport = {
            misses: 0,
            staleAcks: 0,
            open: async () => {},
            close: async () => {},
            roundTrip: (done) => {
                starts.push(monotonicClock());
                done();
            },
        };
        const pace = new Pace(rate, monotonicClock);
        const samples = new Float64Array(10);
        const short = { ...plan(10), roundDeadlineSeconds: 0.004 };
        const { startNs } = await measure(transport, short, samples, monotonicClock, { pace });
        assert.equal(starts.length, 10);
        for (const [round, start] of starts.entries()) assert.ok(start >= startNs + (round * 1e9) / rate);
    });
});
