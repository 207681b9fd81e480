import { statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Results } from "../../model/results.ts";
import { pictureOf } from "../../report/plots/picture.ts";
import { plotsOf } from "../../report/plots/plots.ts";
import { makeFolder } from "../../sandbox/make-folder.ts";
import { allResultsAt, type SavedResults } from "../saved/find-results.ts";
import { type Format, formats } from "../saved/formats.ts";
import { colouredResults } from "../terminal/colour.ts";
import { CommandError, exitCodes } from "../terminal/exit.ts";

/** What the user asked for on the command line. */
export interface ReportOptions {
    format: Format;
    json?: boolean;
    /** A file, or `-` for standard output. */
    output?: string;
    /** A folder for the plots as pictures. */
    plots?: string;
}

/**
 * `hopcost report`: the results of saved runs, recomputed from their raw trials if those exist. HTML is written to a file
 * beside the run, other formats are printed. No cluster is needed.
 * @param places each as for `allResultsAt`; if empty, the newest run
 * @returns the exit code
 * @throws CommandError (configuration) if there is no such run, or a file can't be written; ReportError if the run's files
 * were changed
 */
export async function report(places: readonly string[], options: ReportOptions): Promise<number> {
    const format = options.json ? "json" : options.format;
    const saved = (places.length === 0 ? [undefined] : places).flatMap((place) => allResultsAt(place));
    const runs = saved.map(({ results }) => results);
    if (options.plots !== undefined && runs.length > 1) {
        throw new CommandError(
            exitCodes.configuration,
            `--plots draws one run, got ${runs.length}; call it once per run, each with its own folder`,
        );
    }
    const text = await formats[format](runs);
    const target = options.output ?? (format === "html" ? pagePath(saved) : "-");
    const pictures = options.plots === undefined ? [] : savePictures(runs[0] as Results, options.plots);
    if (target === "-") {
        process.stdout.write(format === "text" && options.output === undefined ? colouredResults(text) : text);
        return exitCodes.ok;
    }
    save(target, text);
    console.log([...runs.map(({ summary }) => summary), "", target, ...pictures].join("\n"));
    return exitCodes.ok;
}

/** The path of the page: in a run's folder, beside a result file, else in the current folder. */
function pagePath(saved: readonly SavedResults[]): string {
    const [first, ...more] = saved;
    const found =
        first === undefined || more.length > 0 ? undefined : statSync(first.source, { throwIfNoEntry: false });
    if (first !== undefined && found?.isDirectory()) return join(first.source, "report.html");
    return first !== undefined && found?.isFile() ? `${first.source.replace(/\.json$/, "")}.html` : "report.html";
}

function savePictures(results: Results, folder: string): string[] {
    return plotsOf(results).flatMap((plot) => {
        const picture = pictureOf(plot);
        if (picture === undefined) return [];
        const path = join(folder, `${plot.name}.svg`);
        save(path, picture);
        return [path];
    });
}

function save(path: string, text: string): void {
    try {
        makeFolder(dirname(path));
        writeFileSync(path, text);
    } catch (cause) {
        throw new CommandError(
            exitCodes.configuration,
            `${path} can't be written: ${(cause as Error).message}; name another place with --output or --plots`,
            { cause },
        );
    }
}
