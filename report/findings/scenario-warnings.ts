import { densityName } from "../../model/density.ts";
import { latenessBound, type ScenarioResults, sham } from "../../model/scenarios.ts";
import { durationText } from "../words/durations.ts";
import { capped, percent, plural } from "../words/sentences.ts";
import { formatSeconds } from "../words/units.ts";
import { unfitTexts } from "./density-summary.ts";
import { injectionCounts } from "./injection-counts.ts";

/** If more of a scenario's injections are void, those that count may be a selection. */
const voidBound = 1 / 3;
/** With fewer injections there are no intervals and no verdicts. */
const enoughInjections = 6;

/** What a reader of the scenarios' figures should know, one sentence each. */
export function scenarioWarnings(scenarios: ScenarioResults | undefined): string[] {
    if (scenarios === undefined) return [];
    return [
        ...violated(scenarios),
        ...voids(scenarios),
        ...skips(scenarios),
        ...few(scenarios),
        ...noise(scenarios),
        ...late(scenarios),
        ...unfit(scenarios),
    ];
}

function violated({ expected }: ScenarioResults): string[] {
    return capped(
        expected.filter(({ holds }) => holds === false),
        ({ scenario, topology, expectation, found = "something else" }) =>
            `${scenario} (${topology}) is not as expected (${expectation}): ${found}.`,
        (more) => `${plural(more, "more result")} ${more === 1 ? "is" : "are"} not as expected.`,
    );
}

function voids(scenarios: ScenarioResults): string[] {
    const total = scenarios.void.length;
    if (total === 0) return [];
    const many = injectionCounts(scenarios).filter((one) => one.void > voidBound * (one.made || 1));
    return [
        `${plural(total, "injection")} ${total === 1 ? "is" : "are"} void and ${total === 1 ? "doesn't" : "don't"} count; the table of scenarios lists the reasons.`,
        ...capped(
            many,
            ({ scenario, topology, void: count, made }) =>
                `${scenario} (${topology}): ${count} of ${plural(made, "injection")} ${count === 1 ? "is" : "are"} void, more than a third: the others may be a selection.`,
            (more) => `${plural(more, "more scenario")} ${more === 1 ? "has" : "have"} as many void injections.`,
        ),
    ];
}

function skips({ skipped }: ScenarioResults): string[] {
    return capped(
        skipped,
        ({ scenario, topology, reason }) => `${scenario} (${topology}) was skipped: ${reason}.`,
        (more) => `${plural(more, "more scenario")} ${more === 1 ? "was" : "were"} skipped.`,
    );
}

function few({ plan }: ScenarioResults): string[] {
    if (plan.injections >= enoughInjections) return [];
    return [
        `${plural(plan.injections, "injection")} of each scenario ${plan.injections === 1 ? "gives" : "give"} no interval and no verdict: take the scenarios as a first look; for a result to act on, use profile standard.`,
    ];
}

/** A sham changes nothing, so it should not have an outage. */
function noise({ plan, cells }: ScenarioResults): string[] {
    const shams = cells.filter(({ scenario }) => scenario === sham);
    if (plan.shams === 0) return ["No shams were planned, so the noise floor of outages is not known."];
    return capped(
        shams.filter(({ outages }) => outages.some((seconds) => seconds === null || seconds > plan.deadlineSeconds)),
        ({ topology, flow, outages, watchedSeconds }) => {
            const largest = outages.includes(null) ? null : Math.max(...(outages as number[]));
            return `A sham, which does nothing, had an outage of ${durationText(largest, watchedSeconds)} (${topology}, ${flow}): the machine is unsteady, and other injections may have had such outages too.`;
        },
        (more) => `${plural(more, "more sham")} had an outage.`,
    );
}

function unfit({ density = [] }: ScenarioResults): string[] {
    return density.flatMap((cell) => unfitTexts(cell).map((text) => `${densityName} (${cell.topology}): ${text}.`));
}

function late({ plan, cells }: ScenarioResults): string[] {
    const bound = latenessBound * plan.deadlineSeconds;
    const lateOnes = cells.filter(({ latenessP99Seconds }) => latenessP99Seconds > bound);
    const [worst] = lateOnes.toSorted((one, other) => other.latenessP99Seconds - one.latenessP99Seconds);
    if (worst === undefined) return [];
    const { scenario, topology, flow, latenessP99Seconds } = worst;
    return [
        `In ${plural(lateOnes.length, "cell")} of ${cells.length} the load generator was late itself, by more than ${percent(latenessBound)} of the deadline of ${formatSeconds(plan.deadlineSeconds)} at the p99; the worst is ${scenario} (${topology}, ${flow}) with ${formatSeconds(latenessP99Seconds)}. Use a quieter machine.`,
    ];
}
