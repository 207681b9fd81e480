import assert from "node:assert/strict";
import fc from "fast-check";
import { partLengths, phasesTable } from "../../report/phases-table.ts";
import type { PhaseBreakdown } from "../../report/schema.ts";

function breakdown(size: number, parts: Record<string, number>, arm: PhaseBreakdown["arm"] = "volume/chokidar") {
    const named = Object.entries(parts).map(([name, us]) => ({ name, seconds: us / 1e6 }));
    const totalSeconds = named.reduce((sum, { seconds }) => sum + seconds, 0);
    return { arm, size, trials: 3, totalSeconds, parts: named };
}

describe("phasesTable", () => {
    it("shows each part's time and a bar of the same length for every size, per arm", () => {
        const phases = [
            breakdown(64, { "request written": 20, end: 80 }, "network/cluster-ip"),
            breakdown(64, { write: 45, rename: 15, read: 240 }),
            breakdown(1024, { write: 500, rename: 250, read: 250 }),
        ];
        assert.deepEqual(phasesTable({ phases }).split("\n"), [
            "network/cluster-ip",
            "size   total  # request written    = end",
            "64 B  100 us            20.0 us  80.0 us  ####================",
            "",
            "volume/chokidar",
            "size     total  # write  = rename  - read",
            "64 B    300 us  45.0 us   15.0 us  240 us  ###=----------------",
            "1 KiB  1.00 ms   500 us    250 us  250 us  ##########=====-----",
        ]);
    });

    it("shows a dash for a part that a size does not have", () => {
        const phases = [breakdown(64, { write: 30, read: 70 }), breakdown(1024, { write: 100 })];
        assert.match(phasesTable({ phases }).split("\n")[3] as string, /^1 KiB {2}100 us {3}100 us {8}- {2}#{20}$/);
    });

    it("is within 110 columns with up to eight parts of long names", () => {
        for (let count = 1; count <= 8; count++) {
            const names = Array.from({ length: count }, (_, index) => `${index}${"x".repeat(100)}`);
            const parts = Object.fromEntries(names.map((name) => [name, 1234.5]));
            for (const line of phasesTable({ phases: [breakdown(16_777_216, parts)] }).split("\n")) {
                assert.ok(line.length <= 110, line);
            }
        }
    });

    it("is empty without phases", () => {
        assert.equal(phasesTable({ phases: [] }), "");
    });
});

describe("partLengths", () => {
    it("sum up to the whole, each within 1 of its proportion", () => {
        const value = fc.double({ min: 0, max: 1e6, noNaN: true });
        fc.assert(
            fc.property(
                fc.array(value, { minLength: 1, maxLength: 8 }),
                fc.integer({ min: 1, max: 80 }),
                (values, whole) => {
                    const sum = values.reduce((total, part) => total + part, 0);
                    fc.pre(sum > 1e-6);
                    const lengths = partLengths(values, whole);
                    assert.equal(
                        lengths.reduce((total, length) => total + length, 0),
                        whole,
                    );
                    for (const [index, length] of lengths.entries()) {
                        assert.ok(Math.abs(length - ((values[index] as number) / sum) * whole) < 1 + 1e-9);
                    }
                },
            ),
        );
    });

    it("are zeros where there is nothing to share", () => {
        assert.deepEqual(partLengths([0, 0], 30), [0, 0]);
        assert.deepEqual(partLengths([], 30), []);
    });
});
