import { type BenchmarkPlan, defaultDeadlineSeconds } from "../components/benchmark-plan.ts";
import type { Placement } from "../components/measured-pod-args.ts";
import { lengthOf } from "../components/scenario-length.ts";
import { type Arm, allArms, isArm, mainArms, repeatArm, specOf } from "../model/arms.ts";
import { type CellSizes, cellsOf } from "../model/cells.ts";
import { payloads } from "../model/fields.ts";
import { defaultConcurrency, defaultRatePerSecond, type Profile, profiles } from "../model/profiles.ts";
import type { ScenarioPlan } from "../model/scenarios.ts";
import { expectedSeconds, type Schedulable } from "../statistics/schedule.ts";
import type { ConfigValues } from "./values.ts";

/** The settings of a stack that decide which arms it can have. */
export interface Site {
    placement: Placement;
    storageClass: string | undefined;
}

/** The part of a plan that defines what is measured, how often and for how long. */
export type Measurement = Omit<
    BenchmarkPlan,
    "runId" | "seed" | "profile" | "deadlineSeconds" | "placement" | "volumeMedium" | "scenarios"
>;

type ProfileSettings = (typeof profiles)[Profile];

/** Smallest payload, bytes: it starts with its sequence number. */
const leastSize = 16;
/** Seconds a run takes beyond its plan: the driver's start and writing the results. */
const startSeconds = 30;
/** Share of a plan's expected time, for slower machines and repeated trials. */
const margin = 0.1;

/** What is measured: the profile with the stack's overrides, and the arms this stack can't have. */
export function measurementOf(config: ConfigValues, profile: Profile, site: Site): Measurement {
    const own: ProfileSettings = profiles[profile];
    const { arms, unavailable } = armsOf(config, own, site);
    return {
        cells: cellsOf(arms, sizesOf(config, own)),
        unavailable,
        payload: config.choice("hopcost:payload", "repeated", payloads),
        ...roundsOf(config, own),
        targetHalfWidth: config.number("hopcost:targetHalfWidth", own.targetHalfWidth, 0.001, 1, "number"),
        warmupSeconds: config.number("hopcost:warmupSeconds", own.warmupSeconds, 0, 3600, "number"),
        warmupRoundTrips: own.warmupRoundTrips,
        cellSeconds: config.number("hopcost:cellSeconds", own.cellSeconds, 0.01, 3600, "number"),
        cellRoundTrips: own.cellRoundTrips,
        diagnosticSeconds: own.diagnosticSeconds,
        ratePerSecond: config.number("hopcost:ratePerSecond", defaultRatePerSecond, 0.1, 1e6, "number"),
        concurrency: config.number("hopcost:concurrency", defaultConcurrency, 2, 64),
    };
}

/** The arms, plus the A/A arm if the arm it repeats is there: without a noise floor a difference means little. */
function armsOf(
    config: ConfigValues,
    own: ProfileSettings,
    site: Site,
): { arms: Arm[]; unavailable: { arm: Arm; reason: string }[] } {
    const key = "hopcost:arms";
    const find = (item: string) => (isArm(item) ? item : undefined);
    const asked = config.list<Arm>(key, own.arms, find, `one of ${allArms.join(", ")}`);
    const repeated = asked.includes(mainArms.network) && !asked.includes(repeatArm);
    const wanted: Arm[] = repeated ? [...asked, repeatArm] : asked;
    const unavailable = wanted.flatMap((arm) => {
        const reason = whyNot(arm, site);
        return reason === undefined ? [] : [{ arm, reason }];
    });
    const arms = wanted.filter((arm) => whyNot(arm, site) === undefined);
    if (arms.length === 0) {
        const reasons = unavailable.map(({ arm, reason }) => `${arm}: ${reason}`).join("; ");
        config.refuse(key, wanted.join(","), `this stack can't measure any of them: ${reasons}`);
    }
    return { arms, unavailable };
}

