import assert from "node:assert/strict";
import fc from "fast-check";
import { countsOf, outagesOf, type Slot } from "../../../statistics/injection.ts";
import { outcomeOf } from "../../../statistics/outcome.ts";
import { seededRandom } from "../../../statistics/random.ts";
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
async function offered(delivery: Delivery, slots: number, ratePerSecond: number, responder: Responder) {
    const time = new VirtualTime();
    const received = new Uint8Array(slots);
    let [inFlight, most] = [0, 0];
    const send = (sequence: number) => {
        assert.ok(time.ns / 1e9 >= sequence / ratePerSecond - 1e-9, "not before it is due");
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
    const load = new Load({ ratePerSecond, slots, delivery }, { send }, time.now, time.wait);
    const done = load.run(0);
    time.pass();
    await done;
    const all = Array.from({ length: slots }, (_, sequence): Slot => {
        const sent = load.sent(sequence);
        const seconds = sent.kind === "acknowledged" ? { seconds: sent.seconds } : {};
        return { at: sequence / ratePerSecond, outcome: outcomeOf(sent, received[sequence], 1), ...seconds };
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
            }),
            { numRuns: 50 },
        );
    });
});
