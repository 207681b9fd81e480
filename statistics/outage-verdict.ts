import type { OutageChange } from "../model/comparison.ts";
import type { ScenarioVerdict } from "../model/scenarios.ts";
import { shiftOf } from "./order.ts";
import { rounded } from "./rounding.ts";

/** Fewer injections on a side give no interval, and so no verdict. */
export const enoughInjections = 6;

/**
 * The smallest difference of outages that is not noise, in seconds: how far from 0 the 95% interval of the difference between
 * the shams of both sides reaches, as the A/A arm has it for ratios. With fewer than 6 shams on a side, their largest outage. At
 * least two slots, since an outage is not known to less.
 * @param a seconds of each sham of one side, a topology or a run; `Infinity` if it never ended
 * @param b the same of the other side
 */
export function noiseFloorOf(a: readonly number[], b: readonly number[], ratePerSecond: number): number {
    const least = 2 / ratePerSecond;
    const isEnough = Math.min(a.length, b.length) >= enoughInjections;
    const { interval } = isEnough ? shiftOf(a, b) : {};
    return interval === undefined
        ? Math.max(least, ...a, ...b)
        : Math.max(least, ...interval.map((end) => Math.abs(end)));
}

/**
 * How much longer the outages of B are than those of A, from the shift between them (Hodges-Lehmann) and its 95% interval (rank
 * sum test):
 * - `no difference`: the whole interval lies within the noise floor on both sides of 0, also if it excludes 0
 * - `longer`, `shorter`: the interval excludes 0, and the shift exceeds the noise floor
 * - `inconclusive`: all else: fewer than 6 injections on a side, an interval that is too wide, so many censored outages that it
 *   has no end, or a noise floor without end
 * @param a seconds of each injection, at least one; `Infinity` if censored
 * @param b the same
 * @param noiseFloor see {@link noiseFloorOf}
 */
export function outageChange(
    a: readonly number[],
    b: readonly number[],
    noiseFloor: number,
): Pick<ScenarioVerdict, "shiftSeconds" | "interval"> & Pick<OutageChange, "outcome"> {
    const { shift, interval } = shiftOf(a, b);
    const bothCensored = [a, b].every(isMostlyCensored);
    const shiftSeconds = bothCensored ? null : finite(shift);
    const isEnough = Math.min(a.length, b.length) >= enoughInjections;
    if (interval === undefined || !isEnough) return { shiftSeconds, outcome: "inconclusive" };
    const [low, high] = interval;
    const isQuiet = Number.isFinite(noiseFloor);
    return {
        shiftSeconds,
        interval: [finite(low), finite(high)],
        outcome:
            isQuiet && low >= -noiseFloor && high <= noiseFloor
                ? "no difference"
                : low > 0 && shift > noiseFloor
                  ? "longer"
                  : high < 0 && -shift > noiseFloor
                    ? "shorter"
                    : "inconclusive",
    };
}

/** Whose outages are shorter, as {@link outageChange} finds from the network to the volume. */
export function outageVerdict(
    network: readonly number[],
    volume: readonly number[],
    noiseFloor: number,
): Pick<ScenarioVerdict, "shiftSeconds" | "interval" | "verdict"> {
    const { outcome, ...shift } = outageChange(network, volume, noiseFloor);
    if (outcome === "longer") return { ...shift, verdict: "network shorter" };
    return { ...shift, verdict: outcome === "shorter" ? "volume shorter" : outcome };
}

/** A number of seconds as it is stored: null if it has no end. */
export function finite(seconds: number): number | null {
    return Number.isFinite(seconds) ? rounded(seconds) : null;
}

function isMostlyCensored(outages: readonly number[]): boolean {
    return 2 * outages.filter((seconds) => seconds === Number.POSITIVE_INFINITY).length >= outages.length;
}
