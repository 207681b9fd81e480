import type { Results } from "../../model/results.ts";
import { formatSize } from "../../model/sizes.ts";
import { percent } from "../words/sentences.ts";
import { formatSeconds } from "../words/units.ts";
import type { Grid } from "./grid.ts";

/**
 * Where the time of the slower main arm goes, one line per size and cause. A part below 0 is within the noise.
 * @returns undefined if no size has attributions
 */
export function attributionTable({ attributions }: Pick<Results, "attributions">): Grid | undefined {
    if (attributions.length === 0) return undefined;
    const rows = attributions.flatMap(({ size, arm, parts }) =>
        parts.map(({ cause, seconds, share, interval }, index) => [
            index === 0 ? formatSize(size) : "",
            index === 0 ? arm : "",
            cause,
            seconds < 0 ? `-${formatSeconds(-seconds)}` : formatSeconds(seconds),
            percent(share),
            interval === undefined ? "-" : interval.map(percent).join(" to "),
        ]),
    );
    return {
        caption: "Where the time of the slower main arm goes",
        head: ["size", "slower arm", "goes to", "time", "share", "95% CI"],
        rows,
        left: [0, 1, 2],
    };
}
