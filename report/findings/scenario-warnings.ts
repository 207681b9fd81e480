import { densityName } from "../../model/density.ts";
import { latenessBound, type ScenarioResults, sham } from "../../model/scenarios.ts";
import { durationText } from "../words/durations.ts";
import { are, counted, percent, plural, were } from "../words/sentences.ts";
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
    return counted(
        expected.filter(({ holds }) => holds === false),
        (count, list) => `${plural(count, "result")} ${are(count)} not as expected: ${list}.`,
        ({ scenario, topology, expectation, found = "something else" }) =>
            `${scenario} (${topology}; ${expectation}): ${found}`,
    );
}

function voids(scenarios: ScenarioResults): string[] {
    const total = scenarios.void.length;
    if (total === 0) return [];
    const many = injectionCounts(scenarios).filter((one) => one.void > voidBound * (one.made || 1));
    return [
        `${plural(total, "injection")} ${are(total)} void and ${total === 1 ? "doesn't" : "don't"} count; the table of scenarios lists the reasons.`,
        ...counted(
            many,
            (_, list) => `More than a third of the injections are void, and the others may be a selection: ${list}.`,
            ({ scenario, topology, void: count, made }) => `${scenario} (${topology}, ${count} of ${made})`,
        ),
    ];
}

function skips({ skipped }: ScenarioResults): string[] {
    return counted(
        skipped,
        (count, list) => `${plural(count, "scenario")} ${were(count)} skipped: ${list}.`,
        ({ scenario, topology, reason }) => `${scenario} (${topology}), since ${reason}`,
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
    return counted(
        shams.filter(({ outages }) => outages.some((seconds) => seconds === null || seconds > plan.deadlineSeconds)),
        (_, list) =>
            `Shams, which do nothing, had outages: ${list}. The machine is unsteady, and other injections may have had such outages too.`,
        ({ topology, flow, outages, watchedSeconds }) => {
            const largest = outages.includes(null) ? null : Math.max(...(outages as number[]));
            return `${durationText(largest, watchedSeconds)} (${topology}, ${flow})`;
        },
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
