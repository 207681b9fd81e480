import assert from "node:assert/strict";
import fc from "fast-check";
import { none, SequenceQueue } from "../../../workloads/scenario/sequence-queue.ts";

describe("a queue of sequence numbers", () => {
    it("does what a list does", () => {
        const step = fc.oneof(
            fc.record({ what: fc.constant("push" as const), sequence: fc.nat(9) }),
            fc.record({ what: fc.constant("remove" as const), sequence: fc.nat(9) }),
            fc.record({ what: fc.constant("shift" as const), sequence: fc.constant(none) }),
        );
        fc.assert(
            fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
                const queue = new SequenceQueue(10);
                const list: number[] = [];
                for (const { what, sequence } of steps) {
                    const at = list.indexOf(sequence);
                    if (what === "shift") assert.equal(queue.shift(), list.shift() ?? none);
                    else if (what === "remove") {
                        assert.equal(queue.remove(sequence), at >= 0);
                        if (at >= 0) list.splice(at, 1);
                    } else if (at < 0) {
                        queue.push(sequence);
                        list.push(sequence);
                    }
                    assert.equal(queue.length, list.length);
                }
                assert.deepEqual(
                    list.map(() => queue.shift()),
                    list,
                );
            }),
        );
    });

    it("has no number outside its capacity", () => {
        const queue = new SequenceQueue(3);
        for (const sequence of [-1, 3, 4]) assert.equal(queue.remove(sequence), false);
        assert.equal(queue.shift(), none);
    });
});
