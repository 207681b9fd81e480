/** Called with one line for the user about what is happening. */
export type Say = (line: string) => void;

/** Discards the lines, for callers that only want the result. */
export const saysNothing: Say = () => {};

const everyMs = 2000;

/** A duration for people: `9s`, `3m12s`, `1h02m`. */
export function formatElapsed(ms: number): string {
    const seconds = Math.floor(ms / 1000);
    const two = (value: number): string => String(value).padStart(2, "0");
    if (seconds < 60) return `${seconds}s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
    return `${Math.floor(seconds / 3600)}h${two(Math.floor((seconds % 3600) / 60))}m`;
}

/**
 * Reports a line at once and then every 2 seconds until `work` is settled.
 * @param line receives the elapsed time, e.g. `3m12s`
 * @returns the result of `work`; rejects with its error
 */
export async function sayWhile<T>(say: Say, line: (elapsed: string) => string, work: Promise<T>): Promise<T> {
    const start = performance.now();
    const report = (): void => say(line(formatElapsed(performance.now() - start)));
    report();
    const timer = setInterval(report, everyMs);
    try {
        return await work;
    } finally {
        clearInterval(timer);
    }
}

/**
 * For a task of several steps: returns a function that reports each step as it begins, with the time since the task
 * began.
 */
export function stepper(task: string, say: Say): (what: string) => void {
    const begin = performance.now();
    return (what) => say(`${task}: ${what} (${formatElapsed(performance.now() - begin)})`);
}
