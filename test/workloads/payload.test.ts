import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { IncomingPayload, OutgoingPayload } from "../../workloads/payload.ts";

describe("payload", () => {
    it("tells the same of the same bytes at both ends", () => {
        fc.assert(
            fc.property(fc.integer({ min: 16, max: 5000 }), fc.integer({ min: 0, max: 2 ** 40 }), (size, before) => {
                const sent = new OutgoingPayload(5000);
                sent.round = before;
                sent.open(size);
                assert.equal(sent.next(), before + 1);
                const held = new IncomingPayload(5000);
                held.length = sent.bytes.copy(held.buffer);
                assert.equal(held.round, before + 1);
                assert.deepEqual(held.describe(), sent.describe());
                assert.equal(sent.describe().sha256, createHash("sha256").update(sent.bytes).digest("hex"));
            }),
        );
    });

    it("repeats one byte after the round's number", () => {
        const payload = new OutgoingPayload(64);
        payload.next();
        assert.equal(payload.bytes.toString("latin1"), `\x01${"\0".repeat(7)}${"a".repeat(56)}`);
    });

    it("refuses a size above the trial's largest", () => {
        const open = () => new OutgoingPayload(64).open(65);
        assert.throws(open, { message: "size must be at most 64 (the trial's maxSize), got 65" });
    });

    it("says where nothing was received", () => {
        assert.throws(() => new IncomingPayload(64).describe(), { message: "nothing was received in this trial" });
    });
});
