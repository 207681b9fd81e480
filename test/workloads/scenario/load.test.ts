import assert from "node:assert/strict";
import fc from "fast-check";
import { countsOf, outagesOf, type Slot } from "../../../statistics/injection.ts";
import { outcomeOf } from "../../../statistics/outcome.ts";
import { seededRandom } from "../../../statistics/random.ts";
import { dueOf, type RateStep } from "../../../statistics/timetable.ts";
import { type Delivery, Load } from "../../../workloads/scenario/load.ts";

/** Time that passes only when nothing is left to do at the moment. */
class VirtualTime {
    ns = 0;
    readonly #waiting: { ns: number; then: () => void }[] = [];
    readonly now = () => this.ns;
    readonly wait = (ms: number, then: () => void) => {
        this.#waiting.push({ ns: this.ns + ms * 1e6, then });
    };
    /** Runs until nobody waits. */
    pass(): void {
        while (this.#waiting.length > 0) {
            this.#waiting.sort((one, other) => one.ns - other.ns);
            const next = this.#waiting.shift();
            this.ns = Math.max(this.ns, next?.ns ?? 0);
            next?.then();
        }
    }
}

/** What a responder does with an attempt at this time: the time until it answers in ms, and how. */
type Responder = (seconds: number) => { ms: number; answer: "ack" | "error" | "silence"; isReceived: boolean };

/** Offers a load to a simulated responder. */
async function offered(
    delivery: Delivery,
    slots: number,
    ratePerSecond: number,
    responder: Responder,
    steps?: RateStep[],
) {
    const time = new VirtualTime();
    const timetable = { ratePerSecond, ...(steps && { steps }) };
    const received = new Uint8Array(slots);
    let [inFlight, most] = [0, 0];
    const send = (sequence: number) => {
        assert.ok(time.ns / 1e9 >= dueOf(timetable, sequence) - 1e-9, "not before it is due");
        inFlight += 1;
        most = Math.max(most, inFlight);
        const { ms, answer, isReceived } = responder(time.ns / 1e9);
        time.wait(ms, () => {
            inFlight -= 1;
            if (isReceived) received[sequence] = (received[sequence] ?? 0) + 1;
            if (answer === "ack") load.acknowledged(sequence);
            else load.failed(sequence, answer === "error");
        });
    };
    const settings = { ...timetable, slots, delivery, attemptSeconds: Number.POSITIVE_INFINITY };
    const load = new Load(settings, () => ({ send, giveUp: () => {} }), time.now, time.wait);
    const done = load.run(0);
    time.pass();
    await done;
    const all = Array.from({ length: slots }, (_, sequence): Slot => {
        const sent = load.sent(sequence);
        const seconds = sent.kind === "acknowledged" ? { seconds: sent.seconds } : {};
        return { at: dueOf(timetable, sequence), outcome: outcomeOf(sent, received[sequence], 1), ...seconds };
    });
    return { load, all, received, most };
}

/** Answers in 2 ms, except in an outage, in which it refuses. */
const refusing =
    (from: number, to: number): Responder =>
    (seconds) =>
        seconds >= from && seconds < to
            ? { ms: 1, answer: "error", isReceived: false }
            : { ms: 2, answer: "ack", isReceived: true };

