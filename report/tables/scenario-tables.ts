import { type Outcome, undeliveredOf } from "../../model/outcomes.ts";
import type { Results } from "../../model/results.ts";
import type { DurationFigure } from "../../model/scenario-fields.ts";
import { type Expected, type ScenarioCell, type ScenarioResults, sham } from "../../model/scenarios.ts";
import { durationText, durationWithInterval, shiftInterval, shiftText } from "../words/durations.ts";
import { grouped } from "../words/scenario-words.ts";
import { shareWithInterval } from "../words/shares.ts";
import { elasticityTable } from "./elasticity-table.ts";
import type { Grid, Row } from "./grid.ts";

/** Outcomes besides `on-time`, with the titles of their columns. */
const outcomeColumns: readonly [Outcome, string][] = [
    ["late", "late"],
    ["failed", "failed"],
    ["unknown", "unknown"],
    ["delivered-unacknowledged", "no ack"],
    ["lost", "lost"],
    ["not-offered", "unsent"],
];

/**
 * The scenarios: whose outage is shorter, the durations and the messages of every cell below what theory expects of it, and
 * the injections that don't count. None without scenarios.
 */
export function scenarioTables({ scenarios }: Pick<Results, "scenarios">): Grid[] {
    if (scenarios === undefined) return [];
    const grids = [
        verdictsTable(scenarios),
        undeliveredTable(scenarios),
        durationsTable(scenarios),
        sharesTable(scenarios),
        messagesTable(scenarios),
        elasticityTable(scenarios),
        notCounted(scenarios),
    ];
    return grids.filter(({ rows }) => rows.length > 0);
}

/** Outages of both topologies side by side, medians over injections, and whose is shorter. */
function verdictsTable({ verdicts, cells }: ScenarioResults): Grid {
    const rows = verdicts.map(({ scenario, flow, shiftSeconds, interval, verdict }) => {
        const outages = ["network", "volume"].map((topology) => {
            const cell = cells.find(
                (one) => one.scenario === scenario && one.topology === topology && one.flow === flow,
            );
            return cell === undefined ? "-" : durationText(cell.outage.median, cell.watchedSeconds);
        });
        const range = interval === undefined ? "-" : shiftInterval(interval);
        return [scenario, flow, ...outages, shiftText(shiftSeconds), range, verdict.replace(" shorter", "")];
    });
    return {
        caption: "Outage: medians over injections, and whose is shorter",
        head: ["scenario", "flow", "network", "volume", "difference", "95% CI", "shorter"],
        rows,
        left: [0, 1, 6],
    };
}

/** Messages of an injection that never arrived, scenario by scenario, with one attempt each. */
function undeliveredTable({ cells }: ScenarioResults): Grid {
    const columns = [
        ["network", "once"],
        ["network", "once-fresh"],
        ["volume", "once"],
    ] as const;
    const names = [...new Set(cells.map(({ scenario }) => scenario))].filter((name) => name !== sham);
    return {
        caption: "Messages of an injection that never arrived: median [95% CI]; 0 in n: in none of n injections",
        head: ["scenario", "network", "a connection each", "volume"],
        rows: names.map((scenario) => [
            scenario,
            ...columns.map(([topology, flow]) =>
                undeliveredText(
                    cells.find((one) => one.scenario === scenario && one.topology === topology && one.flow === flow),
                ),
            ),
        ]),
        left: [0],
    };
}

function undeliveredText(cell: ScenarioCell | undefined): string {
    if (cell === undefined) return "-";
    const { outcomes, undelivered, injections } = cell;
    if (undeliveredOf(outcomes) === 0) return `0 in ${injections}`;
    const { median, interval } = undelivered;
    return interval === undefined ? `${median}` : `${median} [${interval.join(" to ")}]`;
}

