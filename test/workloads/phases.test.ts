import assert from "node:assert/strict";
import fc from "fast-check";
import { PhaseRecorder } from "../../workloads/phases.ts";

const nanoseconds = (phases: { name: string; seconds: number }[]) =>
    phases.map(({ name, seconds }) => [name, Math.round(seconds * 1e9)]);

describe("phases", () => {
    it("are the mean of each part over the middle half of the round trips", () => {
        const moments = new Float64Array(1);
        const recorder = new PhaseRecorder(["write", "wait"], moments, 4);
        // The middle half of the 4 round trips is 40 and 60; the others would change both means.
        for (const [index, [start, middle, end]] of [
            [0, 9, 10],
            [100, 110, 140],
            [200, 230, 260],
            [300, 301, 9999],
        ].entries()) {
            moments[0] = middle as number;
            recorder.record(index, start as number, end as number);
        }
        const phases = recorder.summarize(Float64Array.from([10, 40, 60, 9699]));
        assert.deepEqual(nanoseconds(phases), [
            ["write", 20],
            ["wait", 30],
        ]);
    });

    it("end no later than the next phase begins: a rename that returns after the reader's event ends with it", () => {
        const moments = Float64Array.from([110, 190, 150, 170]);
        const recorder = new PhaseRecorder(["write", "rename", "event", "read", "ack"], moments, 1);
        recorder.record(0, 100, 200);
        assert.deepEqual(nanoseconds(recorder.summarize(Float64Array.from([100]))), [
            ["write", 10],
            ["rename", 40],
            ["event", 0],
            ["read", 20],
            ["ack", 30],
        ]);
    });

    it("treat the moment of an earlier round trip as missing", () => {
        const moments = Float64Array.from([110, 50, 150]);
        const recorder = new PhaseRecorder(["write", "rename", "event", "ack"], moments, 1);
        recorder.record(0, 100, 200);
        assert.deepEqual(nanoseconds(recorder.summarize(Float64Array.from([100]))), [
            ["write", 10],
            ["rename", 40],
            ["event", 0],
            ["ack", 50],
        ]);
    });

    it("are never below 0 and always add up to the whole, whatever the clocks show", () => {
        const time = fc.integer({ min: 0, max: 1000 });
        fc.assert(
            fc.property(fc.array(fc.tuple(time, time, time, time), { minLength: 1 }), (rounds) => {
                const moments = new Float64Array(3);
                const recorder = new PhaseRecorder(["a", "b", "c", "d"], moments, rounds.length);
                const samples = Float64Array.from(rounds, ([one, other, length, third], index) => {
                    moments.set([one, other, third]);
                    recorder.record(index, 300, 300 + length);
                    return length;
                });
                const phases = recorder.summarize(samples);
                for (const { seconds } of phases) assert.ok(seconds >= 0);
                const sorted = samples.toSorted();
                const [low, high] = [
                    sorted[Math.floor(sorted.length / 4)] as number,
                    sorted[Math.ceil((sorted.length * 3) / 4) - 1] as number,
                ];
                const middle = sorted.filter((length) => length >= low && length <= high);
                const mean = middle.reduce((sum, length) => sum + length, 0) / middle.length;
                const whole = phases.reduce((sum, { seconds }) => sum + seconds, 0) * 1e9;
                assert.ok(Math.abs(whole - mean) < 1e-6, `${whole} of ${mean}`);
            }),
        );
    });

    it("are 0 without round trips", () => {
        const recorder = new PhaseRecorder(["a", "b"], new Float64Array(1), 1);
        assert.deepEqual(nanoseconds(recorder.summarize(new Float64Array(0))), [
            ["a", 0],
            ["b", 0],
        ]);
    });
});
