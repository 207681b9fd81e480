import assert from "node:assert/strict";
import fc from "fast-check";
import { type Due, type Replica, shareCellOf, sharesOf } from "../../statistics/shares.ts";
import { injectionOf } from "../report/injections.ts";

const rate = 10;
/** From 5 s before the injection until 20 s after it, without the first second of the ledger. */
const due: Due = { flow: "once", ratePerSecond: rate, startSeconds: -6, from: 10, to: 260 };
const at = (sequence: number) => due.startSeconds + sequence / rate;
/** A replica that receives the messages for which this holds. */
const replica = (readySeconds: number, receives: (sequence: number) => boolean, endSeconds?: number): Replica => ({
    readySeconds,
    ...(endSeconds !== undefined && { endSeconds }),
    ledger: Uint8Array.from({ length: due.to }, (_, sequence) => (receives(sequence) ? 1 : 0)),
});
const injection = injectionOf({ index: 0, scenario: "scale-out", topology: "network" }, () => []);

describe("the shares of replicas", () => {
    it("count every message once, when it was due, at the replica that has it in its ledger", () => {
        fc.assert(
            fc.property(fc.array(fc.nat({ max: 3 }), { minLength: due.to, maxLength: due.to }), (owners) => {
                const replicas = [0, 1, 2].map((owner) => replica(-9, (sequence) => owners[sequence] === owner));
                const { replicas: shared, fromSeconds } = sharesOf(due, replicas);
                assert.equal(fromSeconds, -5);
                for (const [owner, { arrivals }] of shared.entries()) {
                    assert.equal(arrivals.length, 25);
                    for (const [bin, count] of arrivals.entries()) {
                        const of = owners.filter(
                            (one, sequence) =>
                                one === owner && sequence >= due.from && Math.floor((sequence - 10) / rate) === bin,
                        );
                        assert.equal(count, of.length);
                    }
                }
            }),
        );
    });

    it("of the busiest is that while most replicas were ready", () => {
        const old = replica(-9, (sequence) => at(sequence) < 10 || sequence % 2 === 0);
        const added = replica(10, (sequence) => at(sequence) >= 10 && sequence % 2 === 1);
        assert.equal(sharesOf(due, [old, added]).busiest, 0.5);
        const pinned = sharesOf(due, [replica(-9, () => true), replica(3, () => false)]);
        assert.equal(pinned.busiest, 1);
        const leaving = replica(-9, (sequence) => sequence % 5 === 0, 0);
        const staying = replica(-9, (sequence) => at(sequence) >= 0 || sequence % 5 !== 0);
        assert.equal(sharesOf(due, [staying, leaving]).busiest, 0.8);
    });

    it("are unknown if nothing arrived", () => {
        assert.equal(sharesOf(due, [replica(-9, () => false)]).busiest, undefined);
        assert.equal(sharesOf(due, []).busiest, undefined);
    });

    it("are a new replica's own from the first second in which it has half of what is fair", () => {
        const waits = (from: number, every: number) => {
            const isIts = (sequence: number) => at(sequence) >= from - 1e-9 && sequence % every === 0;
            const shares = sharesOf(due, [replica(-9, (sequence) => !isIts(sequence)), replica(2, isIts)]);
            return shares.replicas.map(({ untilShareSeconds }) => untilShareSeconds);
        };
        assert.deepEqual(waits(2, 2), [undefined, 0]);
        assert.deepEqual(waits(2, 5), [undefined, null]); // 2 of 10, fair would be 5
        const [, late] = waits(7, 2);
        assert.ok(typeof late === "number" && late > 4 && late <= 5, `${late}`);
        assert.deepEqual(waits(99, 2), [undefined, null]);
    });
});

describe("the shares over injections", () => {
    const shared = (added: Replica) => ({ injection, shares: sharesOf(due, [replica(-9, (s) => s % 2 === 0), added]) });
    const prompt = shared(replica(1, (sequence) => sequence % 2 === 1));
    const idle = shared(replica(1, () => false));

    it("are medians, and never if at least half never had theirs", () => {
        const cell = shareCellOf([prompt, prompt, idle]);
        assert.deepEqual(
            [cell?.injections, cell?.replicas, cell?.busiest.median, cell?.untilShare?.median],
            [3, 2, 0.5, 0],
        );
        assert.equal(cell?.untilShare?.censored, 1);
        assert.equal(shareCellOf([prompt, idle, idle])?.untilShare?.median, null);
        assert.deepEqual(Object.keys(cell?.arrivals ?? {}), ["1", "2"]);
    });

    it("have intervals from 6 injections on, as durations have", () => {
        assert.equal(shareCellOf(Array(5).fill(prompt))?.busiest.interval, undefined);
        assert.deepEqual(shareCellOf([...Array(5).fill(prompt), idle])?.busiest.interval, [0.5, 1]);
    });

    it("don't exist if nothing arrived in any", () => {
        const nothing = { injection, shares: sharesOf(due, [replica(-9, () => false)]) };
        assert.equal(shareCellOf([nothing]), undefined);
        assert.equal(shareCellOf([nothing, prompt])?.injections, 1);
    });

    it("have no wait if no replica is new", () => {
        const all = { injection, shares: sharesOf(due, [replica(-9, () => true), replica(-9, () => false, 0)]) };
        assert.equal(shareCellOf([all])?.untilShare, undefined);
    });
});
