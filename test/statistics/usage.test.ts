import assert from "node:assert/strict";
import fc from "fast-check";
import type { Counters } from "../../model/trial.ts";
import { cpuSecondsOf, roundTripUsage, usageBetween } from "../../statistics/usage.ts";
import { counters, usageFor } from "../model/fixtures.ts";

const names = Object.keys(counters) as (keyof Counters)[];
const memory = ["memoryBytes", "memoryPeakBytes"];
const unavailable = { unavailable: "io.stat is not there" };
const allAt = (value: Counters[keyof Counters]) =>
    Object.fromEntries(names.map((name) => [name, value])) as unknown as Counters;

describe("usageBetween", () => {
    it("has the difference of every counter, and memory as it was afterwards", () => {
        fc.assert(
            fc.property(fc.nat(1e9), fc.nat(1e9), (start, used) => {
                const usage = usageBetween(allAt(start), allAt(start + used));
                assert.deepEqual(Object.keys(usage), names);
                for (const name of names) assert.equal(usage[name], memory.includes(name) ? start + used : used, name);
            }),
            { numRuns: 30 },
        );
    });

    it("takes less memory than before as it is", () => {
        const after = { ...counters, memoryBytes: 1 };
        assert.equal(usageBetween(counters, after).memoryBytes, 1);
    });

    for (const name of names.filter((name) => !memory.includes(name))) {
        it(`says why ${name} is unavailable, before or after, and that it went backwards; never 0`, () => {
            const without = { ...counters, [name]: unavailable };
            assert.deepEqual(usageBetween(without, counters)[name], unavailable);
            assert.deepEqual(usageBetween(counters, without)[name], unavailable);
            assert.deepEqual(usageBetween({ ...counters, [name]: 1e9 }, counters)[name], {
                unavailable: "the counter went backwards, so its source was restarted in between",
            });
        });
    }
});

describe("roundTripUsage", () => {
    it("divides the sums of all trials by all round trips; throttling is a total, memory a maximum", () => {
        const trials = [
            usageFor(0, { cpuSeconds: 1, throttledSeconds: 0.5, memoryPeakBytes: 100, readBytes: 600 }),
            usageFor(0, { cpuSeconds: 2, throttledSeconds: 0.25, memoryPeakBytes: 70, readBytes: 0 }),
        ];
        const usage = roundTripUsage(trials, 60);
        assert.deepEqual(
            [usage.cpuSeconds, usage.throttledSeconds, usage.memoryPeakBytes, usage.readBytes, usage.writeBytes],
            [0.05, 0.75, 100, 10, 0],
        );
    });

    it("is unavailable figure by figure if one trial's is, with the reason", () => {
        const fields = Object.keys(roundTripUsage([counters], 1)) as (keyof Counters)[];
        for (const name of fields) {
            const usage = roundTripUsage([counters, { ...counters, [name]: unavailable }], 10);
            for (const other of fields) {
                assert.deepEqual(typeof usage[other as keyof typeof usage], other === name ? "object" : "number");
            }
            assert.deepEqual(usage[name as keyof typeof usage], unavailable);
        }
    });
});

describe("cpuSecondsOf", () => {
    it("adds both containers up, or says why it can't", () => {
        const end = (cpuSeconds: Counters["cpuSeconds"]) => roundTripUsage([usageFor(0, { cpuSeconds })], 10);
        assert.equal(cpuSecondsOf([end(1), end(2)]), 0.3);
        assert.deepEqual(cpuSecondsOf([end(1), end(unavailable)]), unavailable);
    });
});
