import type { Elasticity, ElasticityCell, Mismatch, ReplicaStep } from "../model/elasticity.ts";
import type { DurationFigure } from "../model/scenario-fields.ts";
import { rounded } from "./rounding.ts";
import { figureOf, medianFigureOf } from "./scenario-cell.ts";

/** What an autoscaler tolerates: it adds no replica as long as the use is at most so much of its target (Kubernetes' default). */
const tolerated = 1.1;

/**
 * The fewest replicas with which no responder uses more than an autoscaler tolerates, if the work is spread evenly: each uses
 * what it uses without messages, and its share of the rest. Nothing less than one.
 * @param cores that one replica uses for all of the load
 * @returns `Infinity` if a responder without messages already uses too much
 */
export function replicasFor(
    cores: number,
    { idleCores, targetCores }: Pick<Elasticity, "idleCores" | "targetCores">,
): number {
    const work = Math.max(0, cores - idleCores);
    const room = tolerated * targetCores - idleCores;
    return room <= 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.ceil(work / room));
}

/**
 * Where the supply was below the demand, and where above it, from the injection until so many seconds after it. The depth is
 * relative to the demand at the time.
 */
export function mismatchOf(
    demand: readonly ReplicaStep[],
    supply: readonly ReplicaStep[],
    seconds: number,
): { under: Mismatch; over: Mismatch } {
    const sums = { under: { timeShare: 0, depth: 0 }, over: { timeShare: 0, depth: 0 } };
    for (const { from, to, needed, given } of besideEachOther(demand, supply, 0, seconds)) {
        const surplus = given - needed;
        if (surplus === 0) continue;
        const side = surplus < 0 ? sums.under : sums.over;
        const share = (to - from) / seconds;
        side.timeShare += share;
        side.depth += (share * Math.abs(surplus)) / needed;
    }
    const shown = ({ timeShare, depth }: Mismatch) => ({
        timeShare: Math.min(1, rounded(timeShare)),
        depth: rounded(depth),
    });
    return { under: shown(sums.under), over: shown(sums.over) };
}

/** The spans of a time in which neither demand nor supply changes, with the replicas of both. */
export function besideEachOther(
    demand: readonly ReplicaStep[],
    supply: readonly ReplicaStep[],
    start: number,
    end: number,
): { from: number; to: number; needed: number; given: number }[] {
    const changes = [...demand, ...supply].map(({ atSeconds }) => atSeconds).filter((at) => at > start && at < end);
    const edges = [...new Set(changes.sort((one, other) => one - other)), end];
    return edges.map((to, index) => {
        const from = edges[index - 1] ?? start;
        return { from, to, needed: replicasAt(demand, from), given: replicasAt(supply, from) };
    });
}

/** Replicas at a moment; before the first step as many as it has. @param steps ascending, at least one */
export function replicasAt(steps: readonly ReplicaStep[], seconds: number): number {
    const [first] = steps;
    return (steps.findLast(({ atSeconds }) => atSeconds <= seconds) ?? first)?.replicas ?? 0;
}

/** How many spans of time cover a moment, as it changes. @param spans at least one; one without an end goes on */
export function overlapOf(spans: readonly { from: number; to?: number | undefined }[]): ReplicaStep[] {
    const edges = spans.flatMap(({ from, to }) => [from, ...(to === undefined ? [] : [to])]);
    const holds = (at: number) => spans.filter(({ from, to }) => from <= at && (to === undefined || at < to)).length;
    const seen = [...new Set(edges)].sort((one, other) => one - other);
    return stepsOf(seen.map((atSeconds) => ({ atSeconds, replicas: holds(atSeconds) })));
}

/**
 * The spans in which a replica receives messages: one ends with the last before a time without any.
 * @param arrivals when messages were due that it received, ascending, in seconds
 * @param seconds without any
 * @param until when nobody looks any more: a span that lasts until shortly before has no end
 */
export function spansOf(
    arrivals: readonly number[],
    seconds: number,
    until: number,
): { from: number; to: number | undefined }[] {
    const spans: { from: number; to: number }[] = [];
    for (const at of arrivals) {
        const last = spans.at(-1);
        if (last !== undefined && at - last.to < seconds) last.to = at;
        else spans.push({ from: at, to: at });
    }
    return spans.map(({ from, to }) => ({ from, to: until - to < seconds ? undefined : to }));
}

/** The steps of what was seen at some moments: only those at which it changed. @param seen ascending, at least one */
export function stepsOf(seen: readonly ReplicaStep[]): ReplicaStep[] {
    return seen.filter(({ replicas }, index) => index === 0 || seen[index - 1]?.replicas !== replicas);
}

/** The first moment after another at which there are at least, or at most, so many replicas; undefined if there is none. */
export function firstTime(
    steps: readonly ReplicaStep[],
    after: number,
    holds: (replicas: number) => boolean,
): number | undefined {
    if (holds(replicasAt(steps, after))) return after;
    return steps.find(({ atSeconds, replicas }) => atSeconds > after && holds(replicas))?.atSeconds;
}

/** An injection with an autoscaler. */
export interface Scaled {
    scenario: string;
    topology: string;
    watchedSeconds: number;
    elasticity: Elasticity;
}

/** Medians over injections of one scenario into one topology. @param all at least one, in the order of the journal */
export function elasticityCellOf(all: readonly [Scaled, ...Scaled[]]): ElasticityCell {
    const [{ scenario, topology, elasticity: example }] = all;
    const found = all.map(({ elasticity }) => elasticity);
    const scaledUp = found.filter(({ firstPodSeconds }) => firstPodSeconds !== undefined);
    const calm = all.map(
        ({ watchedSeconds, elasticity: { demand } }) => watchedSeconds - (demand.at(-1)?.atSeconds ?? 0),
    );
    const most = (steps: readonly ReplicaStep[]) => Math.max(...steps.map(({ replicas }) => replicas));
    return {
        ...{ scenario, topology, injections: all.length },
        watchedSeconds: rounded(Math.min(...all.map(({ watchedSeconds }) => watchedSeconds))),
        calmSeconds: rounded(Math.min(...calm)),
        needed: medianFigureOf(found.map(({ demand }) => most(demand))),
        mostReady: medianFigureOf(found.map(({ ready }) => most(ready))),
        firstPod: durationFigure(found.map(({ firstPodSeconds }) => firstPodSeconds)),
        ...(scaledUp.length > 0 && {
            scaledDown: durationFigure(scaledUp.map(({ scaledDownSeconds }) => scaledDownSeconds)),
        }),
        flows: example.flows.map(({ flow }) => {
            const ofFlow = found.flatMap(({ flows }) => flows.filter((one) => one.flow === flow));
            const figures = (side: "under" | "over") => ({
                timeShare: medianFigureOf(ofFlow.map((one) => one[side].timeShare)),
                depth: medianFigureOf(ofFlow.map((one) => one[side].depth)),
            });
            return { flow, under: figures("under"), over: figures("over") };
        }),
        example,
    };
}

/** @param seconds undefined: it did not come while it was watched */
function durationFigure(seconds: readonly (number | undefined)[]): DurationFigure {
    return figureOf(seconds.map((one) => one ?? Number.POSITIVE_INFINITY));
}
