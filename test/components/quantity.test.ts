import assert from "node:assert/strict";
import fc from "fast-check";
import { cpuQuantity, memoryQuantity, parseCpu, parseMemory } from "../../components/quantity.ts";

describe("CPU quantities", () => {
    it("are cores or millicores", () => {
        assert.deepEqual(["1", "0.5", "250m", "1.125", "2000m"].map(parseCpu), [1, 0.5, 0.25, 1.125, 2]);
    });

    it("are the same in both notations", () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 1e6 }), (m) => parseCpu(`${m}m`) === parseCpu(String(m / 1000))),
        );
    });

    it("are nothing else, and never zero", () => {
        for (const text of ["", "0", "0m", "-1", "1.5m", "1 ", "one", "1k", "0.0001"]) {
            assert.equal(parseCpu(text), undefined, text);
            assert.equal(
                cpuQuantity("cpuRequest", text),
                `cpuRequest must be a CPU quantity above 0 such as "250m" or "1", got ${JSON.stringify(text)}`,
            );
        }
    });
});

describe("memory quantities", () => {
    it("have binary and decimal units", () => {
        const texts = ["1", "1k", "1Ki", "512Mi", "1M", "2Gi", "1G"];
        assert.deepEqual(texts.map(parseMemory), [1, 1000, 1024, 536_870_912, 1e6, 2_147_483_648, 1e9]);
    });

    it("are not anything else", () => {
        for (const text of ["", "0", "0Mi", "512MB", "1.5Gi", "-1Mi", "512 Mi", "512mi"]) {
            assert.equal(parseMemory(text), undefined, text);
            assert.match(memoryQuantity("memory", text) ?? "", /^memory must be a memory quantity above 0/);
        }
        assert.equal(memoryQuantity("memory", "512Mi"), undefined);
    });
});
