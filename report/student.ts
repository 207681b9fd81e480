const steps = 4000;

/**
 * The 97.5% quantile of Student's t distribution: half the width of a 95% interval, in standard errors.
 * With t = sqrt(df) tan(angle) the density becomes proportional to cos(angle)^(df - 1), which is summed up to the
 * quantile by the trapezoidal rule; right to 5 digits.
 * @param df degrees of freedom, 1 or more, whole or not
 * @see Abramowitz & Stegun 1964, 26.7.1 (A(t|v) as an integral over the angle)
 */
export function studentQuantile(df: number): number {
    const step = Math.PI / 2 / steps;
    const cumulated = [0];
    for (let index = 1; index <= steps; index++) {
        const strip = (Math.cos((index - 1) * step) ** (df - 1) + Math.max(0, Math.cos(index * step)) ** (df - 1)) / 2;
        cumulated.push((cumulated[index - 1] as number) + strip);
    }
    const wanted = 0.95 * (cumulated[steps] as number);
    const above = cumulated.findIndex((sum) => sum >= wanted);
    const before = cumulated[above - 1] as number;
    const fraction = (wanted - before) / ((cumulated[above] as number) - before);
    return Math.sqrt(df) * Math.tan((above - 1 + fraction) * step);
}
