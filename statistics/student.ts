const steps = 1000;
/** Beyond this many standard errors the density is negligible; they are an angle below 90 degrees if df is large. */
const farthest = 10;

/**
 * The quantile of Student's t distribution that is the half-width of a symmetrical interval, in standard errors: for 95%
 * the 97.5% quantile.
 * With t = sqrt(df) tan(angle) the density becomes proportional to cos(angle)^(df - 1), which is integrated up to the
 * quantile by the trapezoidal rule; accurate to 5 digits.
 * @param df degrees of freedom, 1 or more, not necessarily an integer
 * @param confidence share of the distribution within the interval, above 0 and up to 0.999
 * @see Abramowitz & Stegun 1964, 26.7.1 (A(t|v) as an integral over the angle)
 */
export function studentQuantile(df: number, confidence = 0.95): number {
    const step = Math.min(Math.PI / 2, farthest / Math.sqrt(df)) / steps;
    const density = new Float64Array(steps + 1).fill(1);
    const cumulated = new Float64Array(steps + 1);
    for (let at = 1; at <= steps; at++) {
        density[at] = Math.max(0, Math.cos(at * step)) ** (df - 1);
        const strip = ((density[at - 1] as number) + (density[at] as number)) / 2;
        cumulated[at] = (cumulated[at - 1] as number) + strip;
    }
    const wanted = confidence * (cumulated[steps] as number);
    const above = cumulated.findIndex((sum) => sum >= wanted);
    // The part of the last strip that is still needed: its upper edge is a straight line from `left` to `right`.
    const rest = wanted - (cumulated[above - 1] as number);
    const [left, right] = [density[above - 1] as number, density[above] as number];
    const fraction = (2 * rest) / (left + Math.sqrt(left ** 2 + 2 * (right - left) * rest));
    return Math.sqrt(df) * Math.tan((above - 1 + fraction) * step);
}
