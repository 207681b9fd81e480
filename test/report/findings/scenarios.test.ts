import assert from "node:assert/strict";
import { Value } from "@sinclair/typebox/value";
import fc from "fast-check";
import { parseResults } from "../../../model/parse.ts";
import { type Injection, ScenarioResults } from "../../../model/scenarios.ts";
import { aggregate } from "../../../report/findings/results.ts";
import { scenarioResultsOf } from "../../../report/findings/scenarios.ts";
import { seededRandom, shuffled } from "../../../statistics/random.ts";
import { journalOf, planOf } from "../../model/fixtures.ts";
import { type Effect, injectionOf, injectionsOf, load, scenarioPlanOf, scenarioRunOf } from "../injections.ts";

const plan = scenarioPlanOf();
const journal = injectionsOf(plan);
const results = scenarioResultsOf(plan, journal);
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const small = scenarioPlanOf({ names: ["kill-process"], injections: 2, shams: 0 });
const down = (seconds: number): Effect[] => [{ from: 0, to: seconds, outcome: "failed" }];
const kill = (index: number, seconds: number, change: Partial<Injection> = {}) =>
    injectionOf({ index, scenario: "kill-process", topology: "network" }, () => down(seconds), change);

describe("the results of scenarios", () => {
    it("have a cell for each scenario, topology and flow, in the order of the plan, shams last", () => {
        const network = ["once", "once-fresh", "retry"].map((flow) => `network ${flow}`);
        const volume = ["once", "retry", "retry-no-rescan"].map((flow) => `volume ${flow}`);
        assert.deepEqual(
            results.cells.map(({ scenario, topology, flow }) => `${scenario} ${topology} ${flow}`),
            [...plan.names, "sham"].flatMap((name) => [...network, ...volume].map((key) => `${name} ${key}`)),
        );
        assert.ok(Value.Check(ScenarioResults, results));
    });

    it("compare the flows that both topologies have, and no shams", () => {
        assert.deepEqual(
            results.verdicts.map(({ scenario, flow, verdict }) => `${scenario} ${flow}: ${verdict}`),
            plan.names.flatMap((name) => ["once", "retry"].map((flow) => `${name} ${flow}: volume shorter`)),
        );
    });

    it("list what is void, and don't count it", () => {
        const [first] = results.void;
        assert.deepEqual(results.void, [
            {
                ...{ index: 7, scenario: first?.scenario, topology: first?.topology },
                reason: "the process ran on: its start time did not change",
            },
        ]);
        const cell = results.cells.find((one) => one.scenario === first?.scenario && one.topology === first?.topology);
        assert.equal(cell?.injections, 19);
    });

    it("have a void injection if its outcomes don't sum to its slots, or nothing was measured", () => {
        const [flow, ...others] = kill(0, 2).flows;
        assert.ok(flow !== undefined);
        const lacking = { ...flow, outcomes: { ...flow.outcomes, "on-time": flow.outcomes["on-time"] - 1 } };
        const found = scenarioResultsOf(small, [
            kill(0, 2, { flows: [lacking, ...others] }),
            kill(1, 2, { flows: [] }),
            kill(2, 3),
        ]);
        assert.deepEqual(
            found.void.map(({ reason }) => reason),
            ["the outcomes of once sum to 1,619, not to its 1,620 slots", "no flow was measured"],
        );
        assert.deepEqual(found.cells[0]?.outages, [3]);
    });

    it("count the entry of an index that started last, in any order", () => {
        const again = kill(0, 5, { startedAt: "2027-01-01T00:00:00.000Z" });
        for (const entries of [
            [kill(0, 2), again],
            [again, kill(0, 2)],
        ]) {
            assert.deepEqual(scenarioResultsOf(small, entries).cells[0]?.outages, [5]);
        }
    });

    it("are the same bytes in any order of the journal", () => {
        const few = journal.filter(({ index }) => index < 60);
        const expected = JSON.stringify(scenarioResultsOf(plan, few));
        fc.assert(
            fc.property(fc.integer(), (seed) => {
                const other = scenarioResultsOf(plan, shuffled(few, seededRandom(seed)));
                assert.equal(JSON.stringify(other), expected);
            }),
            { numRuns: 5 },
        );
    }).timeout(20_000);

    it("keep scenarios, topologies and flows of another version by their names, after the known ones", () => {
        const strange = injectionOf({ index: 9, scenario: "meteor/large", topology: "pigeon" }, () => [], {
            flows: kill(9, 1).flows.map((flow) => ({ ...flow, flow: `new-${flow.flow}` })),
        });
        const { cells, summary } = scenarioResultsOf(small, [strange, kill(0, 2)]);
        assert.deepEqual(
            cells.map(({ scenario, topology, flow }) => `${scenario} ${topology} ${flow}`),
            [
                ...["once", "once-fresh", "retry"].map((flow) => `kill-process network ${flow}`),
                ...["once", "once-fresh", "retry"].map((flow) => `meteor/large pigeon new-${flow}`),
            ],
        );
        assert.match(summary, /^Killing the receiver/);
    });

    it("name a skipped scenario once for each topology, with its reason", () => {
        const skips = [0, 1].map((index) => kill(index, 0, { state: "skipped", reason: "one node only", flows: [] }));
        assert.deepEqual(scenarioResultsOf(small, skips).skipped, [
            { scenario: "kill-process", topology: "network", reason: "one node only" },
        ]);
    });

    it("have the events of the first injection that counts", () => {
        const events = (index: number) => [{ atSeconds: 0.12345, what: `event of ${index}` }];
        const entries = [kill(2, 1, { events: events(2) }), kill(1, 1, { events: events(1) })];
        const first = kill(0, 1, { state: "void", flows: [], events: events(0) });
        assert.deepEqual(scenarioResultsOf(small, [...entries, first]).events, [
            {
                ...{ scenario: "kill-process", topology: "network" },
                events: [{ atSeconds: 0.123, what: "event of 1" }],
            },
        ]);
    });

    it("have bins from 5 s before until all have recovered and 2 s more, alike in both topologies, and for 40 s if not", () => {
        const ends = (scenario: string, flow: string) =>
            results.cells
                .filter((cell) => cell.scenario === scenario && cell.flow === flow)
                .map(({ bins }) => bins.fromSeconds + (bins.outcomes["on-time"]?.length ?? 0) / 10);
        const largest = Math.max(
            ...results.cells
                .filter(({ scenario, flow }) => scenario === "kill-process" && flow === "once")
                .flatMap(({ recoveries }) => recoveries as number[]),
        );
        const [network = 0, volume = 0] = ends("kill-process", "once");
        assert.ok(Math.abs(network - largest - 2) <= 0.051, `${network}, ${largest}`);
        assert.equal(network, volume);
        assert.deepEqual(ends("hang", "once"), [40, 40]);
        assert.ok(results.cells.every(({ bins }) => bins.fromSeconds === -5));
        assert.ok(results.cells.every(({ flow, bins }) => bins.p50Microseconds.length > 0 === (flow === "once")));
    });

    it("take less than 500 KiB with 14 scenarios, also if none ever recovers", () => {
        const names = Array.from({ length: 14 }, (_, index) => `outage-${index}`);
        const many = scenarioPlanOf({ names, injections: 2 });
        const flaky = (at: number): Effect[] =>
            Array.from({ length: 150 }, (_, index): Effect => {
                const from = at + index / 2;
                return { from, to: from + 0.25, outcome: index % 3 === 0 ? "failed" : "unknown" };
            });
        const templates = ["network", "volume"].map((topology) =>
            injectionOf({ index: 0, scenario: "outage-0", topology }, () => flaky(0.1)),
        );
        const injections = names.flatMap((scenario, at) =>
            templates.map((one, side) => ({ ...one, scenario, index: 2 * at + side })),
        );
        const all = scenarioResultsOf(many, injections);
        assert.equal(all.cells.length, 14 * 6);
        assert.ok(all.cells.every(({ bins }) => Object.keys(bins.outcomes).length === 3));
        assert.ok(bytes(all) < 500 * 1024, `${bytes(all)} bytes`);
        const end = all.cells.map(({ bins }) => bins.fromSeconds + (bins.outcomes["on-time"]?.length ?? 0) / 10);
        assert.ok(
            end.every((seconds) => seconds >= 20),
            `${end[0]}`,
        );
    }).timeout(20_000);
});