/** Why a stack without a StorageClass has no claim. */
export const noPersistentVolume = "hopcost:storageClass is not set, so there is no PersistentVolume";

/** Why this stack can't have an arm; undefined if it can. */
function whyNot(arm: Arm, { placement, storageClass }: Site): string | undefined {
    const { topology, volume } = specOf(arm);
    if (volume === "claim" && storageClass === undefined) return noPersistentVolume;
    if (topology === "cross-node" && placement === "cross-node") {
        return "hopcost:placement is cross-node, so network/cluster-ip crosses nodes already";
    }
    return undefined;
}

/**
 * If the stack overrides the sizes, larger ones of the profile are dropped. Cells that are compared with the main arms'
 * closed loop use the main arms' sizes; cells under load needn't.
 */
function sizesOf(config: ConfigValues, own: ProfileSettings): CellSizes {
    const sizes = config.sizes("hopcost:sizes", own.sizes, leastSize);
    const overridden = config.isSet("hopcost:sizes");
    const compared = (of: readonly number[]) => (overridden ? nearestSizes(sizes, of) : [...of]);
    const limited = (of: readonly number[]) => (overridden ? atMost(sizes, of) : [...of]);
    return {
        sizes,
        ablationSizes: config.sizes("hopcost:ablationSizes", compared(own.ablationSizes), leastSize),
        repeatSizes: compared(own.repeatSizes),
        phaseSizes: compared(own.phaseSizes),
        constantRateSizes: limited(own.constantRateSizes),
        throughputSizes: limited(own.throughputSizes),
    };
}

/** For each of a profile's sizes, the user's size nearest to it as a ratio. */
function nearestSizes(sizes: readonly number[], of: readonly number[]): number[] {
    const distance = (one: number, other: number) => Math.abs(Math.log(one / other));
    const nearestTo = (size: number) =>
        sizes.reduce((best, other) => (distance(other, size) < distance(best, size) ? other : best));
    return [...new Set(of.map(nearestTo))];
}

/** A profile's sizes up to the user's largest; if there are none, the user's smallest. */
function atMost(sizes: readonly number[], of: readonly number[]): number[] {
    const kept = of.filter((size) => size <= Math.max(...sizes));
    return kept.length > 0 || of.length === 0 ? kept : [Math.min(...sizes)];
}

/** The profile's extra rounds apply only to its own number of rounds; a stack that sets `rounds` gets exactly those. */
function roundsOf(config: ConfigValues, own: ProfileSettings): { rounds: number; maxRounds: number } {
    const key = "hopcost:maxRounds";
    const rounds = config.number("hopcost:rounds", own.rounds, 1, 1000);
    const maxRounds = config.number(key, rounds === own.rounds ? own.maxRounds : rounds, 1, 1000);
    if (maxRounds < rounds) config.refuse(key, String(maxRounds), `must be at least hopcost:rounds (${rounds})`);
    return { rounds, maxRounds };
}

/** The deadline of the Job, seconds. */
export function deadlineOf(config: ConfigValues, plan: Schedulable & { scenarios?: ScenarioPlan }): number {
    const key = "hopcost:deadlineSeconds";
    const { seconds: scenarioSeconds } = lengthOf(plan.scenarios, plan.seed);
    const deadline = config.number(key, defaultDeadlineSeconds(plan, scenarioSeconds), 1, 14 * 24 * 3600);
    const expected = expectedSeconds(plan) + scenarioSeconds;
    const least = Math.ceil((1 + margin) * expected) + startSeconds;
    if (deadline < least) {
        const needed = `the plan takes about ${Math.ceil(expected)} s, plus a ${margin * 100}% margin and ${startSeconds} s for start-up`;
        const remedy =
            "or fewer hopcost:rounds, hopcost:arms, hopcost:sizes or hopcost:scenarios, or a smaller hopcost:cellSeconds";
        config.refuse(key, String(deadline), `${needed}; set at least ${least}, ${remedy}`);
    }
    return deadline;
}
