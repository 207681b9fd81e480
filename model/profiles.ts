import { type Arm, allArms, mainArms, repeatArm } from "./arms.ts";
import type { CellSizes } from "./cells.ts";
import type { Plan } from "./plan.ts";
import { allSizes } from "./sizes.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
/** Sizes of the ablation arms: the cost of a cause changes slowly from one size to the next. */
const fewSizes = [64, 4 * KIB, 64 * KIB, MIB, 16 * MIB];

/** How long and how often each profile measures; `full` is for published results. */
export const profiles = {
    /** Both main arms at all sizes, and the noise floor, in just over a minute. */
    quick: {
        arms: [mainArms.network, mainArms.volume, repeatArm],
        sizes: allSizes,
        ablationSizes: [64, 64 * KIB],
        repeatSizes: [64, 64 * KIB],
        phaseSizes: [],
        constantRateSizes: [],
        throughputSizes: [],
        rounds: 3,
        maxRounds: 3,
        targetHalfWidth: 0.05,
        warmupSeconds: 1,
        warmupRoundTrips: 500,
        cellSeconds: 0.35,
        cellRoundTrips: 20,
        diagnosticSeconds: 0.3,
        injections: 3,
    },
    /** Every arm, with the warm-up and trials that the method requires for decisions; at most 20 minutes. */
    standard: {
        arms: allArms,
        sizes: allSizes,
        ablationSizes: fewSizes,
        repeatSizes: allSizes,
        phaseSizes: fewSizes,
        constantRateSizes: [64, 64 * KIB],
        throughputSizes: [64, 64 * KIB, MIB],
        rounds: 10,
        maxRounds: 11,
        targetHalfWidth: 0.05,
        warmupSeconds: 2,
        warmupRoundTrips: 2000,
        cellSeconds: 0.45,
        cellRoundTrips: 100,
        diagnosticSeconds: 0.3,
        injections: 20,
    },
    /** Twice the trials, longer cells, and the ablation arms at all sizes. */
    full: {
        arms: allArms,
        sizes: allSizes,
        ablationSizes: allSizes,
        repeatSizes: allSizes,
        phaseSizes: allSizes,
        constantRateSizes: [64, 64 * KIB, MIB],
        throughputSizes: [64, 64 * KIB, MIB],
        rounds: 20,
        maxRounds: 40,
        targetHalfWidth: 0.02,
        warmupSeconds: 2,
        warmupRoundTrips: 2000,
        cellSeconds: 2,
        cellRoundTrips: 100,
        diagnosticSeconds: 1,
        injections: 40,
    },
} as const satisfies Record<string, ProfileSettings>;
/** A name in {@link profiles}. */
export type Profile = keyof typeof profiles;

/** Default round trips per second of a constant-rate cell: below what the slowest main arm can do. */
export const defaultRatePerSecond = 250;
/** Default number of round trips in flight in a throughput cell. */
export const defaultConcurrency = 4;

type Repetition = Pick<
    Plan,
    | "rounds"
    | "maxRounds"
    | "targetHalfWidth"
    | "warmupSeconds"
    | "warmupRoundTrips"
    | "cellSeconds"
    | "cellRoundTrips"
    | "diagnosticSeconds"
>;
interface ProfileSettings extends Repetition, CellSizes {
    arms: readonly Arm[];
    /** Of each scenario on each topology, if there are scenarios. */
    injections: number;
}
