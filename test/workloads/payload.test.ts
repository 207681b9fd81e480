import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { IncomingPayload, OutgoingPayload } from "../../workloads/payload.ts";

const trial = { maxSize: 5000, payload: "repeated", seed: 1 } as const;
const random = { ...trial, payload: "random" } as const;

describe("payload", () => {
    it("has the same description at both ends for the same bytes", () => {
        fc.assert(
            fc.property(
                fc.integer({ min: 16, max: 5000 }),
                fc.integer({ min: 0, max: 63 }),
                fc.integer({ min: 0, max: 2 ** 40 }),
                fc.constantFrom(trial, random),
                (size, lane, before, content) => {
                    const sent = new OutgoingPayload(content, lane, 16);
                    sent.sequence += before;
                    sent.open(size);
                    assert.equal(sent.next(), lane * 2 ** 46 + before + 1);
                    assert.equal(sent.messages, before + 1);
                    const held = new IncomingPayload(16);
                    held.open(size);
                    held.length = sent.bytes.copy(held.buffer);
                    assert.equal(held.sequence, sent.sequence);
                    assert.deepEqual(held.describe(), sent.describe());
                    assert.equal(sent.describe().sha256, createHash("sha256").update(sent.bytes).digest("hex"));
                },
            ),
        );
    });

    it("is text: its number, then the letter x", () => {
        const payload = new OutgoingPayload({ ...trial, maxSize: 64 });
        payload.next();
        assert.equal(payload.bytes.toString("latin1"), `${"1".padStart(16, "0")}${"x".repeat(48)}`);
        assert.equal(payload.smallest.toString("latin1"), "1".padStart(16, "0"));
    });

    it("refuses a size above the trial's largest", () => {
        const open = () => new OutgoingPayload({ ...trial, maxSize: 64 }).open(65);
        assert.throws(open, { message: "size must be at most 64 (the trial's maxSize), got 65" });
    });

    it("is random if set: the same for the same seed, different for another lane", () => {
        const [one, again, other, lane] = [
            new OutgoingPayload(random),
            new OutgoingPayload(random),
            new OutgoingPayload({ ...random, seed: 2 }),
            new OutgoingPayload(random, 1),
        ].map(({ bytes }) => bytes.subarray(16));
        assert.ok(one && again && other && lane);
        assert.ok(one.equals(again));
        assert.ok(!one.equals(other) && !one.equals(lane));
        // In 4,984 bytes all values are equally frequent, well within 8 standard deviations, and no word occurs twice.
        const counts = new Map<number, number>();
        for (const byte of one) counts.set(byte, (counts.get(byte) ?? 0) + 1);
        assert.equal(counts.size, 256);
        for (const count of counts.values()) assert.ok(count < 55, `${count}`);
        const words = new Uint32Array(one.buffer, 16, Math.floor(one.length / 4));
        assert.equal(new Set(words).size, words.length);
    });

    it("is still random after the largest size has grown", () => {
        const small = new OutgoingPayload(random, 0, 16);
        small.open(4096);
        const whole = new OutgoingPayload(random);
        whole.open(4096);
        assert.ok(small.bytes.equals(whole.bytes));
    });

    it("is undefined if none was received, or only for an earlier cell", () => {
        const held = new IncomingPayload(64);
        assert.equal(held.describe(), undefined);
        held.length = 64;
        assert.equal(held.describe()?.length, 64);
        held.open(64);
        assert.equal(held.describe(), undefined);
    });
});
