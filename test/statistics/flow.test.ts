import assert from "node:assert/strict";
import fc from "fast-check";
import { flowRecordOf, hasRecovered, type Message } from "../../statistics/flow.ts";

const rate = 50;
const acknowledged = (seconds: number): Message => ({
    sent: { kind: "acknowledged", seconds },
    lateness: 0.001,
    received: { received: 1, corrupt: false, outOfOrder: false },
});
const failed: Message = { sent: { kind: "failed" }, received: { received: 0, corrupt: false, outOfOrder: false } };
const flowOf = (messages: Message[], fromSeconds = -5) => ({
    ...{ flow: "once", ratePerSecond: rate, deadlineSeconds: 1, fromSeconds, messages },
});
const times = (seconds: number, message: Message) => Array<Message>(rate * seconds).fill(message);

const anyMessage = fc.record({
    sent: fc.oneof(
        fc.record({ kind: fc.constant("acknowledged" as const), seconds: fc.double({ min: 0, max: 40, noNaN: true }) }),
        fc.constantFrom({ kind: "failed" as const }, { kind: "unanswered" as const }, { kind: "not-offered" as const }),
    ),
    received: fc.option(
        fc.record({ received: fc.integer({ min: 0, max: 3 }), corrupt: fc.boolean(), outOfOrder: fc.boolean() }),
        { nil: undefined },
    ),
});

describe("the record of a flow", () => {
    it("conserves messages: the outcomes sum to the slots, and the bins to the outcomes", () => {
        const from = fc.double({ min: -20, max: 0, noNaN: true });
        fc.assert(
            fc.property(fc.array(anyMessage, { minLength: 1, maxLength: 400 }), from, (messages, fromSeconds) => {
                const { slots, outcomes, bins } = flowRecordOf(flowOf(messages, fromSeconds));
                const sum = (counts: number[]) => counts.reduce((total, one) => total + one, 0);
                assert.equal(slots, messages.length);
                assert.equal(sum(Object.values(outcomes)), slots);
                for (const [outcome, count] of Object.entries(outcomes))
                    assert.equal(sum(bins.outcomes[outcome] ?? []), count);
                const lengths = new Set([
                    ...Object.values(bins.outcomes).map(({ length }) => length),
                    ...[bins.p50Microseconds, bins.p99Microseconds, bins.maxMicroseconds].map(({ length }) => length),
                ]);
                assert.equal(lengths.size, 1);
            }),
        );
    });

    it("has the messages of all loads, each in its own time", () => {
        const loads = fc.array(fc.tuple(fc.nat({ max: 100 }), fc.array(anyMessage, { minLength: 1, maxLength: 200 })), {
            minLength: 1,
            maxLength: 4,
        });
        fc.assert(
            fc.property(loads, (given) => {
                const [first, ...others] = given.map(([slot, messages]) => flowOf(messages, slot / rate - 1));
                const { slots, outcomes, bins } = flowRecordOf(first ?? assert.fail(), ...others);
                const offered = given.reduce((sum, [, { length }]) => sum + length, 0);
                const covered = new Set(given.flatMap(([slot, messages]) => messages.map((_, index) => slot + index)));
                const [from, to] = [Math.min(...covered), Math.max(...covered)];
                assert.equal(slots, offered + (to - from + 1 - covered.size)); // what no load has was not offered
                const counts = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
                const binned = Object.values(bins.outcomes).flat();
                assert.deepEqual([counts, binned.reduce((sum, count) => sum + count, 0)], [slots, slots]);
            }),
        );
    });

    it("is as bad as the worst of several loads at each time, but counts the messages of each", () => {
        const calm = times(48, acknowledged(0.002));
        const disturbed = [...times(5, acknowledged(0.002)), ...times(3, failed), ...times(40, acknowledged(0.002))];
        const record = flowRecordOf(flowOf(calm), flowOf(disturbed), flowOf(times(30, acknowledged(0.5)), 13));
        assert.equal(record.outcomes.failed, 3 * rate);
        assert.equal(record.slots, 2 * 48 * rate + 30 * rate);
        assert.ok(Math.abs(record.outageSeconds - 3) < 0.03);
        assert.equal(record.badSeconds, 3);
        assert.ok((record.recoverySeconds ?? Number.NaN) < 3.03); // the median of the loads is not slower
    });

    it("finds an outage at its time, beside the latency before it", () => {
        const record = flowRecordOf(
            flowOf([...times(5, acknowledged(0.002)), ...times(3, failed), ...times(40, acknowledged(0.002))]),
        );
        assert.equal(record.outcomes.failed, 3 * rate);
        assert.ok(Math.abs(record.outageSeconds - 3) < 0.03);
        assert.ok(Math.abs((record.recoverySeconds ?? Number.NaN) - 3) < 0.03);
        assert.equal(record.baselineSeconds, 0.002);
        assert.equal(record.bins.fromSeconds, -5);
        assert.equal(record.bins.outcomes.failed?.[50], rate / 10); // the bin of t = 0
        assert.equal(record.bins.p50Microseconds[0], 2000);
        assert.equal(record.bins.p50Microseconds[50], null);
    });

    it("counts what the ledger says of single messages", () => {
        const twice = { ...acknowledged(0.002), received: { received: 2, corrupt: true, outOfOrder: true } };
        const lost = { ...acknowledged(0.002), received: failed.received };
        const record = flowRecordOf(flowOf([acknowledged(0.002), twice, lost]));
        assert.deepEqual([record.duplicated, record.corrupt, record.outOfOrder], [1, 1, 1]);
        assert.equal(record.outcomes.lost, 1);
    });

    it("has recovered only after 30 s as before", () => {
        const recovers = (seconds: number, latency = 0.002) =>
            hasRecovered(
                flowOf([
                    ...times(5, acknowledged(0.002)),
                    ...times(3, failed),
                    ...times(seconds, acknowledged(latency)),
                ]),
            );
        assert.ok(!recovers(29));
        assert.ok(recovers(31));
        assert.ok(!recovers(31, 0.01), "five times as slow is not as before");
    });

    it("compares with the slowest second before the injection, not with its median", () => {
        const unsteady = [
            ...times(2, acknowledged(0.002)),
            ...times(1, acknowledged(0.004)),
            ...times(2, acknowledged(0.002)),
        ];
        assert.ok(hasRecovered(flowOf([...unsteady, ...times(31, acknowledged(0.0042))])));
        assert.ok(!hasRecovered(flowOf([...unsteady, ...times(31, acknowledged(0.006))])));
    });
});
