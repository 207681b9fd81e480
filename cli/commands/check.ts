import { rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Checked } from "../../model/check.ts";
import { messageOf, ReportError } from "../../model/error.ts";
import { reasonText } from "../../model/reading.ts";
import { checkRun } from "../../report/findings/check.ts";
import { parseThresholds, type Threshold } from "../../report/findings/thresholds.ts";
import { checkedText, complaints } from "../../report/formats/check-text.ts";
import { junitXml } from "../../report/formats/junit.ts";
import { plural } from "../../report/words/sentences.ts";
import { makeFolder } from "../../sandbox/make-folder.ts";
import { resultsAt } from "../saved/find-results.ts";
import { isSameRun, refuseDifferent, resultsIn } from "../saved/result-sets.ts";
import { asJson } from "../saved/run-folder.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";

/** What the user asked for on the command line. */
export interface CheckOptions {
    /** Limits as for {@link parseThresholds}. @default none */
    maxRatio?: readonly string[];
    maxP99?: readonly string[];
    maxChange?: readonly string[];
    maxOutage?: readonly string[];
    maxFailed?: readonly string[];
    maxStartUp?: readonly string[];
    /** As for {@link resultsIn}. */
    baseline?: string;
    allowDifferent?: boolean;
    strict?: boolean;
    /** Where to write JUnit XML; `-` for standard output, instead of the text. */
    junit?: string;
    json?: boolean;
}

/**
 * `hopcost check`: a run against limits, for CI. No cluster is needed.
 * @param place as for {@link resultsAt}
 * @returns the exit code: `thresholdExceeded` if a limit is exceeded, with `strict` also if a check is inconclusive
 * @throws CommandError (configuration) for options that don't fit together, for a baseline that contains the run itself,
 * and as `hopcost compare` does; ReportError for limits that can't be read or apply to nothing
 */
export function check(place: string | undefined, options: CheckOptions): number {
    const { junit, strict = false } = options;
    // A run that can't be checked must not leave an earlier one's outcome.
    if (junit !== undefined && junit !== "-") rmSync(junit, { force: true });
    const thresholds = thresholdsOf(options);
    const run = resultsAt(place).results;
    const baseline = options.baseline === undefined ? [] : resultsIn(options.baseline);
    if (baseline.some((one) => isSameRun(one, run))) {
        throw new CommandError(
            exitCodes.configuration,
            `--baseline ${options.baseline} contains run ${run.runId}, the one being checked; name an earlier run`,
        );
    }
    const sides = "The baseline (A) and the run (B)";
    if (baseline.length > 0) refuseDifferent(baseline, [run], sides, options.allowDifferent ?? false);
    const checked = checkRun(run, thresholds, baseline);
    if (junit !== undefined && junit !== "-") writeJunit(junit, checked, strict);
    if (junit === "-") process.stdout.write(junitXml(checked, strict));
    else process.stdout.write(options.json ? asJson(checked) : checkedText(checked));
    return conclude(checked, strict);
}

/** All mistakes at once. */
function thresholdsOf(options: CheckOptions): Threshold[] {
    const { maxRatio = [], maxP99 = [], maxChange = [], baseline, allowDifferent } = options;
    const { maxOutage = [], maxFailed = [], maxStartUp = [] } = options;
    const limits = [maxRatio, maxP99, maxChange, maxOutage, maxFailed, maxStartUp].flat();
    const mistakes = [
        ...(limits.length === 0
            ? [
                  "give at least one limit: --max-ratio 12, --max-p99 5ms, --max-change 10% with --baseline RUN, or of scenarios --max-outage delete-pod=5s, --max-failed not-ready=0, --max-start-up 3s",
              ]
            : []),
        ...(maxChange.length > 0 && baseline === undefined
            ? ["--max-change needs --baseline RUN: the run or runs that a change is relative to"]
            : []),
        ...(maxChange.length === 0 && baseline !== undefined
            ? ["--baseline needs --max-change, e.g. --max-change 10%"]
            : []),
        ...(options.json && options.junit === "-" ? ["--json and --junit - both print on stdout; choose one"] : []),
        ...(allowDifferent && baseline === undefined ? ["--allow-different needs --baseline RUN"] : []),
    ];
    let thresholds: Threshold[] = [];
    try {
        thresholds = parseThresholds({
            ...{ "max-ratio": maxRatio, "max-p99": maxP99, "max-change": maxChange },
            ...{ "max-outage": maxOutage, "max-failed": maxFailed, "max-start-up": maxStartUp },
        });
    } catch (error) {
        if (!(error instanceof ReportError)) throw error;
        mistakes.push(error.message);
    }
    if (mistakes.length > 0) throw new CommandError(exitCodes.configuration, mistakes.join("\n"));
    return thresholds;
}

/** Prints failed and inconclusive checks on stderr: stdout may be JSON that a program reads. */
function conclude({ checks }: Checked, strict: boolean): number {
    const [failed, inconclusive] = [complaints(checks, "fail"), complaints(checks, "inconclusive")];
    if (failed.length > 0) {
        console.error(`hopcost: ${failed.length} of ${plural(checks.length, "check")} failed: ${reasonText(failed)}`);
    }
    if (inconclusive.length > 0) {
        const hint = strict ? "a failure because of --strict" : "a failure only with --strict";
        console.error(
            `hopcost: ${inconclusive.length} of ${plural(checks.length, "check")} could not be decided (${hint}): ${reasonText(inconclusive)}`,
        );
    }
    const exceeded = failed.length > 0 || (strict && inconclusive.length > 0);
    return exceeded ? exitCodes.thresholdExceeded : exitCodes.ok;
}

function writeJunit(path: string, checked: Checked, strict: boolean): void {
    try {
        makeFolder(dirname(path));
        writeFileSync(path, junitXml(checked, strict));
    } catch (cause) {
        const reason = messageOf(cause);
        throw new CommandError(
            exitCodes.configuration,
            `--junit ${path}: can't be written: ${reason}; name another file`,
            { cause },
        );
    }
}
