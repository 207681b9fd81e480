import assert from "node:assert/strict";
import fc from "fast-check";
import { sham } from "../../model/scenarios.ts";
import { injectionSchedule } from "../../statistics/injection-schedule.ts";

const expected = (...names: string[]) =>
    names.map((name) => {
        const [scenario = "", topology = ""] = name.split(" ");
        return { scenario, topology, text: "", bounds: [] };
    });
const some = expected("kill network", "kill volume", "full volume");
const keyOf = ({ scenario, topology }: { scenario: string; topology: string }) => `${scenario} ${topology}`;
const alike = () => 1;

describe("the schedule of injections", () => {
    it("has each scenario as often as planned on each topology that it is done to, and the shams", () => {
        fc.assert(
            fc.property(
                fc.integer({ min: 1, max: 30 }),
                fc.integer({ min: 0, max: 40 }),
                fc.nat(),
                (n, shams, seed) => {
                    const scheduled = injectionSchedule({ injections: n, shams, expected: some }, seed, alike);
                    const counts = Map.groupBy(scheduled, keyOf);
                    for (const one of some) assert.equal(counts.get(keyOf(one))?.length, n);
                    for (const topology of ["network", "volume"])
                        assert.equal(counts.get(`${sham} ${topology}`)?.length ?? 0, shams);
                    assert.deepEqual(
                        scheduled.map(({ index }) => index),
                        scheduled.map((_, index) => index),
                    );
                    assert.ok(scheduled.every(({ phase }) => phase >= 0 && phase < 1));
                },
            ),
        );
    });

    it("has fewer injections of some, evenly over the rounds", () => {
        const plan = { injections: 20, fewer: { kill: 6, full: 30 }, shams: 6, expected: some };
        const scheduled = injectionSchedule(plan, 5, alike);
        const counts = Map.groupBy(scheduled, keyOf);
        assert.deepEqual(
            ["kill network", "kill volume", "full volume", `${sham} volume`].map((key) => counts.get(key)?.length),
            [6, 6, 20, 6],
        );
        const places = (counts.get("kill network") ?? []).map(({ index }) => index / scheduled.length);
        for (const [at, place] of places.entries()) assert.ok(Math.abs(place - (at + 1) / 6) < 0.15, `${places}`);
    });

    it("is the same for the same seed, and another one for another", () => {
        const of = (seed: number) => injectionSchedule({ injections: 20, shams: 20, expected: some }, seed, alike);
        assert.deepEqual(of(1), of(1));
        assert.notDeepEqual(of(1).map(keyOf), of(2).map(keyOf));
    });

    it("interleaves: every round has each scenario and its share of the shams", () => {
        const scheduled = injectionSchedule({ injections: 10, shams: 10, expected: some }, 3, alike);
        const perRound = some.length + 2;
        for (let round = 0; round < 10; round++) {
            const ofRound = scheduled.slice(perRound * round, perRound * (round + 1));
            assert.equal(new Set(ofRound.map(keyOf)).size, perRound);
        }
    });

    it("ends with the shortest, and is shuffled before its last round", () => {
        const seconds = (scenario: string) => ({ full: 100, kill: 20 })[scenario] ?? 1;
        const scheduled = injectionSchedule({ injections: 10, shams: 10, expected: some }, 3, seconds);
        const last = scheduled.slice(-5).map(({ scenario }) => scenario);
        assert.deepEqual(last, ["full", "kill", "kill", sham, sham]);
        const unsorted = injectionSchedule({ injections: 10, shams: 10, expected: some }, 3, alike);
        assert.deepEqual(scheduled.slice(0, -5), unsorted.slice(0, -5));
    });
});
