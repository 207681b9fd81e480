/**
 * Calls `expired` where nothing has moved for so long. Looks four times in that time, so that no timer is made per
 * round trip.
 * @param progress a number that changes with every round trip
 * @returns how to end it
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
