import assert from "node:assert/strict";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { mainArms } from "../../model/arms.ts";
import { isUnavailable, type Reading } from "../../model/reading.ts";
import { type ContainerMetrics, Results } from "../../model/results.ts";
import type { Scraped, Trial } from "../../model/trial.ts";
import { aggregate } from "../../report/findings/results.ts";
import { metricsOf } from "../../statistics/metrics.ts";
import { seededRandom, shuffled } from "../../statistics/random.ts";
import { journalOf, measuredTrial, planOf, type Seen, scraped, trialOf } from "../model/fixtures.ts";

const { network, volume } = mainArms;
const api = (cpuCores: number) => ({ windowSeconds: 5, cpuCores, memoryBytes: 50_000_000 });

/** Trials of one arm, one per set of readings; the responder has the initiator's readings. */
function trialsSeen(seen: readonly Seen[], arm: Trial["arm"] = network): Trial[] {
    return seen.map((how, index) => measuredTrial(trialOf(index, arm, []), how));
}

/** The sender's metrics in a run with these readings. */
function sender(seen: readonly Seen[]): ContainerMetrics {
    const [first] = metricsOf(trialsSeen(seen)) as [ContainerMetrics];
    return first;
}

function near(actual: Reading<number>, expected: number): void {
    assert.ok(typeof actual === "number", JSON.stringify(actual));
    assert.ok(Math.abs(actual - expected) <= 1e-5 * Math.max(1, Math.abs(expected)), `${actual}, not ${expected}`);
}

const figure = fc.double({ min: 0.001, max: 1e4, noNaN: true });
const missing = fc.constantFrom("connection refused", "no scrape", "HTTP 503").map((unavailable) => ({ unavailable }));
const readings = fc.oneof(figure, missing);
const ways = fc.array(
    fc.record({
        prometheus: fc.oneof(
            { arbitrary: fc.record({ cpuSeconds: readings, throttledSeconds: readings }), weight: 4 },
            { arbitrary: missing, weight: 1 },
        ),
        cpuSeconds: readings,
        api: fc.oneof(figure.map(api), missing),
        seconds: fc.double({ min: 0.5, max: 60, noNaN: true }),
    }),
    { minLength: 1, maxLength: 12 },
);
type Ways = typeof ways extends fc.Arbitrary<infer T> ? T : never;
const seenAs = (all: Ways): (Seen & Required<Pick<Seen, "cpuSeconds" | "api" | "seconds">>)[] =>
    all.map(({ prometheus, ...how }) => ({
        ...how,
        prometheus: isUnavailable(prometheus) ? prometheus : { ...scraped, ...prometheus },
    }));
const scrapedIn = ({ prometheus }: Seen, name: keyof Scraped): Reading<number> =>
    isUnavailable(prometheus) ? prometheus : prometheus[name];
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

