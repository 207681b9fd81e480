import assert from "node:assert/strict";
import fc from "fast-check";
import { noiseFloorOf, outageChange, outageVerdict } from "../../statistics/outage-verdict.ts";
import { seededRandom } from "../../statistics/random.ts";

const never = Number.POSITIVE_INFINITY;
const around = (seconds: number, n = 20) => Array.from({ length: n }, (_, index) => seconds + 0.02 * (index % 5));

describe("the noise floor of outages", () => {
    it("is how far the interval of the difference of shams reaches, so one odd sham of many does not decide it", () => {
        const odd = [...Array<number>(19).fill(0), 4];
        assert.equal(noiseFloorOf(odd, Array(20).fill(0), 20), 0.1);
        const slow = Array.from({ length: 20 }, (_, index) => 0.1 * index);
        const floor = noiseFloorOf(slow, Array(20).fill(0), 20);
        assert.ok(floor > 0.9 && floor < 1.9, `${floor}`);
        assert.equal(noiseFloorOf(Array(20).fill(0), slow, 20), floor);
    });

    it("is the largest outage of a sham if there are few, and never less than two slots", () => {
        assert.equal(noiseFloorOf([0, 0.3], [0.05], 20), 0.3);
        assert.equal(noiseFloorOf([0, 0.02], [0], 20), 0.1);
        assert.equal(noiseFloorOf([], [], 20), 0.1);
        assert.equal(noiseFloorOf([never], [0], 20), never);
    });
});

describe("the verdict on outages", () => {
    it("is the topology whose outages are shorter, by more than the noise", () => {
        const { shiftSeconds, interval, verdict } = outageVerdict(around(2), around(1), 0.1);
        assert.equal(verdict, "volume shorter");
        assert.equal(shiftSeconds, -1);
        assert.ok(interval?.every((end) => end !== null && end < -0.9));
        assert.equal(outageVerdict(around(1), around(2), 0.1).verdict, "network shorter");
    });

    it('says "no difference" if the whole interval is within the noise, even if it excludes 0', () => {
        assert.equal(outageVerdict(around(1), around(1.08), 0.2).verdict, "no difference");
        assert.equal(outageVerdict(around(0, 20).fill(0), around(0, 20).fill(0), 0.1).verdict, "no difference");
    });

    it("is inconclusive if the interval leaves the noise, but the shift doesn't, or 0 is inside", () => {
        assert.equal(outageVerdict(around(1), around(1.08), 0.09).verdict, "inconclusive");
        assert.equal(outageVerdict([0, 5, 1, 4, 2, 3], [3, 2, 4, 1, 5, 0], 0.1).verdict, "inconclusive");
    });

    it("is inconclusive with fewer than 6 injections of a topology, however different they are", () => {
        for (const [network, volume] of [
            [3, 3],
            [5, 20],
            [20, 5],
        ] as const) {
            const found = outageVerdict(around(50, network), around(1, volume), 0.1);
            assert.deepEqual(Object.keys(found), ["shiftSeconds", "verdict"]);
            assert.equal(found.verdict, "inconclusive");
        }
        assert.notEqual(outageVerdict(around(50, 6), around(1, 6), 0.1).verdict, "inconclusive");
    });

    it("knows that an outage that never ended is longer, and not by how much", () => {
        assert.deepEqual(outageVerdict(Array(20).fill(never), around(2), 0.1), {
            shiftSeconds: null,
            interval: [null, null],
            verdict: "volume shorter",
        });
    });

    it("is inconclusive if neither ended, and if a sham never ended", () => {
        const both = outageVerdict(Array(20).fill(never), Array(20).fill(never), 0.1);
        assert.deepEqual([both.shiftSeconds, both.verdict], [null, "inconclusive"]);
        for (const seconds of [9, 1]) {
            assert.equal(outageVerdict(around(seconds), around(1), never).verdict, "inconclusive");
        }
    });

    it("is mirrored if the topologies are exchanged", () => {
        const mirrored = { "network shorter": "volume shorter", "volume shorter": "network shorter" } as const;
        const outages = fc.array(fc.oneof(fc.integer({ min: 0, max: 90 }), fc.constant(never)), {
            minLength: 1,
            maxLength: 12,
        });
        fc.assert(
            fc.property(outages, outages, fc.integer({ min: 0, max: 30 }), (a, b, floor) => {
                const [there, back] = [outageVerdict(a, b, floor), outageVerdict(b, a, floor)];
                assert.equal(back.verdict, mirrored[there.verdict as keyof typeof mirrored] ?? there.verdict);
            }),
        );
    });

    it("is what changed from the network to the volume", () => {
        const names = { longer: "network shorter", shorter: "volume shorter" } as Record<string, string>;
        for (const [a, b] of [
            [1, 2],
            [2, 1],
            [1, 1],
            [1, 1.08],
        ] as const) {
            const { outcome, ...change } = outageChange(around(a), around(b), 0.09);
            const { verdict, ...shift } = outageVerdict(around(a), around(b), 0.09);
            assert.deepEqual([shift, verdict], [change, names[outcome] ?? outcome]);
        }
        assert.equal(outageChange(around(1), around(2), 0.1).outcome, "longer");
    });

    it("claims a difference that does not exist in about 5% of 1,000 simulated scenarios with 20 injections", () => {
        const random = seededRandom(9);
        const outage = () => {
            const seconds =
                2 * Math.exp(1.5 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
            return seconds > 60 ? never : seconds;
        };
        const sample = () => Array.from({ length: 20 }, outage);
        const claims = Array.from({ length: 1000 }, () => outageVerdict(sample(), sample(), 0.1).verdict);
        const wrong = claims.filter((verdict) => verdict.endsWith("shorter")).length;
        assert.ok(wrong <= 60 && wrong > 10, `${wrong} of 1,000`);
    }).timeout(20_000);
});
