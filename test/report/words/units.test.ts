import assert from "node:assert/strict";
import fc from "fast-check";
import { formatBytesPerSecond, formatFactor, formatRatio, formatSeconds } from "../../../report/words/units.ts";
import { rounded } from "../../../statistics/rounding.ts";

describe("formatSeconds", () => {
    for (const [seconds, expected] of [
        [undefined, "-"],
        [0, "0 us"],
        [2.5e-7, "0.250 us"],
        [1e-6, "1.00 us"],
        [0.000108, "108 us"],
        [0.0001084, "108 us"],
        [0.0009994, "999 us"],
        [0.0009997, "1.00 ms"],
        [0.0012, "1.20 ms"],
        [0.0123456, "12.3 ms"],
        [0.99999, "1.00 s"],
        [12.34, "12.3 s"],
        [3600, "3600 s"],
    ] as const) {
        it(`shows ${seconds} as ${expected}`, () => {
            assert.equal(formatSeconds(seconds), expected);
        });
    }

    it("stays within half a percent and never shows an exponent", () => {
        const scale = { us: 1e-6, ms: 1e-3, s: 1 };
        fc.assert(
            fc.property(fc.double({ min: 1e-7, max: 1e4, noNaN: true }), (seconds) => {
                const [, value, unit] = /^([\d.]+) (us|ms|s)$/.exec(formatSeconds(seconds)) ?? [];
                const shown = Number(value) * scale[unit as keyof typeof scale];
                assert.ok(Math.abs(shown / seconds - 1) <= 0.0051, `${seconds}: ${value} ${unit}`);
            }),
        );
    });
});

describe("formatFactor", () => {
    for (const [factor, expected] of [
        [1.004, "1.00x"],
        [1.04, "1.04x"],
        [1.094, "1.09x"],
        [1.096, "1.1x"],
        [5.71, "5.7x"],
        [9.94, "9.9x"],
        [9.96, "10x"],
        [123.4, "123x"],
    ] as const) {
        it(`shows ${factor} as ${expected}`, () => {
            assert.equal(formatFactor(factor), expected);
        });
    }
});

describe("formatRatio", () => {
    for (const [ratio, expected] of [
        [0.8744, "0.874"],
        [1, "1.00"],
        [5.714, "5.71"],
        [12.34, "12.3"],
        [999.7, "1000"],
        [12_345, "12345"],
    ] as const) {
        it(`shows ${ratio} as ${expected}`, () => {
            assert.equal(formatRatio(ratio), expected);
        });
    }
});

describe("formatBytesPerSecond", () => {
    for (const [bytes, expected] of [
        [0, "0 B/s"],
        [999, "999 B/s"],
        [1023.9, "1024 B/s"],
        [1024, "1.00 KiB/s"],
        [2_044_723, "1.95 MiB/s"],
        [1_572_864_000, "1.46 GiB/s"],
        [2e12, "1863 GiB/s"],
    ] as const) {
        it(`shows ${bytes} as ${expected}`, () => {
            assert.equal(formatBytesPerSecond(bytes), expected);
        });
    }
});

describe("rounded", () => {
    it("keeps six digits, whatever the magnitude", () => {
        assert.deepEqual([0.000123456789, 1234567.89, 5, 0].map(rounded), [0.000123457, 1234570, 5, 0]);
    });

    it("changes nothing when repeated", () => {
        fc.assert(
            fc.property(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), (value) => {
                assert.equal(rounded(rounded(value)), rounded(value));
            }),
        );
    });
});