describe("metricsOf", () => {
    it("says what each container used, by arm, then initiator and responder", () => {
        const second: Seen = {
            prometheus: { ...scraped, cpuSeconds: 2, memoryPeakBytes: 50_000_001 },
            cpuSeconds: 1.6,
        };
        const trials = [volume, network].map((arm, index) =>
            measuredTrial(trialOf(index, arm, []), { prometheus: scraped, api: api(0.55) }, second),
        );
        const metrics = metricsOf(trials) as ContainerMetrics[];
        assert.deepEqual(
            metrics.map(({ arm, role, trials, seconds }) => [arm, role, trials, seconds]),
            [
                [network, "sender", 1, 10],
                [network, "receiver", 1, 10],
                [volume, "writer", 1, 10],
                [volume, "reader", 1, 10],
            ],
        );
        const rates = {
            blockReadBytesPerSecond: 0,
            blockWriteBytesPerSecond: 4096,
            networkReceiveBytesPerSecond: 2_048_000,
            networkSendBytesPerSecond: 1024,
        };
        const cadvisorDeviation = { unavailable: "hopcost:clusterMetrics is not set (in 1 of 1 trial)" };
        assert.deepEqual(metrics[0], {
            ...{ arm: network, role: "sender", trials: 1, seconds: 10, cpuCores: 0.5, throttledSeconds: 0 },
            ...{ memoryPeakBytes: 61_234_567, ...rates, cpuDeviation: 0, cadvisorDeviation, apiDeviation: 0.1 },
        });
        assert.deepEqual(metrics[3], {
            ...{ arm: volume, role: "reader", trials: 1, seconds: 10, cpuCores: 0.2, throttledSeconds: 0 },
            ...{ memoryPeakBytes: 50_000_001, ...rates, cpuDeviation: 0.25, cadvisorDeviation },
            apiDeviation: { unavailable: "the cluster has no metrics.k8s.io (in 1 of 1 trial)" },
        });
    });

    it("counts a trial by its length: sums over sums, not a mean of quotients", () => {
        const short: Seen = {
            prometheus: { ...scraped, cpuSeconds: 2, cadvisorCpuSeconds: 3 },
            cpuSeconds: 1,
            seconds: 2,
        };
        const long: Seen = {
            prometheus: { ...scraped, cpuSeconds: 4, cadvisorCpuSeconds: 6 },
            cpuSeconds: 5,
            seconds: 18,
        };
        const { trials, seconds, cpuCores, cpuDeviation, cadvisorDeviation } = sender([short, long]);
        assert.deepEqual([trials, seconds, cpuCores, cpuDeviation, cadvisorDeviation], [2, 20, 0.3, 0, 0.5]);
    });

    it("is sums over sums of the trials that have the figures, whatever is missing: that never counts as 0", () => {
        fc.assert(
            fc.property(ways, (all) => {
                const seen = seenAs(all);
                const metrics = sender(seen);
                const known = seen.filter((how) => typeof scrapedIn(how, "cpuSeconds") === "number");
                const cpu = (how: Seen) => scrapedIn(how, "cpuSeconds") as number;
                if (known.length === 0) assert.ok(isUnavailable(metrics.cpuCores));
                else near(metrics.cpuCores, total(known.map(cpu)) / total(known.map(({ seconds }) => seconds)));

                const both = known.filter(({ cpuSeconds }) => typeof cpuSeconds === "number");
                const own = (how: (typeof seen)[number]) => how.cpuSeconds as number;
                if (both.length === 0) assert.ok(isUnavailable(metrics.cpuDeviation));
                else near(metrics.cpuDeviation, total(both.map(cpu)) / total(both.map(own)) - 1);

                const throttled = seen.map((how) => scrapedIn(how, "throttledSeconds"));
                const numbers = throttled.filter((value) => typeof value === "number");
                if (numbers.length === 0) assert.ok(isUnavailable(metrics.throttledSeconds));
                else near(metrics.throttledSeconds, total(numbers));

                const told = seen.flatMap(({ api, cpuSeconds, seconds }) =>
                    isUnavailable(api) || isUnavailable(cpuSeconds)
                        ? []
                        : [[api.cpuCores * seconds, cpuSeconds] as const],
                );
                const [theirs, ours] = [told.map(([it]) => it), told.map(([, it]) => it)];
                if (told.length === 0) assert.ok(isUnavailable(metrics.apiDeviation));
                else near(metrics.apiDeviation, total(theirs) / total(ours) - 1);
                assert.equal(metrics.trials, seen.filter(({ prometheus }) => !isUnavailable(prometheus)).length);
            }),
        );
    });

    it("says the same whatever lies between: trials without a figure change nothing but the reasons", () => {
        fc.assert(
            fc.property(ways, fc.integer({ min: 1, max: 5 }), (all, more) => {
                const seen = seenAs(all);
                const none: Seen = { prometheus: { unavailable: "killed" }, seconds: 40 };
                const [one, other] = [sender(seen), sender([...seen, ...Array.from({ length: more }, () => none)])];
                for (const [name, value] of Object.entries(one)) {
                    const reading = value as Reading<unknown>;
                    if (!isUnavailable(reading)) assert.deepEqual(other[name as keyof ContainerMetrics], reading);
                }
            }),
        );
    });

    it("does not depend on the order in which the journal is read", () => {
        const plan = planOf({ rounds: 3 });
        const journal = journalOf(plan);
        fc.assert(
            fc.property(ways, fc.integer({ min: 0, max: 1e6 }), (all, seed) => {
                const seen = seenAs(all);
                const trials = journal.map((trial, index) =>
                    measuredTrial(trial, seen[index % seen.length] as Seen, seen[(index + 1) % seen.length]),
                );
                const { metrics } = aggregate({ plan, trials });
                assert.equal(metrics?.length, 4);
                const other = aggregate({ plan, trials: shuffled(trials, seededRandom(seed)) });
                assert.equal(JSON.stringify(other.metrics), JSON.stringify(metrics));
            }),
            { numRuns: 20 },
        );
    });

    it("gives the first reason and how often it occurs if no trial has a figure", () => {
        const [refused, killed] = ["connection refused", "killed"].map((unavailable) => ({
            prometheus: { unavailable },
        }));
        const metrics = sender([refused, killed, refused] as Seen[]);
        const unavailable = { unavailable: "connection refused (in 2 of 3 trials)" };
        const { arm, role, trials, seconds, apiDeviation, ...figures } = metrics;
        assert.deepEqual([arm, role, trials, seconds], [network, "sender", 0, 0]);
        assert.deepEqual(
            Object.values(figures),
            Array.from({ length: 9 }, () => unavailable),
        );
    });

    it("cuts an endless reason", () => {
        const { cpuCores } = sender([{ prometheus: { unavailable: "x".repeat(5000) } }]);
        assert.deepEqual(cpuCores, { unavailable: `${"x".repeat(300)}... (in 1 of 1 trial)` });
    });

    it("takes the largest peak, and no deviation if the cgroup counted nothing", () => {
        const peaks = [3, 9, 5].map(
            (memoryPeakBytes): Seen => ({ prometheus: { ...scraped, memoryPeakBytes }, cpuSeconds: 0 }),
        );
        const { memoryPeakBytes, cpuDeviation } = sender(peaks);
        assert.equal(memoryPeakBytes, 9);
        assert.deepEqual(cpuDeviation, { unavailable: "the cgroup counted no CPU time" });
    });

    it("leaves out trials that are not used, and names a trial that has no metrics or no length", () => {
        const [good, wild, bare, endless] = trialsSeen([
            { prometheus: scraped },
            { prometheus: { ...scraped, cpuSeconds: 1e6 } },
            { prometheus: scraped },
            { prometheus: scraped },
        ]) as [Trial, Trial, Trial, Trial];
        const { window: _, ...unlimited } = endless;
        const without = { ...bare, containers: bare.containers.map(({ metrics, ...container }) => container) };
        const [ofAll] = metricsOf([good, { ...wild, state: "discarded" }, without, unlimited]) as [ContainerMetrics];
        assert.deepEqual([ofAll.trials, ofAll.cpuCores], [1, 0.5]);
        assert.deepEqual(metricsOf([unlimited])?.[0]?.cpuCores, {
            unavailable: "the trial does not report its length (in 1 of 1 trial)",
        });
        const [lost] = metricsOf([without, { ...good, state: "discarded" }]) as [ContainerMetrics];
        assert.deepEqual(lost.cpuCores, { unavailable: "the trial has no metrics (in 1 of 1 trial)" });
    });
});

describe("the results of a run", () => {
    const plan = planOf({ rounds: 3 });
    const journal = journalOf(plan);

    it("have no metrics if the run had none, and nothing else changes with them", () => {
        const without = aggregate({ plan, trials: journal });
        assert.equal("metrics" in without, false);
        const trials = journal.map((trial) => measuredTrial(trial, { prometheus: scraped }));
        const { metrics, ...others } = aggregate({ plan, trials });
        assert.equal(metrics?.length, 4);
        assert.deepEqual(others, without);
    });

    it("fit their schema, with and without figures", () => {
        for (const prometheus of [scraped, { unavailable: "connection refused" }]) {
            const trials = journal.map((trial) => measuredTrial(trial, { prometheus, api: api(1) }));
            assert.ok(Value.Check(Results, aggregate({ plan, trials })));
        }
    });
});
