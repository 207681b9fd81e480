import assert from "node:assert/strict";
import { type Random, seededRandom } from "../../statistics/random.ts";
import { type Observation, outageOf, scenarioCellOf } from "../../statistics/scenario-cell.ts";
import { type Effect, flowOf, injectionOf, load } from "../report/injections.ts";

const never = Number.POSITIVE_INFINITY;

function observed(index: number, effects: readonly Effect[], random: Random = seededRandom(index)): Observation {
    const record = flowOf("once", effects, random);
    return {
        injection: {
            ...injectionOf({ index, scenario: "kill-process", topology: "network" }, () => []),
            flows: [record],
        },
        record,
    };
}
const down = (seconds: number, outcome: Effect["outcome"] = "failed"): Effect[] => [{ from: 0, to: seconds, outcome }];
const cellOf = (all: Observation[]) => scenarioCellOf(all as [Observation, ...Observation[]]);

describe("the figures of a scenario", () => {
    it("are medians over injections, and sums of messages", () => {
        const cell = cellOf([1, 2, 3, 4, 5, 6, 7].map((seconds, index) => observed(index, down(seconds))));
        assert.deepEqual(cell.outage, { median: 4, interval: [1, 7], censored: 0 });
        assert.deepEqual(cell.recovery, { median: 4, interval: [1, 7], censored: 0 });
        assert.deepEqual(cell.detection, { median: 0, interval: [0, 0], censored: 0 });
        assert.deepEqual([cell.injections, cell.outages, cell.badSeconds], [7, [1, 2, 3, 4, 5, 6, 7], 4]);
        assert.equal(cell.slots, 7 * (load.secondsBefore + load.secondsAfter) * load.ratePerSecond);
        assert.equal(cell.outcomes.failed, 28 * load.ratePerSecond);
        assert.deepEqual(cell.undelivered, { median: 80, interval: [20, 140] });
        assert.equal("reaction" in cell, false);
    });

    it("count an injection with a lost message once, with its exact interval", () => {
        const cell = cellOf([down(1, "lost"), [], [], []].map((effects, index) => observed(index, effects)));
        assert.equal(cell.outcomes.lost, 20);
        assert.equal(cell.lossy.injections, 1);
        // Clopper & Pearson 1934: 1 of 4 is 0.6% to 80.6%.
        assert.deepEqual(
            cell.lossy.interval.map((share) => share.toFixed(3)),
            ["0.006", "0.806"],
        );
    });

    it("are longer than watched if service was out in the end, never a pass and never averaged", () => {
        const forever = observed(0, down(load.secondsAfter));
        assert.equal(outageOf(forever.record), never);
        const cell = cellOf([forever, observed(1, down(2)), observed(2, down(load.secondsAfter))]);
        assert.deepEqual(cell.outage, { median: null, censored: 2 });
        assert.deepEqual(cell.recovery, { median: null, censored: 2 });
        assert.deepEqual(
            [cell.outages, cell.recoveries],
            [
                [null, 2, null],
                [null, 2, null],
            ],
        );
        assert.equal(cell.watchedSeconds, load.secondsAfter);
    });

    it("were longer than those were watched that did not recover; watching others ended with their recovery", () => {
        const watched = ({ injection, record }: Observation, watchedSeconds: number): Observation => ({
            injection: { ...injection, watchedSeconds },
            record,
        });
        const short = watched(observed(1, down(2)), 33);
        const all = [
            short,
            watched(observed(0, down(load.secondsAfter)), 75),
            watched(observed(2, down(load.secondsAfter)), 74),
        ];
        assert.equal(cellOf(all).watchedSeconds, 74);
        assert.equal(cellOf([short]).watchedSeconds, 33);
    });

    it("have an outage that ended although service was not as before in the end", () => {
        const slow: Effect = { from: 2, to: load.secondsAfter, outcome: "on-time", seconds: 0.05 };
        const cell = cellOf([observed(0, [...down(2), slow])]);
        assert.deepEqual([cell.outage.median, cell.recovery.median, cell.recovery.censored], [2, null, 1]);
    });

    it("have no detection if nothing was ever late", () => {
        assert.equal("detection" in cellOf([observed(0, [])]), false);
        assert.deepEqual(cellOf([observed(0, []), observed(1, down(1)), observed(2, [])]).detection, {
            median: null,
            censored: 2,
        });
    });

    // True outages are lognormal; those longer than the watch are censored. Slots are 50 ms apart, which rounds them.
    for (const [name, median, spread] of [
        ["few are censored", 3, 1],
        ["a third are censored", 45, 1.2],
    ] as const) {
        it(`cover the true median in 92 to 98% of 300 simulated scenarios with 20 injections: ${name}`, () => {
            const random = seededRandom(21);
            const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
            const step = 1 / load.ratePerSecond;
            let censored = 0;
            const scenarios = 300;
            const covered = Array.from({ length: scenarios }, () => {
                const observations = Array.from({ length: 20 }, (_, index) => {
                    const seconds = median * Math.exp(spread * normal());
                    return briefly(index, seconds, step);
                });
                const { outage } = cellOf(observations);
                censored += outage.censored;
                const [low, high] = outage.interval ?? [never, 0];
                return (low ?? never) <= median + step && median - step <= (high ?? never);
            }).filter(Boolean).length;
            const share = covered / scenarios;
            assert.ok(share >= 0.92 && share <= 0.98, `${share}`);
            const ofAll = censored / scenarios / 20;
            assert.ok(name.startsWith("few") ? ofAll < 0.02 : ofAll > 0.25 && ofAll < 0.45, `${ofAll} are censored`);
        }).timeout(20_000);
    }
});

/** As {@link observed}, without the cost of simulating every slot: an outage as its record has it. */
function briefly(index: number, seconds: number, step: number): Observation {
    const isOver = seconds < load.secondsAfter;
    const outageSeconds = Math.ceil(Math.min(seconds, load.secondsAfter) / step) * step;
    const { injection, record } = template;
    const { recoverySeconds, ...others } = record;
    const lastSecond = Array<number>(10).fill(1);
    return {
        injection: { ...injection, index },
        record: {
            ...others,
            outageSeconds,
            ...(isOver && { recoverySeconds: outageSeconds }),
            bins: { ...record.bins, outcomes: isOver ? { "on-time": lastSecond } : { failed: lastSecond } },
        },
    };
}
const template = observed(0, down(1));