describe("a run with scenarios", () => {
    const run = scenarioRunOf();

    it("has them in its results, says in its summary what they show, and is read back", () => {
        assert.deepEqual(run.scenarios, results);
        assert.ok(run.complete);
        assert.match(run.summary, /the shared volume\. Killing the receiver stopped delivery for /);
        assert.deepEqual(parseResults(JSON.stringify(run)).scenarios, results);
    });

    it("is incomplete as long as injections are missing; void and skipped ones are not", () => {
        const reasonOf = (injections: readonly Injection[]) => {
            const whole = planOf({ rounds: 1, scenarios: plan });
            return aggregate({ plan: whole, trials: journalOf(whole), injections }).incompleteReason;
        };
        assert.equal(reasonOf(journal), undefined);
        assert.equal(reasonOf(journal.slice(0, -3)), "3 of 200 injections were not made");
        assert.equal(reasonOf([]), "200 of 200 injections were not made");
        const hang = journal.filter(({ scenario }) => scenario === "hang");
        const skipped = hang
            .filter(({ topology }, index, all) => all.findIndex((one) => one.topology === topology) === index)
            .map((injection): Injection => ({ ...injection, state: "skipped", reason: "no probe", flows: [] }));
        const others = journal.filter(({ scenario }) => scenario !== "hang");
        assert.equal(reasonOf([...others, ...skipped]), undefined);
        assert.equal(reasonOf([...others.slice(0, -1), ...skipped]), "1 of 160 injections were not made");
    }).timeout(20_000);

    it("has no scenarios if none are planned, whatever the journal holds", () => {
        const whole = planOf({ rounds: 1 });
        assert.equal("scenarios" in aggregate({ plan: whole, trials: [], injections: journal }), false);
    });

    it("simulates what the other tests rely on", () => {
        const { cells } = run.scenarios;
        assert.ok(cells.some(({ outage }) => outage.median === null));
        assert.ok(cells.some(({ outage }) => outage.censored > 0 && outage.median !== null));
        assert.ok(cells.some(({ outcomes }) => outcomes["not-offered"] > 0));
        assert.equal(cells[0]?.slots, 20 * (load.secondsBefore + load.secondsAfter) * load.ratePerSecond);
    });
});
