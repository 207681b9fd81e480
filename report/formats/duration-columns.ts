import type { Reading } from "../../model/reading.ts";
import type { DurationFigure } from "../../model/scenario-fields.ts";

/** The columns of a duration over injections: its median, both ends of the 95% CI, and how many were censored. */
export function durationNames(name: string): string[] {
    return ["seconds", "low_seconds", "high_seconds", "censored"].map((figure) => `${name}_${figure}`);
}

/** Their figures; none if the duration is absent. One that is longer than watched says so. */
export function durationColumns(
    name: string,
    figure: DurationFigure | undefined,
    { watchedSeconds }: { watchedSeconds: number },
): Record<string, Reading<number>> {
    if (figure === undefined) return {};
    const known = (seconds: number | null): Reading<number> =>
        seconds ?? { unavailable: `longer than watched (${watchedSeconds} s)` };
    const [low, high] = figure.interval ?? [];
    return {
        [`${name}_seconds`]: known(figure.median),
        ...(low === undefined ? {} : { [`${name}_low_seconds`]: known(low) }),
        ...(high === undefined ? {} : { [`${name}_high_seconds`]: known(high) }),
        [`${name}_censored`]: figure.censored,
    };
}
