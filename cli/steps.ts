import { Listr, ListrLogger, ProcessOutput } from "listr2";
import { formatElapsed, type Say } from "../sandbox/say.ts";

/** Without a terminal each line is kept in the log: one every so many seconds is enough while the same goes on. */
const quietSeconds = 10;

/**
 * One step with live progress and elapsed time, on stderr (stdout belongs to the result). The line of a step that ended
 * stays on the screen.
 * @param title what is done, e.g. `Kubernetes sandbox`
 * @param work gets a `say` for its live line; what it returns is returned
 * @throws whatever `work` throws
 */
export async function step<T>(title: string, work: (say: Say) => Promise<T>): Promise<T> {
    return process.stderr.isTTY ? await onTerminal(title, work) : await inLog(title, work);
}

async function onTerminal<T>(title: string, work: (say: Say) => Promise<T>): Promise<T> {
    let result: T | undefined;
    const started = performance.now();
    const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
    await new Listr(
        [
            {
                title,
                task: async (_context, task) => {
                    let line = "";
                    const show = () => {
                        task.output = line;
                        task.title = `${title} (${formatElapsed(performance.now() - started)})`;
                    };
                    const ticker = setInterval(show, 1000);
                    try {
                        result = await work((text) => {
                            line = text;
                            show();
                        });
                    } finally {
                        clearInterval(ticker);
                        task.title = `${title} (${formatElapsed(performance.now() - started)})`;
                    }
                },
            },
        ],
        { rendererOptions: { logger }, registerSignalListeners: false },
    ).run();
    return result as T;
}

async function inLog<T>(title: string, work: (say: Say) => Promise<T>): Promise<T> {
    const started = performance.now();
    let lastVerb = "";
    let lastAt = Number.NEGATIVE_INFINITY;
    console.error(`> ${title}`);
    const result = await work((line) => {
        const now = performance.now();
        const [verb = ""] = line.split(" "); // "building ...: 3m12s": what is done stays, how far it is changes
        if (verb === lastVerb && now - lastAt < quietSeconds * 1000) return;
        [lastVerb, lastAt] = [verb, now];
        console.error(`  ${line}`);
    });
    console.error(`  done in ${formatElapsed(performance.now() - started)}`);
    return result;
}
