import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { messageOf } from "../../model/error.ts";
import { parseInjection, parsePlan, parseTrial, sha256 } from "../../model/parse.ts";
import type { Plan } from "../../model/plan.ts";
import type { Results } from "../../model/results.ts";
import type { Injection } from "../../model/scenarios.ts";
import type { Trial } from "../../model/trial.ts";
import { aggregate } from "../../report/findings/results.ts";
import { reportPage } from "../../report/formats/html/page.ts";
import { resultsText } from "../../report/formats/text.ts";
import { makeFolder } from "../../sandbox/make-folder.ts";
import { resultsFolder } from "../project.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";
import { runIds } from "./run-ids.ts";

/** Everything that determines the results of a run. */
export interface Run {
    plan: Plan;
    /** The journal, ascending by index. */
    trials: readonly Trial[];
    /** Of its scenarios, ascending by index; none in a run without. */
    injections: readonly Injection[];
    /** Why the run was stopped before its end; undefined if it was not. */
    stopReason?: string | undefined;
    /** What could not be read in the journal. */
    warnings: readonly string[];
}

/** How a run ended: the content of `run.json`. */
const Ending = Type.Object({ stopReason: Type.Optional(Type.String()), warnings: Type.Array(Type.String()) });

/** The results of a run: the same run always gives the same bytes. */
export function resultsOf({ plan, trials, injections, stopReason, warnings }: Run): Results {
    const results = aggregate({ plan, trials, injections, stopReason });
    return { ...results, warnings: [...results.warnings, ...warnings] };
}

/**
 * Saves a run and its results. The sources are `plan.json`, `run.json` (how it ended) and the raw `trials/NNNN.json` and
 * `injections/NNNN.json`, each with its checksum beside it; the results are `results.json`, and the same to read as `report.html` and `table.txt`.
 * @returns the folder, `results/<run id>`
 * @throws CommandError (runFailed) if they can't be written
 */
export function saveRun(run: Run, results: Results, folder = resultsFolder): string {
    const { plan } = run;
    const target = join(folder, plan.runId);
    try {
        writeRun(run, results, target);
    } catch (cause) {
        const reason = messageOf(cause);
        throw new CommandError(
            exitCodes.runFailed,
            `run ${plan.runId} can't be saved in ${target} (${reason}): only the printed results exist; free some space there and measure again`,
            { cause },
        );
    }
    return target;
}

/**
 * Saves a finished trial or injection of a run that goes on, so that it outlives the cluster and this process. `hopcost report` can read
 * the folder from the first trial on.
 * @throws Error if it can't be written
 */
export function keepEntry(
    plan: Plan,
    kind: "trials" | "injections",
    entry: Trial | Injection,
    folder = resultsFolder,
): void {
    const target = join(folder, plan.runId);
    const isFirst = !existsSync(join(target, "plan.json"));
    for (const each of ["trials", kind]) makeFolder(join(target, each));
    writeEntry(entry, join(target, kind));
    if (isFirst) writeSources({ plan, stopReason: "hopcost ended before the run did", warnings: [] }, target);
}

function writeRun(run: Run, results: Results, target: string): void {
    makeFolder(join(target, "trials"));
    for (const trial of run.trials) writeEntry(trial, join(target, "trials"));
    if (run.injections.length > 0) makeFolder(join(target, "injections"));
    for (const injection of run.injections) writeEntry(injection, join(target, "injections"));
    writeSources(run, target);
    writeWhole(join(target, "table.txt"), resultsText(results));
    writeWhole(join(target, "report.html"), reportPage([results]));
    writeWhole(join(target, "results.json"), asJson(results));
}

function writeEntry(entry: Trial | Injection, folder: string): void {
    const text = JSON.stringify(entry);
    const path = join(folder, `${String(entry.index).padStart(4, "0")}.json`);
    writeWhole(path, text);
    writeWhole(`${path}.sha256`, `${sha256(text)}\n`);
}

function writeSources({ plan, stopReason, warnings }: Omit<Run, "trials" | "injections">, target: string): void {
    writeWhole(join(target, "run.json"), asJson({ stopReason, warnings }));
    writeWhole(join(target, "plan.json"), asJson(plan));
}

/**
 * Reads what {@link saveRun} wrote, except the results.
 * @throws CommandError (configuration) if the folder has no run, or an incomplete one; ReportError if a trial was changed or
 * cut off
 */
export function loadRun(folder: string): Run {
    const path = join(folder, "plan.json");
    if (!existsSync(path)) {
        const known = runIds().slice(0, 3);
        const hint = known.length === 0 ? "measure one with hopcost run" : `the newest are ${known.join(", ")}`;
        throw new CommandError(
            exitCodes.configuration,
            `${folder} is not a run (no plan.json); name a folder in ${resultsFolder}: ${hint}`,
        );
    }
    const { stopReason, warnings } = readDocument(Ending, join(folder, "run.json"));
    const plan = parsePlan(
        readable(path, () => readFileSync(path, "utf8")),
        { source: path },
    );
    const injections = join(folder, "injections");
    return {
        plan,
        trials: readEntries(join(folder, "trials"), parseTrial),
        injections: existsSync(injections) ? readEntries(injections, parseInjection) : [],
        stopReason,
        warnings,
    };
}

function readDocument<T extends TSchema>(schema: T, path: string): Static<T> {
    const document: unknown = readable(path, () => JSON.parse(readFileSync(path, "utf8")));
    const error = Value.Errors(schema, document).First();
    if (error === undefined) return document as Static<T>;
    const where = error.path === "" ? "" : `${error.path.slice(1).replaceAll("/", ".")}: `;
    throw new CommandError(
        exitCodes.configuration,
        `${path}: ${where}${error.message}; it was written by another version of hopcost, or changed`,
    );
}

function readEntries<T>(folder: string, parse: (text: string, expected: { source: string; sha256: string }) => T): T[] {
    const names = readable(folder, () => readdirSync(folder)).filter((name) => name.endsWith(".json"));
    return names.sort().map((name) => {
        const source = join(folder, name);
        const checksum = `${source}.sha256`;
        const sum = existsSync(checksum) ? readFileSync(checksum, "utf8").trim() : "absent";
        return parse(readFileSync(source, "utf8"), { source, sha256: sum });
    });
}

/** Reads a part of a run's folder; a failure means that it is missing or was cut off. */
function readable<T>(path: string, read: () => T): T {
    try {
        return read();
    } catch (cause) {
        throw new CommandError(
            exitCodes.configuration,
            `${path}: can't be read: ${(cause as Error).message}; use the results.json beside it, or repeat the run`,
            { cause },
        );
    }
}

/** JSON as in our files, and as `--json` prints it. */
export function asJson(value: unknown): string {
    return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** A reader sees the old file or the new one, never half of it. */
function writeWhole(path: string, text: string): void {
    writeFileSync(`${path}.tmp`, text);
    renameSync(`${path}.tmp`, path);
}
