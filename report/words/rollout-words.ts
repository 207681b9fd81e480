import { enoughInjections } from "../../statistics/outage-verdict.ts";

/** Title of the heat map and of its tables. */
export const rolloutsTitle = "Rollouts: messages that never arrived";

/** Messages of a rollout that never arrived, over rollouts. */
export interface UndeliveredFigure {
    median: number;
    /** Of the median, 95%. */
    interval?: readonly [number, number] | undefined;
    /** Messages of all rollouts together. */
    total: number;
    rollouts: number;
}

/**
 * The median, and how far it can be trusted: `41.5`, `37 to 48`; if none did not arrive in n rollouts, `0`, `at most 3/n` (the
 * share of rollouts with such messages, with 95%); `0`, `7 in 20` if only a few rollouts had the 7 messages; `32`, `n = 3` if
 * there are too few for an interval.
 */
export function undeliveredParts({ median, interval, total, rollouts }: UndeliveredFigure): [string, string] {
    if (total === 0) return ["0", rollouts < enoughInjections ? `n = ${rollouts}` : `at most 3/${rollouts}`];
    if (median === 0 && (interval === undefined || interval[1] === 0)) return ["0", `${total} in ${rollouts}`];
    return [`${median}`, interval === undefined ? `n = ${rollouts}` : interval.join(" to ")];
}

/** The same in one: `41.5 [37 to 48]`, `0 (at most 3/20)`, `0 (7 in 20)`, `32 (n = 3)`. */
export function undeliveredWords(figure: UndeliveredFigure): string {
    const [median, trust] = undeliveredParts(figure);
    return / to /.test(trust) ? `${median} [${trust}]` : `${median} (${trust})`;
}

/** The same in a sentence: `41.5 [37 to 48] per rollout`, `none in 20 rollouts (at most 3/20)`. */
export function perRollout(figure: UndeliveredFigure): string {
    const { total, rollouts } = figure;
    return total === 0
        ? `none in ${rollouts} rollouts (${undeliveredParts(figure)[1]})`
        : `${undeliveredWords(figure)} per rollout`;
}

/** The chance of an error: `p = 0.012`, `p < 0.001`. */
export function chanceText(chance: number): string {
    return chance < 0.001 ? "p < 0.001" : `p = ${Number(chance.toPrecision(2))}`;
}
