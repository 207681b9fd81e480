import { mainArms } from "../../model/arms.ts";
import { undeliveredOf } from "../../model/outcomes.ts";
import {
    flows,
    type Injection,
    type ScenarioCell,
    type ScenarioPlan,
    type ScenarioResults,
    type ScenarioVerdict,
    type SkippedScenario,
    sham,
} from "../../model/scenarios.ts";
import type { ShareCell } from "../../model/shares.ts";
import { mergedBins } from "../../statistics/bins.ts";
import { densityCellsOf } from "../../statistics/density.ts";
import { noiseFloorOf, outageVerdict } from "../../statistics/outage-verdict.ts";
import { type Observation, outageOf, scenarioCellOf } from "../../statistics/scenario-cell.ts";
import { shareCellOf } from "../../statistics/shares.ts";
import { grouped } from "../words/scenario-words.ts";
import { elasticityOf } from "./elasticity.ts";
import { expectedOf } from "./expectations.ts";
import { rolloutAdvice } from "./rollout-advice.ts";
import { summarizeScenarios } from "./scenario-summary.ts";

/** Seconds before the injection, and after the last recovery, that the bins of the results show. */
const [secondsBefore, secondsAfter] = [5, 2];
/** Seconds after the injection that they show at least. */
const leastSeconds = 5;
/** And at most; the first one with which all bins together are small enough. The last one leaves none. */
const mostSeconds = [40, 20, 10, 5, -secondsBefore] as const;
/** Bytes of all bins together as JSON, since a ConfigMap holds 1 MiB. */
const binsLimit = 400 * 1024;
/** Events of a scenario and topology that are kept, and characters of each and of a reason. */
const [mostEvents, eventLength, reasonLength] = [100, 120, 300];
const topologies: readonly string[] = Object.keys(mainArms);
/** The flows that both topologies have are compared. */
const comparedFlows = Object.entries(flows).flatMap(([flow, of]) => (of.length > 1 ? [flow] : []));

/** The observations of a cell, and its figures. */
interface Group {
    observations: [Observation, ...Observation[]];
    cell: Omit<ScenarioCell, "bins">;
}

/**
 * The results of the scenarios of a run. The order of the journal doesn't matter: of the entries with an index the one that
 * started last counts. An injection whose outcomes don't sum to its slots is void.
 */
export function scenarioResultsOf(plan: ScenarioPlan, journal: readonly Injection[]): ScenarioResults {
    const { expected, skipped = [], ...shown } = plan;
    const injections = lastOfEach(journal).map(checked);
    const counted = injections.filter(({ state }) => state === "ok");
    const groups = groupsOf(plan, counted);
    const cells = groups.map(({ cell }) => cell);
    const shares = groups.flatMap(sharesOf);
    const advice = rolloutAdvice(
        groups.map(({ observations, cell }) => ({
            cell,
            undelivered: observations.map(({ record }) => undeliveredOf(record.outcomes)),
        })),
    );
    const density = densityCellsOf(counted);
    const elasticity = elasticityOf(counted, cells);
    const noted = (state: Injection["state"]) =>
        injections
            .filter((injection) => injection.state === state)
            .map(({ index, scenario, topology, reason = "no reason given" }) => ({
                ...{ index, scenario, topology },
                reason: reason.slice(0, reasonLength),
            }));
    return {
        plan: shown,
        cells: withBins(groups),
        verdicts: verdictsOf(plan, groups),
        expected: expectedOf(expected, cells, shares),
        ...(elasticity.length > 0 && { elasticity }),
        void: noted("void"),
        skipped: [...skipped, ...onceEach(noted("skipped"))],
        events: [...Map.groupBy(groups, ({ cell }) => pairOf(cell)).values()].flatMap((ofPair) => eventsOf(ofPair)),
        ...(shares.length > 0 && { shares }),
        ...(advice.length > 0 && { advice }),
        ...(density.length > 0 && { density }),
        summary: summarizeScenarios({ plan: shown, cells, density }),
    };
}

/** The first of each scenario and topology. */
function onceEach(noted: readonly (SkippedScenario & { index: number })[]): SkippedScenario[] {
    return [...Map.groupBy(noted, pairOf).values()].flatMap(([first]) => {
        if (first === undefined) return [];
        const { index, ...skipped } = first;
        return [skipped];
    });
}

/** Ascending by index: the entry of each that started last; if two started at once, the one whose text is later. */
function lastOfEach(journal: readonly Injection[]): Injection[] {
    const key = (injection: Injection) => `${injection.startedAt} ${JSON.stringify(injection)}`;
    const groups = [...Map.groupBy(journal, ({ index }) => index)].sort(([one], [other]) => one - other);
    return groups.map(([, entries]) => entries.reduce((last, one) => (key(one) > key(last) ? one : last)));
}

/** Void if its outcomes don't account for every slot, or if nothing was measured. */
function checked(injection: Injection): Injection {
    if (injection.state !== "ok") return injection;
    const faults = injection.flows.flatMap(({ flow, slots, outcomes }) => {
        const sum = Object.values(outcomes).reduce((total, count) => total + count, 0);
        return sum === slots
            ? []
            : [`the outcomes of ${flow} sum to ${grouped(sum)}, not to its ${grouped(slots)} slots`];
    });
    if (injection.flows.length === 0 && injection.density === undefined) faults.push("no flow was measured");
    return faults.length === 0 ? injection : { ...injection, state: "void", reason: faults.join("; ") };
}

