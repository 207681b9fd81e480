import { setImmediate as turn } from "node:timers/promises";

/** So long without an event, and the folder is looked through; milliseconds. */
export const rescanAfterMs = 250;
/** An event that comes so soon after the look was late, not missed; milliseconds. chokidar needs some for itself. */
const graceMs = 100;

/**
 * Looks for what no event told, once nothing has moved for {@link rescanAfterMs}. One timer for the whole trial, so
 * that a round trip needs none.
 * @param progress a number that changes with every event; undefined while nothing is awaited
 * @param find names of files nobody told of; may be slow, is called off the timed path only
 * @param rescue called with each that still waits after the grace
 */
export function rescanner(
    progress: () => number | undefined,
    find: () => Promise<string[]>,
    rescue: (name: string) => void,
): { close(): void } {
    let last: number | undefined;
    let looking = false;
    const look = async () => {
        const before = progress();
        const names = await find();
        if (names.length === 0) return;
        await new Promise((resolve) => setTimeout(resolve, graceMs));
        // On a busy host the timer may be late and come before the event that has long been waiting: let that pass.
        for (let turns = 0; turns < 2; turns++) await turn();
        if (before !== undefined && progress() === before) for (const name of names) rescue(name);
    };
    const timer = setInterval(() => {
        const current = progress();
        const stuck = current !== undefined && current === last;
        last = current;
        if (!stuck || looking) return;
        looking = true;
        look()
            .catch(() => {}) // the folder is gone: the round trip's own error says so
            .finally(() => {
                looking = false;
            });
    }, rescanAfterMs / 2);
    return { close: () => clearInterval(timer) };
}
