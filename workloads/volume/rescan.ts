import { setImmediate as turn } from "node:timers/promises";

/** The folder is listed after this long without an event; milliseconds. */
export const rescanAfterMs = 250;
/** An event this soon after the listing was late, not missed; milliseconds. chokidar itself needs some. */
const graceMs = 100;

/**
 * Looks for files without an event when there was no progress for {@link rescanAfterMs}. One timer for the whole trial,
 * so that a round trip needs none.
 * @param progress a number that changes with every event; undefined while nothing is awaited
 * @param find names of files without an event; can be slow, since it is called only off the timed path
 * @param rescue called with each file still waiting after the grace period
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
        // On a busy host a late timer can fire before an event that has long been pending: let the event go first.
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
