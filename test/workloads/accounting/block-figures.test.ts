import assert from "node:assert/strict";
import fc from "fast-check";
import { blockFiguresV1, blockFiguresV2 } from "../../../workloads/accounting/block-figures.ts";

describe("figures of block devices", () => {
    const count = fc.nat();
    const devices = fc.array(fc.record({ id: fc.nat(300), read: count, write: count }), { minLength: 1, maxLength: 5 });
    const total = (values: { read: number; write: number }[], which: "read" | "write") =>
        values.reduce((sum, value) => sum + value[which], 0);

    it("are the sums over all devices, in both versions", () => {
        fc.assert(
            fc.property(devices, (values) => {
                const v2 = values.map(
                    ({ id, read, write }) => `8:${id} rbytes=${read} wbytes=${write} rios=1 wios=2 dbytes=7`,
                );
                const v1 = values.map(
                    ({ id, read, write }) => `8:${id} Read ${read}\n8:${id} Write ${write}\n8:${id} Total 5`,
                );
                const [stat, bytes] = [v2, v1].map((lines) => ({ path: "/f", text: `${lines.join("\n")}\n` }));
                assert.ok(stat && bytes);
                const of2 = blockFiguresV2(stat);
                const of1 = blockFiguresV1(bytes, bytes);
                assert.deepEqual([of2.blockReadBytes, of1.blockReadBytes], Array(2).fill(total(values, "read")));
                assert.deepEqual([of2.blockWriteBytes, of1.blockWriteBytes], Array(2).fill(total(values, "write")));
                assert.deepEqual([of2.blockReads, of2.blockWrites], [values.length, 2 * values.length]);
            }),
        );
    });

    it("are 0 for a device with only a name, even on another device's line", () => {
        const text = "7:1 7:0 8:0 rbytes=5 wbytes=6 rios=7 wios=8\n254:0\n254:1 cost.vrate=100.00\n";
        assert.deepEqual(blockFiguresV2({ path: "/f", text }), {
            blockReadBytes: 5,
            blockWriteBytes: 6,
            blockReads: 7,
            blockWrites: 8,
        });
    });
});