describe("a load at a constant rate", () => {
    it("is all on time at a responder that answers, and knows how late it was itself", async () => {
        const { all, load, most } = await offered("once", 1000, 100, refusing(99, 99));
        assert.equal(countsOf(all)["on-time"], 1000);
        assert.ok(load.lateness.every((seconds) => seconds >= 0 && seconds <= 0.0011));
        assert.ok(most <= 2);
    });

    it("is offered at each rate from its time on, and as late as always", async () => {
        const steps = [5, 10].map((fromSeconds, index) => ({
            fromSeconds,
            ratePerSecond: [300, 100][index] as number,
        }));
        const { all, load } = await offered("once", 500 + 1500 + 300, 100, refusing(99, 99), steps);
        assert.equal(countsOf(all)["on-time"], all.length);
        assert.ok(load.lateness.every((seconds) => seconds >= -1e-9 && seconds <= 0.0011));
        assert.ok(Math.abs((all.at(-1)?.at ?? 0) - (13 - 0.01)) < 1e-9);
    });

    it("loses rate x outage with one attempt, and nothing with more", async () => {
        const once = await offered("once", 2000, 100, refusing(5, 8));
        assert.equal(countsOf(once.all).failed, 300);
        const [outage] = outagesOf(once.all, 100);
        assert.ok(Math.abs((outage?.seconds ?? 0) - 3) < 0.03, JSON.stringify(outage));
        const retry = await offered("retry", 2000, 100, refusing(5, 8));
        const { late, "on-time": onTime, ...others } = countsOf(retry.all);
        assert.equal(late + onTime, 2000);
        assert.ok(late > 180 && late < 220, `${late} waited for more than a second`);
        assert.deepEqual(new Set(Object.values(others)), new Set([0]));
        assert.ok(retry.received.every((times) => times === 1));
    });

    it("gives up after 30 s, and doesn't send more than 256 at once again", async () => {
        const { all, load, most } = await offered("retry", 1000, 200, () => ({
            ...{ ms: 900, answer: "silence", isReceived: false },
        }));
        assert.equal(countsOf(all).failed, 1000); // the ledger has none of them
        assert.ok(load.attempts(0) > 5, `${load.attempts(0)}`);
        assert.ok(most <= 256 + 200, `${most}`); // first attempts are never held back
    });

    it("sends a message again that arrived without an acknowledgement, which shows as a duplicate", async () => {
        let attempts = 0;
        const { all, received } = await offered("retry", 100, 100, () => {
            attempts += 1;
            return attempts === 1
                ? { ms: 500, answer: "silence", isReceived: true }
                : { ms: 2, answer: "ack", isReceived: true };
        });
        assert.equal(countsOf(all)["on-time"], 100);
        assert.equal(received[0], 2);
    });

    it("has an outcome for each slot, whatever the responder does", async () => {
        const delivery = fc.constantFrom<Delivery>("once", "retry");
        await fc.assert(
            fc.asyncProperty(delivery, fc.integer({ min: 1, max: 300 }), fc.nat(2 ** 31), async (how, slots, seed) => {
                const random = seededRandom(seed);
                const { all, load, received } = await offered(how, slots, 50, () => ({
                    ms: 1000 * random(),
                    answer: (["ack", "error", "silence"] as const)[Math.floor(3 * random())] ?? "ack",
                    isReceived: random() < 0.7,
                }));
                const counts = countsOf(all);
                assert.equal(
                    Object.values(counts).reduce((sum, one) => sum + one, 0),
                    slots,
                );
                assert.equal(counts["not-offered"], 0);
                assert.equal(counts.unknown, 0);
                for (const [sequence, times] of received.entries()) assert.ok(times <= load.attempts(sequence));
                if (how === "once") for (let one = 0; one < slots; one++) assert.equal(load.attempts(one), 1);
                assert.ok(load.isDone);
                const ended = load.ended(0, slots);
                assert.equal(new Set(ended).size, slots, "each has ended once");
            }),
            { numRuns: 50 },
        );
    });
});

