import { mainArms } from "../../model/arms.ts";
import type { Check, Checked } from "../../model/check.ts";
import { type LimitedFigure, limitedFigures } from "../../model/check.ts";
import type { Compared } from "../../model/comparison.ts";
import { ReportError } from "../../model/error.ts";
import { armsOf, hasBothMainArms, mainSizes, sizesOf } from "../../model/plan.ts";
import type { Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";
import { withoutIntervals } from "../../statistics/compare-figures.ts";
import { are, plural } from "../words/sentences.ts";
import { judge, type Measured } from "./check-judge.ts";
import { comparedRun, compareRuns } from "./compare.ts";
import { commonCause } from "./compare-summary.ts";
import { environmentFields } from "./run-differences.ts";
import { isMeant, judgedCell, type ScenarioTarget, scenarioTargets, tooFew, whyWithout } from "./scenario-targets.ts";
import type { Threshold } from "./thresholds.ts";

/** What a limit applies to: a cell, or a scenario on a topology. */
interface Target {
    arm?: string;
    /** Absent: all sizes together. */
    size?: number;
    scenario?: string;
    topology?: string;
}

/**
 * A run against limits: each cell that a limit applies to is judged separately, by its interval. A limit on the change at
 * all sizes of an arm also applies to the geomean over them, which detects much smaller changes than a single size.
 *
 * If several limits of one figure apply to a cell, the most specific one counts: that of an arm at a size, then of an
 * arm, then of a size, then of all; of a variant of a scenario before that of all its variants. Cells that are in the plan but
 * missing from the run are inconclusive, and so are scenarios that were skipped, or all of whose injections are void.
 * @param baseline what a change is relative to; required if a change is limited, empty otherwise
 * @throws ReportError that names each limit that applies to nothing in the run's plan
 */
export function checkRun(run: Results, thresholds: readonly Threshold[], baseline: readonly Results[]): Checked {
    const idle = thresholds.filter((threshold) => targetsOf(threshold, run).length === 0);
    if (idle.length > 0) throw new ReportError(idle.map((threshold) => appliesToNothing(threshold, run)).join("\n"));
    const compared = baseline.length === 0 ? undefined : compareRuns(baseline, [run]);
    const checks = limitedFigures.flatMap((figure) =>
        limitsOf(figure, thresholds, run).map(({ target, limit }) =>
            judge({ figure, ...target, limit }, measuredAt(figure, target, run, compared)),
        ),
    );
    return {
        schemaVersion: 1,
        summary: summaryOf(checks),
        run: comparedRun(run),
        baseline: baseline.map(comparedRun),
        differences: compared?.differences ?? [],
        checks,
        warnings: warningsOf(run, checks, compared),
        environment: Object.fromEntries(environmentFields(run.environment)),
    };
}

/** The cells of the plan that a limit applies to, by arm, then size; for a change at all sizes, the geomean comes last. */
function targetsOf({ figure, arm, size, scenario }: Threshold, run: Results): Target[] {
    if (scenario !== undefined) return scenarioTargets(run).filter((target) => isMeant(scenario, target.scenario));
    const { plan } = run;
    const wanted = (sizes: readonly number[]) =>
        sizes.filter((each) => size === undefined || each === size).toSorted((one, other) => one - other);
    const main: readonly string[] = Object.values(mainArms);
    if (figure === "max-ratio") {
        return hasBothMainArms(plan) ? wanted(mainSizes(plan)).map((each) => ({ size: each })) : [];
    }
    const arms = (arm === undefined ? main : [arm]).filter((each) => armsOf(plan).includes(each));
    return arms.flatMap((each) => {
        const cells: Target[] = wanted(sizesOf(plan, each)).map((ofArm) => ({ arm: each, size: ofArm }));
        return figure === "max-change" && size === undefined ? [...cells, { arm: each }] : cells;
    });
}

/** Each cell with its limit, once. */
function limitsOf(figure: LimitedFigure, thresholds: readonly Threshold[], run: Results) {
    const specificity = ({ arm, size, scenario }: Threshold) =>
        (arm === undefined ? 0 : 2) + (size === undefined ? 0 : 1) + (scenario?.includes("/") ? 1 : 0);
    const ofFigure = thresholds
        .filter((threshold) => threshold.figure === figure)
        .toSorted((one, other) => specificity(one) - specificity(other));
    const limits = new Map<string, { target: Target; limit: number }>();
    for (const threshold of ofFigure) {
        for (const target of targetsOf(threshold, run)) {
            limits.set(keyOf(target), { target, limit: threshold.limit });
        }
    }
    const arms = armsOf(run.plan);
    const scenarios = scenarioTargets(run).map(keyOf);
    return [...limits.values()].sort(
        ({ target: one }, { target: other }) =>
            arms.indexOf(one.arm ?? "") - arms.indexOf(other.arm ?? "") ||
            (one.size ?? Number.MAX_VALUE) - (other.size ?? Number.MAX_VALUE) ||
            scenarios.indexOf(keyOf(one)) - scenarios.indexOf(keyOf(other)),
    );
}

function keyOf({ arm, size, scenario, topology }: Target): string {
    return [arm, size, scenario, topology].join(" ");
}

function measuredAt(
    figure: LimitedFigure,
    { arm, size, scenario = "", topology = "" }: Target,
    { cells, ratios, unavailable, scenarios }: Results,
    compared: Compared | undefined,
): Measured {
    if (figure === "max-outage" || figure === "max-failed") {
        return measuredScenario(figure, { scenario, topology }, scenarios);
    }
    if (figure === "max-ratio") {
        const ratio = ratios.find((candidate) => candidate.size === size);
        if (ratio === undefined) return { reason: "one of the main arms has no median at this size" };
        return { value: ratio.ratio, interval: ratio.interval, reason: "an arm has only 1 trial; an interval needs 2" };
    }
    const lacking = unavailable.find((each) => each.arm === arm);
    const reason = lacking ? `the arm is unavailable: ${lacking.reason}` : "the run did not measure it";
    if (figure === "max-change") {
        const changes = compared?.arms.find((candidate) => candidate.arm === arm)?.p50;
        const change =
            size === undefined ? changes?.overall : changes?.sizes.find((candidate) => candidate.size === size);
        if (change === undefined) return { reason };
        return { value: change.factor, interval: change.interval, reason: change.reason ?? reason };
    }
    const cell = cells.find((candidate) => candidate.arm === arm && candidate.size === size);
    if (cell === undefined) return { reason };
    const why = cell.trials < 2 ? "only 1 trial; an interval needs 2" : withoutIntervals;
    const { p99Seconds: value, p99IntervalSeconds: interval } = cell;
    return { value, interval, reason: value === undefined ? "too few round trips for a p99 (1000 needed)" : why };
}

/** Medians over injections. */
function measuredScenario(
    figure: "max-outage" | "max-failed",
    target: ScenarioTarget,
    scenarios: Results["scenarios"],
): Measured {
    const cell = judgedCell(target, scenarios);
    if (cell === undefined) return { reason: whyWithout(target, scenarios) };
    const { outage, undelivered, watchedSeconds } = cell;
    const reason = tooFew(cell.injections);
    if (figure === "max-failed") return { value: undelivered.median, interval: undelivered.interval, reason };
    return { value: outage.median, interval: outage.interval, watchedSeconds, reason };
}

function appliesToNothing({ source, arm, scenario }: Threshold, run: Results): string {
    const { runId, plan, unavailable } = run;
    if (scenario !== undefined) {
        const done = [...new Set(scenarioTargets(run).map((target) => target.scenario))];
        const what = done.length === 0 ? "has no scenarios" : `has ${done.join(", ")}`;
        return `${source}: applies to nothing in run ${runId}, which ${what}`;
    }
    const known = arm !== undefined && armsOf(plan).includes(arm);
    const both = hasBothMainArms(plan) ? ", both main arms" : "";
    const arms = known ? arm : `${armsOf(plan).join(", ")}${both}`;
    const sizes = known ? sizesOf(plan, arm) : mainSizes(plan);
    const lacking = unavailable.map((each) => `; ${each.arm} is unavailable: ${each.reason}`).join("");
    return `${source}: applies to nothing in run ${runId}, which measured ${arms} at ${sizes.map(formatSize).join(", ")}${lacking}`;
}

function summaryOf(checks: readonly Check[]): string {
    const count = (outcome: Check["outcome"]) => checks.filter((check) => check.outcome === outcome).length;
    const [failed, inconclusive] = [count("fail"), count("inconclusive")];
    const all = plural(checks.length, "check");
    if (failed + inconclusive === 0) return `${checks.length === 1 ? "The only check" : `All ${all}`} passed.`;
    return `Of ${all} ${failed} failed, ${inconclusive} ${are(inconclusive)} inconclusive and ${count("pass")} passed.`;
}

function warningsOf(run: Results, checks: readonly Check[], compared: Compared | undefined): string[] {
    const incomplete = run.complete ? [] : [`run ${run.runId} is incomplete: ${run.incompleteReason}`];
    const ofBaseline = (compared?.warnings ?? []).filter((warning) => warning.startsWith("A: "));
    const changed = checks.some(({ figure, outcome }) => figure === "max-change" && outcome === "fail");
    const moved = compared !== undefined && changed ? commonCause(compared.arms, compared.machineMoved) : [];
    return [...incomplete, ...ofBaseline.map((warning) => warning.replace("A: ", "baseline: ")), ...moved];
}
