import type { DurationFigure } from "../../model/scenario-fields.ts";
import type { Expectation, Expected, ScenarioCell } from "../../model/scenarios.ts";
import type { ShareCell } from "../../model/shares.ts";
import { durationWithInterval, shortSeconds } from "../words/durations.ts";
import { percent } from "../words/sentences.ts";
import { shareWithInterval } from "../words/shares.ts";

type Bound = Expectation["bounds"][number];
/** The figures of cells that are compared. */
type Cell = Omit<ScenarioCell, "bins">;

/** A figure as a range: its 95% CI if it has one, else its median as both ends. */
interface Found {
    low: number;
    high: number;
    /** Whether it was censored in at least half of the injections. */
    never: boolean;
    text: string;
}

const nouns = {
    outageSeconds: "outage",
    recoverySeconds: "recovery",
    reactionSeconds: "reaction",
    undelivered: "undelivered messages",
    lost: "lost messages",
    busiestShare: "share of the busiest replica",
    shareSeconds: "time until a new replica has its share",
} as const satisfies Record<Bound["figure"], string>;

/**
 * Whether the figures agree with what theory expects. A bound holds if the 95% CI of the median overlaps it, or the median
 * lies within if there are too few injections for an interval; the sum of lost messages must lie within. A figure that must
 * never end holds if at least half of the injections were censored. It is open as long as a bound has no injection that
 * counts, unless another bound is violated.
 */
export function expectedOf(
    expectations: readonly Expectation[],
    cells: readonly Cell[],
    shares: readonly ShareCell[] = [],
): Expected[] {
    return expectations.map(({ scenario, topology, text, bounds }) => {
        const judged = bounds.map((bound) => {
            const isMeant = (one: { scenario: string; topology: string; flow: string }) =>
                one.scenario === scenario && one.topology === topology && one.flow === bound.flow;
            const found = sharedOf(bound, shares.find(isMeant)) ?? foundOf(bound, cells.find(isMeant));
            return found === undefined ? undefined : faultOf(bound, found);
        });
        const faults = judged.filter((fault): fault is string => fault !== undefined && fault !== "");
        const isOpen = judged.length === 0 || judged.includes(undefined);
        return {
            scenario,
            topology,
            expectation: text,
            ...(faults.length > 0 ? { holds: false, found: faults.join("; ") } : isOpen ? {} : { holds: true }),
        };
    });
}

/** A figure of how messages are shared; undefined if it is another one, or there is none. */
function sharedOf({ figure }: Bound, cell: ShareCell | undefined): Found | undefined {
    if (cell === undefined) return undefined;
    if (figure === "shareSeconds" && cell.untilShare !== undefined) return durationFound(cell.untilShare, cell);
    if (figure !== "busiestShare") return undefined;
    const { median, interval = [median, median] } = cell.busiest;
    return { low: interval[0], high: interval[1], never: false, text: shareWithInterval(cell.busiest) };
}

/** Any other figure; undefined if there is none. */
function foundOf({ figure }: Bound, cell: Cell | undefined): Found | undefined {
    if (cell === undefined || figure === "busiestShare" || figure === "shareSeconds") return undefined;
    if (figure === "lost") {
        const { lost } = cell.outcomes;
        return { low: lost, high: lost, never: false, text: String(lost) };
    }
    if (figure === "undelivered") {
        const { median, interval = [median, median] } = cell.undelivered;
        const ends = cell.undelivered.interval === undefined ? "" : ` [${interval.join(" to ")}]`;
        return { low: interval[0], high: interval[1], never: false, text: `${median}${ends}` };
    }
    const durations = { outageSeconds: cell.outage, recoverySeconds: cell.recovery, reactionSeconds: cell.reaction };
    // Without any reaction it was censored in all injections.
    const none: DurationFigure = { median: null, censored: cell.injections };
    return durationFound(durations[figure] ?? none, cell);
}

function durationFound(
    { median, interval, censored }: DurationFigure,
    { watchedSeconds, injections }: Pick<Cell, "watchedSeconds" | "injections">,
): Found {
    const [low, high] = (interval ?? [median, median]).map((end) => end ?? Number.POSITIVE_INFINITY) as [
        number,
        number,
    ];
    return {
        low,
        high,
        never: median === null,
        text:
            durationWithInterval({ median, ...(interval && { interval }) }, watchedSeconds) +
            (censored > 0 ? ` (${censored} of ${injections} not over)` : ""),
    };
}

/** What is wrong; empty if the bound holds. */
function faultOf({ flow, figure, least, most, never }: Bound, found: Found): string {
    const holds =
        never === true
            ? found.never
            : found.high >= (least ?? Number.NEGATIVE_INFINITY) && found.low <= (most ?? Number.POSITIVE_INFINITY);
    return holds
        ? ""
        : `${nouns[figure]} with ${flow}: ${found.text}, expected ${wanted({ figure, least, most, never })}`;
}

function wanted({
    figure,
    least,
    most,
    never,
}: { [field in "figure" | "least" | "most" | "never"]: Bound[field] | undefined } & Pick<Bound, "figure">): string {
    if (never === true) return "not to end while it is watched";
    const shown = (value: number) =>
        figure.endsWith("Seconds") ? shortSeconds(value) : figure === "busiestShare" ? percent(value) : String(value);
    if (least === undefined) return `at most ${shown(most ?? Number.POSITIVE_INFINITY)}`;
    return most === undefined
        ? `at least ${shown(least)}`
        : least === most
          ? shown(least)
          : `${shown(least)} to ${shown(most)}`;
}
