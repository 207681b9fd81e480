/** Monotonic time in nanoseconds. */
export type Clock = () => number;

/**
 * Nanoseconds since the process started, as a double: exact to the nanosecond for months, without a BigInt per call.
 */
export const monotonicClock: Clock = () => performance.now() * 1e6;

/**
 * Nanoseconds to subtract from a time of the kernel's CLOCK_MONOTONIC (`process.hrtime`), which all containers of a Pod
 * share, to convert it to {@link monotonicClock}. As a double it is off by 2 ns once the node has been up for 104 days.
 */
export function kernelClockOffset(): number {
    let offset = Number.POSITIVE_INFINITY;
    // An interruption between the two readings can only make the difference larger.
    for (let reading = 0; reading < 16; reading++) {
        const own = monotonicClock();
        offset = Math.min(offset, Number(process.hrtime.bigint()) - own);
    }
    return offset;
}
