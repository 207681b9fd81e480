import assert from "node:assert/strict";
import type { Arm } from "../../../model/arms.ts";
import type { Attribution } from "../../../model/results.ts";
import { explain, findingOf } from "../../../report/findings/explanation.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("report/findings/explanation");

const causes = {
    "volume/chokidar": ["chokidar", "fs.promises", "the volume itself"],
    "network/cluster-ip": ["the Service", "Pod-to-Pod networking", "HTTP in Node.js"],
} as const;

/** Shares in percent, each plus or minus `half` percent. */
function at(size: number, shares: readonly number[], half = 2, arm: Arm = "volume/chokidar"): Attribution {
    const parts = shares.map((percent, index) => {
        const interval: [number, number] = [(percent - half) / 100, (percent + half) / 100];
        const cause = causes[arm as keyof typeof causes][index] as string;
        return { cause, seconds: percent / 1e6, share: percent / 100, interval };
    });
    return { size, arm, parts };
}

const KIB = 1024;

describe("findingOf", () => {
    for (const [shares, half, kind, cause] of [
        [[61, 30, 9], 2, "most", "chokidar"],
        [[61, 30, 9], 12, "largest", "chokidar"], // 49 to 73%
        [[52.5, 40, 7.5], 2, "most", "chokidar"],
        [[52, 40, 8], 2, "largest", "chokidar"], // exactly one half is not above it
        [[45, 40, 15], 2, "largest", "chokidar"],
        [[45, 41, 14], 2, "none", "chokidar"], // they touch at 43%
        [[45, 40, 15], 5, "none", "chokidar"],
        [[10, 20, 70], 3, "most", "the volume itself"],
        [[-5, 55, 50], 2, "most", "fs.promises"],
        [[34, 33, 33], 5, "none", "chokidar"],
    ] as const) {
        it(`says "${kind}" of ${cause} for ${shares.join(", ")}%, each ${half} either way`, () => {
            const finding = findingOf(at(64, shares, half));
            assert.deepEqual([finding?.kind, finding?.part.cause], [kind, cause]);
        });
    }

    it("is absent without an interval", () => {
        const { parts, ...rest } = at(64, [90, 5, 5]);
        const bare = parts.map(({ interval, ...part }) => part);
        assert.equal(findingOf({ ...rest, parts: bare }), undefined);
        const partly = [parts[0], bare[1], bare[2]] as Attribution["parts"];
        assert.equal(findingOf({ ...rest, parts: partly })?.kind, "most");
        const [half] = at(64, [45, 30, 25]).parts;
        assert.equal(findingOf({ ...rest, parts: [half, bare[1], bare[2]] as Attribution["parts"] })?.kind, "none");
    });
});

describe("explain", () => {
    for (const [name, attributions] of [
        [
            "says what most of the time goes to, and that it is not the volume",
            [at(64, [61, 30, 9]), at(4 * KIB, [60, 30, 10]), at(64 * KIB, [55, 25, 20])],
        ],
        ["names a single size once", [at(64, [61, 30, 9])]],
        [
            'does not add "not to the rest" if the cause is the rest',
            [at(64, [2, 4, 94], 1, "network/cluster-ip"), at(KIB, [2, 4, 94], 1, "network/cluster-ip")],
        ],
        [
            "reports both ends if the cause changes",
            [at(64, [46, 38, 16]), at(4 * KIB, [45, 38, 17]), at(16 * KIB * KIB, [1, 3, 96])],
        ],
        [
            "says so if nothing dominates between both ends",
            [at(64, [61, 30, 9]), at(4 * KIB, [40, 40, 20]), at(64 * KIB, [40, 20, 40]), at(KIB * KIB, [10, 20, 70])],
        ],
        [
            "doesn't mention another cause between both ends",
            [at(64, [61, 30, 9]), at(4 * KIB, [20, 70, 10]), at(KIB * KIB, [10, 20, 70])],
        ],
        [
            "names the other arm if it is the slower one",
            [at(64, [61, 30, 9]), at(KIB * KIB, [3, 27, 70], 2, "network/cluster-ip")],
        ],
        ["says that no single cause dominates", [at(64, [40, 38, 22]), at(KIB, [40, 22, 38])]],
        ["says from where on none dominates", [at(64, [61, 30, 9]), at(KIB, [40, 22, 38])]],
    ] as const) {
        it(name, () => {
            asText(name, explain(attributions) ?? "");
        });
    }

    it("is absent without attributions, and if they have no intervals", () => {
        assert.equal(explain([]), undefined);
        const { parts, ...rest } = at(64, [90, 5, 5]);
        assert.equal(explain([{ ...rest, parts: parts.map(({ interval, ...part }) => part) }]), undefined);
    });
});
