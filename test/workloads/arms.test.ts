import assert from "node:assert/strict";
import { type Arm, allArms, familyOf } from "../../model/arms.ts";
import { decodeHistogram } from "../../statistics/histogram.ts";
import type { Measured } from "../../workloads/agent/api.ts";
import { readerArms } from "../../workloads/reader/arms.ts";
import { receiverArms } from "../../workloads/receiver/arms.ts";
import { armsOf } from "../../workloads/role-arms.ts";
import { senderArms } from "../../workloads/sender/arms.ts";
import { writerArms } from "../../workloads/writer/arms.ts";
import { Pair } from "./support/pair.ts";

const MIB = 2 ** 20;
const closedLoop = { mode: "closed-loop", concurrency: 1 } as const;

describe("arms of the roles", () => {
    it("include every arm, at both ends", () => {
        for (const [role, table] of [
            ["sender", senderArms],
            ["receiver", receiverArms],
            ["writer", writerArms],
            ["reader", readerArms],
        ] as const) {
            assert.deepEqual(Object.keys(table).sort(), armsOf(role).sort(), role);
        }
        assert.deepEqual([...armsOf("sender"), ...armsOf("reader")].sort(), [...allArms].sort());
    });
});

for (const topology of ["network", "volume"] as const) {
    describe(`arms between ${topology === "network" ? "sender and receiver" : "writer and reader"}`, function () {
        this.timeout(30_000);
        let pair: Pair;
        before(async () => {
            pair = await Pair.start(topology);
        });
        after(() => pair.stop());

        const arms = armsOf(topology === "network" ? "sender" : "writer");
        for (const arm of arms.filter((arm) => familyOf(arm) !== "floor")) {
            it(`${arm}: every mode in one trial, with random payloads`, async () => {
                await pair.trial(arm, MIB, "random");
                for (const size of [64, MIB]) {
                    await pair.prepare({ ...closedLoop, size });
                    const { cell, usage } = await pair.measure({ seconds: 0, roundTrips: 30 });
                    assert.deepEqual(
                        [cell.roundTrips, cell.misses, cell.staleAcks, cell.phases],
                        [30, 0, 0, undefined],
                    );
                    assert.equal(decodeHistogram(cell.histogram).count, 30);
                    assert.ok(Number(usage.writeBytes) >= 30 * size, "its counters hold what it wrote");
                }
                for (const size of [64, MIB]) {
                    await pair.prepare({ mode: "phases", concurrency: 1, size });
                    const { cell } = await pair.measure({ seconds: 0, roundTrips: 40 });
                    checkPhases(arm, cell);
                }
                await pair.prepare({ mode: "constant-rate", concurrency: 1, size: 64 });
                const { cell } = await pair.measure({ seconds: 0.05, roundTrips: 1, ratePerSecond: 400 });
                assert.deepEqual([cell.roundTrips, cell.misses, cell.staleAcks, cell.phases], [20, 0, 0, undefined]);
                for (const size of [64, MIB]) await throughput(size);
                await pair.prepare({ ...closedLoop, size: MIB });
                await pair.measure({ seconds: 0, roundTrips: 5 });
            });
        }

        /** Four lanes, none of which accepts another's payload or ack. */
        async function throughput(size: number): Promise<void> {
            const sent = await pair.prepare({ mode: "throughput", concurrency: 4, size });
            const lanes = sent.map(({ sequence }) => Math.floor(sequence / 2 ** 46));
            assert.deepEqual(lanes, [0, 1, 2, 3]);
            const { cell, last } = await pair.measure({ seconds: 0, roundTrips: 80 });
            assert.deepEqual([cell.roundTrips, cell.misses, cell.staleAcks], [80, 0, 0]);
            assert.equal(decodeHistogram(cell.histogram).count, 80);
            for (const [lane, { sequence, length }] of last.entries()) {
                assert.ok(sequence - (sent[lane]?.sequence ?? 0) >= 20, `lane ${lane} made its own round trips`);
                assert.equal(length, size);
            }
            assert.ok(cell.sumSeconds > cell.elapsedSeconds, "several were in flight");
        }
    });
}

describe("floor/noop", function () {
    this.timeout(10_000);
    it("makes empty round trips and has no payload to compare", async () => {
        const pair = await Pair.start("network");
        await pair.trial("floor/noop", 64);
        const cell = { ...closedLoop, size: 64 };
        assert.deepEqual(await pair.responder.ok("POST", "/prepare", cell), []);
        await pair.initiator.ok("POST", "/prepare", cell);
        const measured = await pair.initiator.ok<Measured>("POST", "/measure", { seconds: 0, roundTrips: 100_000 });
        assert.equal(measured.cell.roundTrips, 100_000);
        assert.deepEqual(await pair.responder.ok("GET", "/received"), []);
        const refused = await pair.initiator.call("POST", "/prepare", { ...cell, mode: "phases" });
        assert.deepEqual(refused.body, {
            error: "sender: floor/noop has no phases, because its round trip has no parts",
        });
        // A full array ends the cell early.
        await pair.initiator.ok("POST", "/prepare", cell);
        const full = await pair.initiator.ok<Measured>("POST", "/measure", { seconds: 60, roundTrips: 1 });
        assert.equal(full.cell.roundTrips, 2 ** 20);
        await pair.stop();
    });
});

function checkPhases(arm: Arm, { phases = [], histogram, roundTrips }: Measured["cell"]): void {
    const names = familyOf(arm) === "network" ? "write wait read" : "write rename event read ack";
    assert.equal(phases.map(({ name }) => name).join(" "), names);
    for (const { name, seconds } of phases) assert.ok(seconds >= 0, `${name}: ${seconds}`);
    // The reader can get its event before rename returns, but that takes time too.
    const event = phases.filter(({ name }) => name === "rename" || name === "event");
    const others = phases.filter((phase) => !event.includes(phase));
    for (const { name, seconds } of others) assert.ok(seconds > 0, `${name} was never noted`);
    if (event.length > 0) assert.ok(event.some(({ seconds }) => seconds > 0));
    const { values, counts } = decodeHistogram(histogram);
    const samples = values.flatMap((value, bin) => Array<number>(counts[bin] as number).fill(value));
    const whole = phases.reduce((sum, { seconds }) => sum + seconds, 0) * 1e9;
    const [low, high] = [samples[roundTrips / 4] as number, samples[(roundTrips * 3) / 4 - 1] as number];
    assert.ok(whole >= low * 0.999 && whole <= high * 1.001, `${whole} ns of ${low} to ${high}`);
}
