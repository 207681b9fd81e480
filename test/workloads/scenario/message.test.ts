import assert from "node:assert/strict";
import fc from "fast-check";
import { OutgoingMessage, readMessage } from "../../../workloads/scenario/message.ts";

describe("a message", () => {
    it("arrives as it was sent, whatever its size and number", () => {
        fc.assert(
            fc.property(fc.integer({ min: 16, max: 2000 }), fc.array(fc.nat(65_535)), (size, sequences) => {
                const message = new OutgoingMessage(size);
                for (const sequence of sequences) {
                    message.write(sequence);
                    assert.equal(message.bytes.length, size);
                    assert.deepEqual(readMessage(message.bytes), { sequence, isIntact: true });
                }
            }),
        );
    });

    it("is not intact if any bit of it is changed, or if it is cut or longer", () => {
        const message = new OutgoingMessage(64);
        message.write(77);
        fc.assert(
            fc.property(fc.nat(63), fc.nat(7), (at, bit) => {
                const bytes = Buffer.from(message.bytes);
                bytes[at] = (bytes[at] as number) ^ (1 << bit);
                assert.equal(readMessage(bytes)?.isIntact, false);
            }),
        );
        for (let length = 8; length < 64; length++)
            assert.equal(readMessage(message.bytes.subarray(0, length))?.isIntact, false);
        assert.equal(readMessage(Buffer.concat([message.bytes, Buffer.from("a")]))?.isIntact, false);
    });

    it("that is too short has no number", () => {
        for (const length of [0, 1, 7]) assert.equal(readMessage(Buffer.alloc(length)), undefined);
    });
});
