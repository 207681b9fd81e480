/**
 * Calls `expired` if there was no progress for `seconds`. Checks four times in that time, so that no round trip needs
 * its own timer.
 * @param progress a number that changes with every round trip
 * @returns a function that stops it
 */
export function watchdog(seconds: number, progress: () => number, expired: () => void): () => void {
    let last = Number.NaN;
    let still = 0;
    const timer = setInterval(() => {
        const current = progress();
        still = current === last ? still + 1 : 0;
        last = current;
        if (still >= 4) expired();
    }, seconds * 250);
    return () => clearInterval(timer);
}