/** By scenario in the order of the plan, then topology, then flow; names of another version after those, shams last. */
function groupsOf(plan: ScenarioPlan, injections: readonly Injection[]): Group[] {
    const observations = injections.flatMap((injection) => injection.flows.map((record) => ({ injection, record })));
    const names = ordered(
        observations.map(({ injection }) => injection.scenario).filter((name) => name !== sham),
        plan.names,
    );
    const keyOf = (scenario: string, topology: string, flow: string) => [scenario, topology, flow].join(" ");
    const byKey = Map.groupBy(observations, ({ injection, record }) =>
        keyOf(injection.scenario, injection.topology, record.flow),
    );
    const allTopologies = ordered(
        observations.map(({ injection }) => injection.topology),
        topologies,
    );
    const allFlows = ordered(
        observations.map(({ record }) => record.flow),
        Object.keys(flows),
    );
    const keys = [...names, sham].flatMap((scenario) =>
        allTopologies.flatMap((topology) => allFlows.map((flow) => keyOf(scenario, topology, flow))),
    );
    return keys.flatMap((key) => {
        const [first, ...others] = byKey.get(key) ?? [];
        if (first === undefined) return [];
        const all: Group["observations"] = [first, ...others];
        return [{ observations: all, cell: scenarioCellOf(all) }];
    });
}

/** Each name once: the known ones in their order, then the others. */
function ordered(names: readonly string[], known: readonly string[]): string[] {
    const others = [...new Set(names)].filter((name) => !known.includes(name)).sort();
    return [...known, ...others];
}

function withBins(groups: readonly Group[]): ScenarioCell[] {
    const ends = new Map<string, number>();
    for (const { cell } of groups) {
        const recovered = cell.recoveries.includes(null)
            ? Number.POSITIVE_INFINITY
            : Math.max(...(cell.recoveries as number[]));
        const key = `${cell.scenario} ${cell.flow}`;
        ends.set(key, Math.max(ends.get(key) ?? leastSeconds, recovered + secondsAfter));
    }
    const binsUntil = (most: number) =>
        groups.map(({ observations, cell }) => {
            const to = Math.min(most, ends.get(`${cell.scenario} ${cell.flow}`) ?? most);
            return mergedBins(
                observations.map(({ record }) => record.bins),
                { from: -secondsBefore, to },
                cell.flow === "once",
            );
        });
    for (const most of mostSeconds) {
        const bins = binsUntil(most);
        if (most !== mostSeconds.at(-1) && JSON.stringify(bins).length > binsLimit) continue;
        return groups.map(({ cell }, index) => ({ ...cell, bins: bins[index] as ScenarioCell["bins"] }));
    }
    return [];
}

function verdictsOf(plan: ScenarioPlan, groups: readonly Group[]): ScenarioVerdict[] {
    const outagesOf = (scenario: string, topology: string, flow: string) =>
        groups
            .filter(({ cell }) => cell.scenario === scenario && cell.topology === topology && cell.flow === flow)
            .flatMap(({ observations }) => observations.map(({ record }) => outageOf(record)));
    const names = [...new Set(groups.map(({ cell }) => cell.scenario))].filter((name) => name !== sham);
    return names.flatMap((scenario) =>
        comparedFlows.flatMap((flow) => {
            const [network = [], volume = []] = topologies.map((topology) => outagesOf(scenario, topology, flow));
            if (network.length === 0 || volume.length === 0) return [];
            const [calm = [], calmToo = []] = topologies.map((topology) => outagesOf(sham, topology, flow));
            const noiseFloor = noiseFloorOf(calm, calmToo, plan.ratePerSecond);
            return [{ scenario, flow, ...outageVerdict(network, volume, noiseFloor) }];
        }),
    );
}

/** How messages were shared, if there were several replicas. */
function sharesOf({ observations }: Group): ShareCell[] {
    const shared = observations.flatMap(({ injection, record }) => {
        const shares = injection.shares?.find(({ flow }) => flow === record.flow);
        return shares === undefined ? [] : [{ injection, shares }];
    });
    return [shareCellOf(shared)].filter((cell) => cell !== undefined);
}

/** The events of the first injection of a scenario and topology. */
function eventsOf(groups: readonly Group[]): ScenarioResults["events"] {
    const injections = groups.flatMap(({ observations }) => observations.map(({ injection }) => injection));
    const first = injections.reduce((one, other) => (other.index < one.index ? other : one));
    const events = first.events
        .toSorted((one, other) => one.atSeconds - other.atSeconds)
        .slice(0, mostEvents)
        .map(({ atSeconds, what }) => ({ atSeconds: Number(atSeconds.toFixed(3)), what: what.slice(0, eventLength) }));
    return [{ scenario: first.scenario, topology: first.topology, events }];
}

function pairOf({ scenario, topology }: { scenario: string; topology: string }): string {
    return `${scenario} ${topology}`;
}
