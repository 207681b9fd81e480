import assert from "node:assert/strict";
import fc from "fast-check";
import { jobName, leaseName, progressName, resultsName, trialName } from "../../model/names.ts";
import { allSizes, formatAbout, formatSize, formatSizes, parseSize } from "../../model/sizes.ts";

describe("allSizes", () => {
    it("are the 16 of the experiment: 64 B, 1 KiB, then doubling to 16 MiB", () => {
        assert.equal(allSizes.length, 16);
        assert.deepEqual(allSizes.slice(0, 4), [64, 1024, 2048, 4096]);
        assert.equal(allSizes.at(-1), 16_777_216);
    });
});

describe("formatSize", () => {
    for (const [bytes, expected] of [
        [0, "0 B"],
        [64, "64 B"],
        [1023, "1023 B"],
        [1024, "1 KiB"],
        [1536, "1.5 KiB"],
        [1_048_576, "1 MiB"],
        [16_777_216, "16 MiB"],
    ] as const) {
        it(`shows ${bytes} as ${expected}`, () => {
            assert.equal(formatSize(bytes), expected);
        });
    }
});

describe("formatAbout", () => {
    for (const [bytes, expected] of [
        [64, "64 B"],
        [812.4, "812 B"],
        [1536, "1.5 KiB"],
        [4096, "4 KiB"],
        [812_345, "793 KiB"],
        [2_936_012, "2.8 MiB"],
        [12_345_678, "12 MiB"],
    ] as const) {
        it(`shows about ${bytes} as ${expected}`, () => {
            assert.equal(formatAbout(bytes), expected);
        });
    }
});

describe("formatSizes", () => {
    it("names one or two sizes, and the ends of more", () => {
        assert.equal(formatSizes([64]), "64 B");
        assert.equal(formatSizes([64, 1024]), "64 B and 1 KiB");
        assert.equal(formatSizes([64, 1024, 65_536]), "64 B to 64 KiB");
    });
});

describe("parseSize", () => {
    for (const [text, expected] of [
        ["64", 64],
        ["64 B", 64],
        ["1KiB", 1024],
        [" 16 MiB ", 16_777_216],
        ["1 KB", undefined],
        ["1.5 KiB", undefined],
        ["-1", undefined],
        ["KiB", undefined],
        ["", undefined],
    ] as const) {
        it(`reads "${text}" as ${expected}`, () => {
            assert.equal(parseSize(text), expected);
        });
    }

    it("reads what formatSize writes for every size of the experiment", () => {
        for (const size of allSizes) assert.equal(parseSize(formatSize(size)), size);
    });
});

describe("names", () => {
    it("are Kubernetes names of at most 63 characters for every run id a plan takes, and differ", () => {
        fc.assert(
            fc.property(fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/), fc.nat(9999), (runId, index) => {
                const configMaps = [trialName(runId, index), progressName(runId), resultsName(runId)];
                for (const name of [...configMaps, jobName(runId), leaseName(runId)]) {
                    assert.match(name, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
                    assert.ok(name.includes(runId));
                }
                assert.equal(new Set(configMaps).size, 3);
            }),
        );
    });

    it("sort the trials of a run in the order of the schedule", () => {
        const names = [0, 9, 10, 99, 100, 1234].map((index) => trialName("run-1", index));
        assert.deepEqual(names.toSorted(), names);
    });
});
