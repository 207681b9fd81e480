import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Measured, Payload, Prepare, StartTrial } from "../../workloads/agent/api.ts";
import { initiator } from "../../workloads/initiator.ts";
import type { OutgoingPayload } from "../../workloads/payload.ts";
import type { Done, Transport } from "../../workloads/transport.ts";

const trial: StartTrial = { arm: "network/cluster-ip", index: 0, maxSize: 4096, payload: "repeated", seed: 0 };

/** Round trips in flight now, over the lanes of an initiator, and the most there were at once. */
class InFlight {
    now = 0;
    most = 0;
    begin() {
        this.now += 1;
        this.most = Math.max(this.most, this.now);
    }
    end() {
        this.now -= 1;
    }
}

/** Waits for a while in each round trip; fails from a given one on. */
class WaitingTransport implements Transport {
    readonly misses = 0;
    readonly staleAcks = 0;
    readonly opened: [size: number, lanes: number][] = [];
    readonly sizes: number[] = [];
    moments: Float64Array | undefined;
    closed = false;
    readonly #payload: OutgoingPayload;
    readonly #ms: number;
    readonly #failsFrom: number;
    readonly #inFlight: InFlight;
    constructor(
        payload: OutgoingPayload,
        ms: number,
        failsFrom = Number.POSITIVE_INFINITY,
        inFlight: InFlight = new InFlight(),
    ) {
        this.#payload = payload;
        this.#ms = ms;
        this.#failsFrom = failsFrom;
        this.#inFlight = inFlight;
    }
    async open(size: number, lanes: number) {
        this.opened.push([size, lanes]);
    }
    roundTrip(done: Done) {
        this.#payload.next();
        this.sizes.push(this.#payload.bytes.length);
        const fails = this.#payload.messages >= this.#failsFrom;
        this.#inFlight.begin();
        setTimeout(() => {
            this.#inFlight.end();
            done(fails ? new Error("cable cut") : undefined);
        }, this.#ms);
    }
    async close() {
        this.closed = true;
    }
}

/** An initiator with such lanes. */
async function start(makeLane: (payload: OutgoingPayload, lane: number) => WaitingTransport) {
    const lanes: WaitingTransport[] = [];
    const { prepare, measure, close } = await initiator(trial, async (payload, lane) => {
        const made = makeLane(payload, lane);
        lanes.push(made);
        return made;
    });
    assert.ok(prepare && measure);
    return { lanes, prepare, measure, close };
}

const cell = (mode: Prepare["mode"], concurrency = 1, size = 64): Prepare => ({ mode, concurrency, size });

describe("initiator", function () {
    this.timeout(10_000);

    it("opens lanes when a cell first needs them, and gives all lanes their number", async () => {
        const { lanes, prepare, close } = await start((payload) => new WaitingTransport(payload, 0));
        assert.equal(lanes.length, 1);
        await prepare(cell("closed-loop"));
        assert.equal(lanes.length, 1);
        const sent: Payload[] = await prepare(cell("throughput", 3, 128));
        assert.deepEqual(
            sent.map(({ sequence, length }) => [sequence, length]),
            [
                [2, 128],
                [2 ** 46 + 1, 128],
                [2 * 2 ** 46 + 1, 128],
            ],
        );
        assert.equal((await prepare(cell("closed-loop", 1, 4096))).length, 1);
        assert.deepEqual(
            lanes.map(({ opened }) => opened),
            [
                [
                    [64, 1],
                    [128, 3],
                    [4096, 1],
                ],
                [
                    [128, 3],
                    [4096, 1],
                ],
                [
                    [128, 3],
                    [4096, 1],
                ],
            ],
        );
        assert.deepEqual(lanes[1]?.sizes, [128], "an idle lane makes no round trip");
        await close();
        assert.ok(lanes.every(({ closed }) => closed));
    });

    it("has as many round trips in flight as lanes", async () => {
        const inFlight = new InFlight();
        const { prepare, measure } = await start((payload) => new WaitingTransport(payload, 1, undefined, inFlight));
        for (const lanes of [1, 4]) {
            await prepare(cell("throughput", lanes));
            inFlight.most = 0;
            const { cell: measured, last }: Measured = await measure({ seconds: 0, roundTrips: 42 });
            assert.equal(measured.roundTrips, lanes * Math.ceil(42 / lanes));
            assert.equal(last.length, lanes);
            assert.deepEqual([inFlight.most, inFlight.now], [lanes, 0]);
        }
    });

    it("fails with the error of a lane after all lanes have stopped", async () => {
        const { lanes, prepare, measure } = await start(
            (payload, lane) => new WaitingTransport(payload, 2, lane === 1 ? 5 : undefined),
        );
        await prepare(cell("throughput", 2));
        await assert.rejects(measure({ seconds: 0, roundTrips: 40 }), { message: "cable cut" });
        const made = lanes.map(({ sizes }) => sizes.length);
        assert.deepEqual(made, [21, 5]);
        await sleep(10);
        assert.deepEqual(
            lanes.map(({ sizes }) => sizes.length),
            made,
        );
    });

    it("makes every round trip that is due at a constant rate, and at least the given number", async () => {
        const { prepare, measure } = await start((payload) => new WaitingTransport(payload, 3));
        await prepare(cell("constant-rate"));
        const slow = await measure({ seconds: 0.05, roundTrips: 1, ratePerSecond: 1000 });
        assert.equal(slow.cell.roundTrips, 50);
        assert.ok(slow.cell.lastThirdP50Seconds > slow.cell.firstThirdP50Seconds, "the queue has grown");
        assert.ok(slow.cell.maxSeconds > (slow.cell.elapsedSeconds * 9) / 10 - 0.05, "the last one waited for all");
        const few = await measure({ seconds: 0.01, roundTrips: 7, ratePerSecond: 200 });
        assert.equal(few.cell.roundTrips, 7);
    });

    it("refuses a rate for a closed-loop cell, and a missing rate for a constant-rate cell", async () => {
        const { prepare, measure } = await start((payload) => new WaitingTransport(payload, 0));
        await prepare(cell("closed-loop"));
        await assert.rejects(measure({ seconds: 0, roundTrips: 1, ratePerSecond: 5 }), {
            message: "ratePerSecond must be set only for constant-rate cells, got 5 for a closed-loop cell",
        });
        await prepare(cell("constant-rate"));
        await assert.rejects(measure({ seconds: 0, roundTrips: 1 }), {
            message: "ratePerSecond must be set only for constant-rate cells, got none for a constant-rate cell",
        });
    });

    it("has no prepared cell after a failed preparation", async () => {
        const { prepare, measure } = await start((payload) => new WaitingTransport(payload, 0));
        await prepare(cell("closed-loop"));
        await assert.rejects(prepare(cell("phases")), {
            message: "network/cluster-ip has no phases, because its round trip has no parts",
        });
        await assert.rejects(measure({ seconds: 0, roundTrips: 1 }), {
            message: "no cell is prepared in this trial; POST /prepare first",
        });
    });

    it("reads its counters before and after the cell", async () => {
        const { prepare, measure } = await start((payload) => new WaitingTransport(payload, 5));
        await prepare(cell("closed-loop"));
        let { usage } = await measure({ seconds: 0, roundTrips: 20 });
        // A thread of this test's process may have ended meanwhile, and its switches with it.
        for (let more = 3; more > 0 && Number(usage.voluntarySwitches) <= 0; more--)
            ({ usage } = await measure({ seconds: 0, roundTrips: 20 }));
        assert.ok(Number(usage.voluntarySwitches) > 0, "it waited");
    });
});
