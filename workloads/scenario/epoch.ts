/**
 * Wall-clock time in seconds since 1970, exact to microseconds. Unlike `Date.now` it doesn't jump if the clock is set while the
 * process lives, so that the time since a schedule's start never does.
 */
export function epochSeconds(): number {
    return (performance.timeOrigin + performance.now()) / 1000;
}
