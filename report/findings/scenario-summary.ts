import type { DensityCell } from "../../model/density.ts";
import { undeliveredOf } from "../../model/outcomes.ts";
import { type ScenarioCell, type ScenarioResults, sham } from "../../model/scenarios.ts";
import { enoughInjections } from "../../statistics/outage-verdict.ts";
import { durationWithInterval, watchedText } from "../words/durations.ts";
import { eventWords, grouped, topologyWords } from "../words/scenario-words.ts";
import { summarizeDensity } from "./density-summary.ts";

/** What most readers ask first. */
const leading = "kill-process";

type Cell = Omit<ScenarioCell, "bins">;

/** A sentence about one of the scenarios, and one about several pairs at once, as far as there are injections that count. */
export function summarizeScenarios({
    plan,
    cells,
    density = [],
}: Pick<ScenarioResults, "plan"> & { cells: readonly Cell[]; density?: readonly DensityCell[] }): string {
    const hasEvents = cells.some(({ scenario }) => scenario !== sham);
    return [
        ...(hasEvents || density.length === 0 ? [summarizeEvents({ plan, cells })] : []),
        ...(density.length > 0 ? [summarizeDensity(density)] : []),
    ].join(" ");
}

/**
 * One scenario in one sentence: `kill-process`, or else the first with injections that count; how long delivery stopped with
 * flow `once` in each topology, and how many messages were lost with `retry`.
 */
function summarizeEvents({ plan, cells }: Pick<ScenarioResults, "plan"> & { cells: readonly Cell[] }): string {
    const wanted = [...(plan.names.includes(leading) ? [leading] : []), ...plan.names];
    const scenario = wanted.find((name) => cells.some((cell) => cell.scenario === name));
    if (scenario === undefined) return "No injection of a scenario counts, so there is nothing to say about failures.";
    const of = (flow: string) => cells.filter((cell) => cell.scenario === scenario && cell.flow === flow);
    const [once, retry] = [of("once"), of("retry")];
    const main = once.length > 0 ? once : retry;
    const shown = main.length > 0 ? main : cells.filter((cell) => cell.scenario === scenario).slice(0, 1);
    const withFlow = main === once ? "" : ` (with ${shown[0]?.flow})`;
    const clauses = [`${eventWords(scenario)} ${stops(shown)}${withFlow}`, ...losses(retry)];
    return `${clauses.join("; ")} (${sampleSize(shown)}).`;
}

/** `stopped delivery for 2.1 s [1.8 to 2.9] in two Pods and 1.2 s [1.1 to 1.4] in one Pod`. */
function stops(cells: readonly Cell[]): string {
    const places = cells.map(({ topology }) => topologyWords(topology));
    const stopped = cells.filter(({ outage }) => outage.median !== 0);
    if (stopped.length === 0) return `did not stop delivery in ${places.join(" or in ")}`;
    const clauses = stopped.map((cell) => `${lengthOf(cell)} in ${topologyWords(cell.topology)}`);
    const others = cells
        .filter((cell) => !stopped.includes(cell))
        .map((cell) => `not in ${topologyWords(cell.topology)}`);
    return `stopped delivery for ${[...clauses, ...others].join(" and ")}`;
}

function lengthOf({ outage, watchedSeconds }: Cell): string {
    if (outage.median === null) return `more than ${watchedText(watchedSeconds)}`;
    return durationWithInterval(outage, watchedSeconds);
}

/** Messages with retry: acknowledged ones that were lost; if more did not arrive, all of these. */
function losses(retry: readonly Cell[]): string[] {
    if (retry.length === 0) return [];
    const missing = retry.map(({ outcomes }) => undeliveredOf(outcomes));
    const onlyLost = retry.every(({ outcomes }, index) => outcomes.lost === missing[index]);
    const unknown = retry.some(({ outcomes }) => outcomes.unknown > 0);
    const what = onlyLost ? "lost" : unknown ? "not delivered, or are not known to be," : "not delivered";
    const counts = retry.map(({ slots }, index) => `${grouped(missing[index] as number)} of ${grouped(slots)}`);
    const [first, second] = counts;
    if (second === undefined) return [`with retry ${first} messages were ${what}`];
    if (first === second) return [`with retry ${first} messages were ${what} in either`];
    const clauses = retry.map(({ topology }, index) => {
        const noun = index === 0 ? ` messages were ${what}` : "";
        return `${counts[index]}${noun} in ${topologyWords(topology)}`;
    });
    return [`with retry ${clauses.join(" and ")}`];
}

function sampleSize(cells: readonly Cell[]): string {
    const counts = cells.map(({ injections }) => injections);
    const isFew = counts.some((count) => count < enoughInjections) ? ": a first look" : "";
    if (new Set(counts).size > 1) return `n = ${counts.join(" and ")}${isFew}`;
    return `n = ${counts[0]}${counts.length > 1 ? " each" : ""}${isFew}`;
}
