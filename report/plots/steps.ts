import type { Bins } from "../../model/scenarios.ts";
import { binSeconds } from "../../model/scenarios.ts";
import { lengthOf } from "../../statistics/bins.ts";
import { round } from "./axes.ts";
import { groupedEvenly } from "./thin.ts";

/** Slots of a time by outcome, as shares. */
export interface Step {
    /** Seconds after the injection. */
    from: number;
    to: number;
    /** Share of each of the outcomes, in their order; all 0 if no slot was due. */
    shares: number[];
}

/** The shares of outcomes over time, in at most so many steps of one or several bins. */
export function stepsOf(bins: Bins, outcomes: readonly string[], most: number): Step[] {
    const indices = Array.from({ length: lengthOf(bins) }, (_, index) => index);
    return groupedEvenly(indices, most, zeroOf(bins)).map((group) => {
        const [first = 0] = group;
        const counts = outcomes.map((outcome) =>
            group.reduce((sum, at) => sum + (bins.outcomes[outcome]?.[at] ?? 0), 0),
        );
        const all = counts.reduce((sum, count) => sum + count, 0);
        return {
            from: bins.fromSeconds + first * binSeconds,
            to: bins.fromSeconds + (first + group.length) * binSeconds,
            shares: counts.map((count) => (all === 0 ? 0 : count / all)),
        };
    });
}

/** Index of the bin that begins at the injection; 0 if none does. */
export function zeroOf({ fromSeconds }: Bins): number {
    return Math.max(0, Math.round(-fromSeconds / binSeconds));
}

/**
 * The outline of an outcome's layer in a stack, as path data; it turns only where a share changes, so that long times in which
 * nothing happens cost nothing.
 * @param layer index of the outcome; those before are below it
 * @param x position of a time, in pixels. @param y position of a share
 */
export function layerPath(
    steps: readonly Step[],
    layer: number,
    x: (seconds: number) => number,
    y: (share: number) => number,
): string {
    const below = (upTo: number) =>
        steps.map(({ shares }) => round(y(shares.slice(0, upTo).reduce((sum, one) => sum + one, 0))));
    const [lower, upper] = [below(layer), below(layer + 1)];
    const edges = [...steps.map(({ from }) => round(x(from))), round(x(steps.at(-1)?.to ?? 0))];
    const forth = upper.slice(1).flatMap((at, index) => (at === upper[index] ? [] : [`H${edges[index + 1]}V${at}`]));
    const back = lower
        .slice(1)
        .flatMap((at, index) => (at === lower[index] ? [] : [`H${edges[index + 1]}V${lower[index]}`]));
    const start = `M${edges[0]},${lower[0]}V${upper[0]}`;
    return [start, ...forth, `H${edges.at(-1)}V${lower.at(-1)}`, ...back.reverse(), "Z"].join("");
}
