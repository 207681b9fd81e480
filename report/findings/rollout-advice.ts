import {
    type Rollout,
    type RolloutAdvice,
    rollouts,
    type Switch,
    scenarioOfRollout,
    switches,
    type Update,
    updates,
} from "../../model/rollouts.ts";
import type { ScenarioCell } from "../../model/scenarios.ts";
import { chanceOfFewer, jointChances, type Pair } from "../../statistics/fewer.ts";
import { enoughInjections } from "../../statistics/outage-verdict.ts";
import { rounded } from "../../statistics/rounding.ts";
import { chanceText, perRollout } from "../words/rollout-words.ts";
import { topologyWords } from "../words/scenario-words.ts";
import { rolloutFlow, undeliveredFigure, variantOf } from "./rollout-matrix.ts";
import { type AdvisedSetting, yamlOf } from "./rollout-yaml.ts";

type Cell = Omit<ScenarioCell, "bins">;

/** The rollouts of a variant into a topology: its figures, and the messages of each rollout that never arrived. */
export interface MeasuredRollouts {
    cell: Cell;
    undelivered: readonly number[];
}

/** What a Deployment can be given, and the same Deployment without it. */
interface Setting {
    name: AdvisedSetting | "all";
    /** How a sentence begins. */
    words: string;
    /** The rollouts that a rollout is compared with: the first that was measured; none if it doesn't have the setting. */
    without(rollout: Rollout): Rollout[];
}

/** Two variants that differ in one setting only. */
interface Compared {
    with: MeasuredRollouts;
    without: MeasuredRollouts;
}

/** All pairs of a setting on a topology. */
interface Question {
    topology: string;
    setting: Setting;
    pairs: [Compared, ...Compared[]];
}

/** The false alarm rate of all advice of a run together. */
const level = 0.05;
const allSwitches = Object.keys(switches) as Switch[];
const off = { preStop: false, ready: false, drain: false };

const settings: readonly Setting[] = [
    {
        name: "surge",
        words: "One Pod more instead of one fewer",
        without: (rollout) => surgeBut(rollout, "unavailable"),
    },
    { name: "surge", words: "One Pod more instead of Recreate", without: (rollout) => surgeBut(rollout, "recreate") },
    switchOf("ready", "A readiness probe"),
    switchOf("preStop", `A preStop pause of ${switches.preStop.preStopSeconds} s`),
    switchOf("drain", "Finishing at SIGTERM what has begun"),
    {
        name: "sidecar",
        words: "The reader as a native sidecar",
        without: ({ kind, ...rollout }) => (kind === "sidecar" ? [rollout] : []),
    },
];
/** Those that are compared; both ends of a pair at once are another event, not a setting. */
const comparedRollouts: readonly Rollout[] = [
    ...rollouts,
    ...rollouts.map((rollout): Rollout => ({ ...rollout, kind: "sidecar" })),
];
/** All of them, and with nothing switched on: what a Deployment does by default, or else another update. */
const whole: Setting = {
    name: "all",
    words: "All settings together",
    without: (rollout) =>
        rollout.kind === undefined && rollout.update === "surge" && allSwitches.every((name) => rollout[name])
            ? (Object.keys(updates) as Update[]).map((update) => ({ update, ...off }))
            : [],
};

function surgeBut(rollout: Rollout, update: Update): Rollout[] {
    return rollout.update === "surge" ? [{ ...rollout, update }] : [];
}

function switchOf(name: Switch, words: string): Setting {
    return { name, words, without: (rollout) => (rollout[name] ? [{ ...rollout, [name]: false }] : []) };
}

/**
 * What the rollouts of a run show to be worth setting. For each topology and setting (one Pod more instead of one fewer, or
 * instead of Recreate; a readiness probe; a preStop pause; draining; the reader as a native sidecar) the pairs of variants that differ in this setting only are
 * compared, if both have at least 6 rollouts with flow `once`. A setting is advised if both are true:
 * - over all its pairs, rollouts with it have fewer messages that never arrived: a one-sided rank sum test, stratified by pairs;
 *   the chances of all settings and topologies of the run together are kept at 5% (Holm)
 * - in at least one pair the 95% intervals of both medians don't overlap. Of these pairs the one with the fewest messages is
 *   shown; the setting removes failures if none of its rollouts had any, else it reduces them.
 * All settings together are compared in the same way, and in the same 5%, with the variant that has none of them. They are advised
 * if they remove failures, and no single setting is shown to on that topology.
 */