describe("a load that is not offered whole, or whose attempts don't end by themselves", () => {
    const settings = { ratePerSecond: 100, slots: 1000, delivery: "once", attemptSeconds: 1 } as const;

    it("starts at a later slot, at that slot's time", async () => {
        const time = new VirtualTime();
        time.ns = 4e9;
        const sentAt: [number, number][] = [];
        const courier = (load: Load) => ({
            send: (sequence: number) => {
                sentAt.push([sequence, time.ns / 1e9]);
                time.wait(2, () => load.acknowledged(sequence));
            },
            giveUp: () => assert.fail("everything is answered"),
        });
        const load = new Load(settings, courier, time.now, time.wait);
        const done = load.run(0, 401);
        time.pass();
        await done;
        assert.deepEqual(load.offered, { from: 401, next: 1000 });
        assert.equal(sentAt.length, 599);
        for (const [sequence, at] of sentAt) assert.ok(at >= sequence / 100 - 1e-9 && at < sequence / 100 + 0.002);
        assert.equal(load.sent(400).kind, "not-offered");
        assert.equal(load.sent(401).kind, "acknowledged");
        assert.deepEqual([...load.ended(0, 3)], [401, 402, 403]);
        assert.deepEqual([...load.ended(597, 5000)], [998, 999]);
    });

    it("has nothing to do if all slots are past", async () => {
        const time = new VirtualTime();
        const courier = { send: () => assert.fail("nothing is offered"), giveUp: () => {} };
        const load = new Load(settings, () => courier, time.now, time.wait);
        await load.run(0, 2000);
        assert.deepEqual([load.isDone, load.offered], [true, { from: 1000, next: 1000 }]);
    });

    it("stops at the slots it has offered, and waits for their ends", async () => {
        const time = new VirtualTime();
        const courier = (load: Load) => ({
            send: (sequence: number) => time.wait(700, () => load.acknowledged(sequence)),
            giveUp: () => {},
        });
        const load = new Load(settings, courier, time.now, time.wait);
        let doneAt = 0;
        const done = load.run(0).then(() => {
            doneAt = time.ns / 1e9;
        });
        time.wait(2000, () => {
            load.stop();
            assert.equal(load.isDone, false);
        });
        time.pass();
        await done;
        const { next } = load.offered;
        assert.ok(next >= 199 && next <= 201, `${next}`);
        assert.equal(load.ended(0, 1000).length, next);
        assert.ok(doneAt > 2.6, `${doneAt}`);
    });

    it("gives one attempt up at the deadline, counted from when it was due", async () => {
        const time = new VirtualTime();
        const givenUp: number[] = [];
        const courier = (load: Load) => ({
            send: () => {},
            giveUp: (sequence: number) => {
                const age = time.ns / 1e9 - sequence / 100;
                assert.ok(age >= 1 && age < 1.05, `${age}`);
                givenUp.push(sequence);
                load.failed(sequence, sequence % 2 === 0);
            },
        });
        const load = new Load(settings, courier, time.now, time.wait);
        const done = load.run(0);
        time.pass();
        await done;
        assert.deepEqual(
            givenUp,
            Array.from({ length: 1000 }, (_, sequence) => sequence),
        );
        assert.deepEqual([load.sent(0).kind, load.sent(1).kind], ["failed", "unanswered"]);
        load.acknowledged(0);
        assert.equal(load.sent(0).kind, "failed", "what has ended stays as it is");
    });

    it("gives an attempt up only once, even if the courier takes its time to end it", async () => {
        const time = new VirtualTime();
        let givenUp = 0;
        const courier = (load: Load) => ({
            send: () => {},
            giveUp: (sequence: number) => {
                givenUp += 1;
                time.wait(500, () => load.failed(sequence, false));
            },
        });
        const load = new Load({ ...settings, slots: 50 }, courier, time.now, time.wait);
        const done = load.run(0);
        time.pass();
        await done;
        assert.equal(givenUp, 50);
    });

    it("sends again after each attempt's time, until 30 s, and counts from when an attempt began", async () => {
        const time = new VirtualTime();
        const courier = (load: Load) => ({ send: () => {}, giveUp: (one: number) => load.failed(one, true) });
        const load = new Load({ ...settings, slots: 1, delivery: "retry" }, courier, time.now, time.wait);
        const done = load.run(0);
        time.pass();
        await done;
        assert.ok(load.attempts(0) >= 28 && load.attempts(0) <= 30, `${load.attempts(0)}`);
        assert.ok(time.ns / 1e9 < 30.1);
    });

    it("leaves a message in doubt if any of its attempts had no answer", async () => {
        const time = new VirtualTime();
        let attempts = 0;
        const courier = (load: Load) => ({
            send: (sequence: number) => {
                attempts += 1;
                const isDefinite = attempts > 1;
                time.wait(1, () => load.failed(sequence, isDefinite));
            },
            giveUp: () => {},
        });
        const load = new Load({ ...settings, slots: 1, delivery: "retry" }, courier, time.now, time.wait);
        const done = load.run(0);
        time.pass();
        await done;
        assert.equal(load.sent(0).kind, "unanswered");
    });

    it("takes an acknowledgement that comes between two attempts", async () => {
        const time = new VirtualTime();
        const courier = (load: Load) => ({
            send: (sequence: number) => {
                time.wait(1, () => load.failed(sequence, false));
                time.wait(50, () => load.acknowledged(sequence));
            },
            giveUp: () => {},
        });
        const load = new Load({ ...settings, slots: 10, delivery: "retry" }, courier, time.now, time.wait);
        const done = load.run(0);
        time.pass();
        await done;
        for (let sequence = 0; sequence < 10; sequence++) {
            assert.equal(load.sent(sequence).kind, "acknowledged");
            assert.equal(load.attempts(sequence), 1);
        }
        assert.equal(load.ended(0, 100).length, 10);
    });
});
