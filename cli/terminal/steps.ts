import { Listr, ListrLogger, ProcessOutput } from "listr2";
import { formatElapsed } from "../../sandbox/say.ts";

/** Without a terminal every line stays in the log: while the same work continues, print one line per this many seconds. */
const quietSeconds = 10;
/** Characters of a bar. */
const barWidth = 20;

/** Shows in one line what happens now. @param share how much of the whole step is done, 0 to 1; undefined if unknown */
export type Show = (line: string, share?: number) => void;

/**
 * One step with live progress and elapsed time, on stderr (stdout belongs to the result). A terminal shows one line that
 * changes and, if the share done is known, a bar; elsewhere there are log lines. The title of an ended step stays visible.
 * @param title what is done, e.g. `Kubernetes sandbox`
 * @param work gets a function for its live line; its result is returned
 * @throws whatever `work` throws
 */
export async function step<T>(title: string, work: (show: Show) => Promise<T>): Promise<T> {
    // A dumb terminal can't rewrite a line, and at unknown width (`docker run -t`) a line would be cut to nothing.
    const canRedraw = process.stderr.isTTY && process.env.TERM !== "dumb" && process.stderr.columns > 0;
    return canRedraw ? await onTerminal(title, work) : await inLog(title, work);
}

/** A bar and the percentage, e.g. `█████████████░░░░░░░ 65%`. @param share 0 to 1 */
export function barOf(share: number): string {
    const done = Math.round(share * barWidth);
    return `${"█".repeat(done)}${"░".repeat(barWidth - done)} ${percentOf(share)}`;
}

/** Rounded down, so that 100% is shown only when done. */
function percentOf(share: number): string {
    return `${Math.floor(share * 100)}%`;
}

async function onTerminal<T>(title: string, work: (show: Show) => Promise<T>): Promise<T> {
    let result: T | undefined;
    const started = performance.now();
    const titleNow = () => `${title} (${formatElapsed(performance.now() - started)})`;
    const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
    await new Listr(
        [
            {
                title,
                task: async (_context, task) => {
                    const ticker = setInterval(() => {
                        task.title = titleNow();
                    }, 1000);
                    try {
                        result = await work((line, share) => {
                            task.output = share === undefined ? line : `${barOf(share)} ${line}`;
                            task.title = titleNow();
                        });
                    } finally {
                        clearInterval(ticker);
                        task.title = titleNow();
                    }
                },
            },
        ],
        // The command reports errors once and in full at its end; a line too long for the terminal is cut, not wrapped.
        {
            rendererOptions: { logger, formatOutput: "truncate", showErrorMessage: false },
            registerSignalListeners: false,
        },
    ).run();
    return result as T;
}

async function inLog<T>(title: string, work: (show: Show) => Promise<T>): Promise<T> {
    const started = performance.now();
    const elapsed = () => formatElapsed(performance.now() - started);
    let lastVerb = "";
    let lastLine = "";
    let lastAt = Number.NEGATIVE_INFINITY;
    console.error(`> ${title}`);
    const print = (line: string) => {
        lastAt = performance.now();
        console.error(`  ${line}`);
    };
    // Shows that long, silent work still continues.
    const ticker = setInterval(() => {
        if (performance.now() - Math.max(lastAt, started) < quietSeconds * 1000) return;
        print(`${lastLine === "" ? "working" : lastLine}, ${elapsed()} so far`);
    }, 1000);
    try {
        const result = await work((line, share) => {
            lastLine = share === undefined ? line : `${percentOf(share)} ${line}`;
            const [verb = ""] = line.split(" "); // "building ...: 3m12s": the verb stays, the progress changes
            if (verb === lastVerb && performance.now() - lastAt < quietSeconds * 1000) return;
            lastVerb = verb;
            print(lastLine);
        });
        console.error(`  done in ${elapsed()}`);
        return result;
    } finally {
        clearInterval(ticker);
    }
}