export function rolloutAdvice(measured: readonly MeasuredRollouts[]): RolloutAdvice[] {
    const questions = questionsOf(measured);
    const chances = jointChances(
        questions.map(({ pairs }) => chanceOfFewer(pairs.map(samplesOf) as [Pair, ...Pair[]])),
    );
    const found = questions.flatMap((question, index) => adviceOf(question, chances[index] as number));
    const bySingle = found.filter(({ setting, removes }) => setting !== whole.name && removes);
    return found.filter(
        ({ setting, topology }) => setting !== whole.name || !bySingle.some((one) => one.topology === topology),
    );
}

function questionsOf(measured: readonly MeasuredRollouts[]): Question[] {
    const enough = measured.filter(({ cell }) => cell.flow === rolloutFlow && cell.injections >= enoughInjections);
    const topologies = [...new Set(enough.map(({ cell }) => cell.topology))];
    return topologies.flatMap((topology) => {
        const of = (rollout: Rollout) =>
            enough.find(({ cell }) => cell.topology === topology && cell.scenario === scenarioOfRollout(rollout));
        return [...settings, whole].flatMap((setting): Question[] => {
            const [first, ...others] = comparedRollouts.flatMap((rollout): Compared[] => {
                const one = of(rollout);
                const other = setting
                    .without(rollout)
                    .map(of)
                    .find((candidate) => candidate !== undefined);
                return one === undefined || other === undefined ? [] : [{ with: one, without: other }];
            });
            return first === undefined ? [] : [{ topology, setting, pairs: [first, ...others] }];
        });
    });
}

function samplesOf(pair: Compared): Pair {
    return { with: pair.with.undelivered, without: pair.without.undelivered };
}

function adviceOf({ topology, setting, pairs }: Question, chance: number): RolloutAdvice[] {
    const apart = pairs.filter((pair) => isBelow(pair.with, pair.without));
    const [shown] = apart.toSorted(
        (one, other) => shareOf(one.with) - shareOf(other.with) || shareOf(other.without) - shareOf(one.without),
    );
    if (chance > level || shown === undefined) return [];
    const removes = undeliveredFigure(shown.with.cell).total === 0;
    if (setting === whole && !removes) return [];
    const [one, other] = [shown.with, shown.without].map(({ cell }) => cell) as [Cell, Cell];
    const subject = `${setting.words} (${variantOf(one.scenario)} instead of ${variantOf(other.scenario)})`;
    const verb = setting === whole ? "remove" : removes ? "removes" : "reduces";
    const only = setting === whole ? ", and no single one is shown to" : "";
    const figures = [one, other].map((cell) => perRollout(undeliveredFigure(cell))).join(" instead of ");
    const fewer = apart.length;
    const more = pairs.filter((pair) => isBelow(pair.without, pair.with)).length;
    const often =
        pairs.length === 1
            ? ""
            : `; fewer in ${fewer}${more > 0 ? ` and more in ${more}` : ""} of ${pairs.length} such pairs`;
    return [
        {
            ...{ topology, setting: setting.name },
            ...{ scenario: one.scenario, reference: other.scenario },
            ...{ removes, pairs: pairs.length, fewer, more, chance: rounded(chance) },
            text: `${subject} ${verb} undelivered messages in ${topologyWords(topology)}${only}: ${figures}${often} (${chanceText(chance)}).`,
            yaml: yamlOf(setting.name === "all" ? ["surge", ...allSwitches] : [setting.name]),
        },
    ];
}

/** Whether the whole interval of its median is below that of the other. */
function isBelow(one: MeasuredRollouts, other: MeasuredRollouts): boolean {
    const [low, high] = [one.cell.undelivered.interval, other.cell.undelivered.interval];
    return low !== undefined && high !== undefined && low[1] < high[0];
}

/** Undelivered messages per rollout, the mean: it also orders variants whose median is 0. */
function shareOf({ undelivered }: MeasuredRollouts): number {
    return undelivered.reduce((sum, messages) => sum + messages, 0) / undelivered.length;
}