function durationsTable(scenarios: ScenarioResults): Grid {
    const { cells, expected } = scenarios;
    return {
        caption: "Durations: medians over injections [95% CI]; n (injections in which service did not recover)",
        head: ["flow", "n", "first bad", "reaction", "outage", "recovery"],
        rows: byPair(cells).flatMap((ofPair): Row[] => [
            titleOf(ofPair[0], expected),
            ...ofPair.map((cell) => {
                const short = (figure: DurationFigure | undefined) =>
                    figure === undefined ? "-" : durationText(figure.median, cell.watchedSeconds);
                return [
                    cell.flow,
                    `${cell.injections}${cell.recovery.censored > 0 ? ` (${cell.recovery.censored})` : ""}`,
                    short(cell.detection),
                    short(cell.reaction),
                    durationWithInterval(cell.outage, cell.watchedSeconds),
                    durationWithInterval(cell.recovery, cell.watchedSeconds),
                ];
            }),
        ]),
        left: [0],
    };
}

/** How messages were shared among the replicas of the responder. */
function sharesTable({ shares = [] }: ScenarioResults): Grid {
    return {
        caption:
            "Load balancing: share of the busiest replica, and until a new one has at least half of its fair share: medians [95% CI]",
        head: ["scenario", "topology", "flow", "n", "replicas", "busiest", "has its share after"],
        rows: shares.map((cell) => [
            ...[cell.scenario, cell.topology, cell.flow, `${cell.injections}`, `${cell.replicas}`],
            shareWithInterval(cell.busiest),
            cell.untilShare === undefined ? "-" : durationWithInterval(cell.untilShare, cell.watchedSeconds),
        ]),
        left: [0, 1, 2],
    };
}

/** Sums over injections; only cells in which something was not on time. */
function messagesTable({ cells }: ScenarioResults): Grid {
    const affected = cells.filter(
        ({ slots, outcomes, duplicated, corrupt, outOfOrder }) =>
            outcomes["on-time"] < slots || duplicated + corrupt + outOfOrder > 0,
    );
    return {
        caption:
            "Messages over all injections unless all were on time (no ack: only the ack is missing; unsent: no initiator)",
        head: [
            "flow",
            "messages",
            ...outcomeColumns.map(([, title]) => title),
            "duplicated",
            "corrupt",
            "out of order",
        ],
        rows: byPair(affected).flatMap((ofPair): Row[] => [
            `${ofPair[0].scenario}, ${ofPair[0].topology}`,
            ...ofPair.map(({ flow, slots, outcomes, duplicated, corrupt, outOfOrder }) => [
                flow,
                ...[
                    slots,
                    ...outcomeColumns.map(([outcome]) => outcomes[outcome]),
                    duplicated,
                    corrupt,
                    outOfOrder,
                ].map(grouped),
            ]),
        ]),
        left: [0],
    };
}

function notCounted({ void: voids, skipped }: ScenarioResults): Grid {
    return {
        caption: "Injections that don't count",
        head: ["scenario", "topology", "injection", "state", "reason"],
        rows: [
            ...voids.map(({ index, scenario, topology, reason }) => [scenario, topology, `${index}`, "void", reason]),
            ...skipped.map(({ scenario, topology, reason }) => [scenario, topology, "all", "skipped", reason]),
        ],
        left: [0, 1, 3, 4],
    };
}

/** `kill-process, network: as expected (restart at once)`, or what differs. */
function titleOf({ scenario, topology }: ScenarioCell, expected: readonly Expected[]): string {
    const found = expected.filter((one) => one.scenario === scenario && one.topology === topology);
    const name = `${scenario}, ${topology}`;
    if (scenario === sham) return `${name}: everything except the event, for the noise floor`;
    if (found.length === 0) return name;
    return `${name}: ${found.map(expectationText).join("; ")}`;
}

/** Whether an expectation holds: `as expected (no effect)`, `NOT as expected (no effect): outage with once: 2.0 s, ...`. */
export function expectationText({ expectation, holds, found = "" }: Expected): string {
    if (holds === undefined) return `expected: ${expectation}`;
    return holds ? `as expected (${expectation})` : `NOT as expected (${expectation}): ${found}`;
}

/** The cells of each scenario and topology together. */
function byPair(cells: readonly ScenarioCell[]): [ScenarioCell, ...ScenarioCell[]][] {
    const groups = Map.groupBy(cells, ({ scenario, topology }) => `${scenario} ${topology}`).values();
    return [...groups] as [ScenarioCell, ...ScenarioCell[]][];
}
