import { Value } from "@sinclair/typebox/value";
import { type Arm, isArm, specOf } from "../model/arms.ts";
import { cellsOf } from "../model/cells.ts";
import { schemaVersion } from "../model/fields.ts";
import { armsOf, Plan, type Target } from "../model/plan.ts";
import { planFaults } from "../model/plan-faults.ts";
import { defaultConcurrency, defaultRatePerSecond, type Profile, profiles } from "../model/profiles.ts";
import type { Instance } from "../model/scenarios.ts";
import packageJson from "../package.json" with { type: "json" };
import { longestSeconds, type Schedulable } from "../statistics/schedule.ts";
import { quoted } from "./argument-error.ts";
import { codeHash, shortHash } from "./bundle.ts";
import type { NetworkEndpoints, VolumeEndpoints } from "./endpoints.ts";
import { lengthOf } from "./scenario-length.ts";
import { sharedVolumeDefaults } from "./shared-volume-pod.ts";

/** Fields of a plan that the program fills in. */
const ownFields = { schemaVersion, hopcostVersion: packageJson.version, codeHash: "", image: "" } as const;

/** What to measure: a {@link Plan} without the fields that the program fills in. */
export type BenchmarkPlan = Omit<Plan, keyof typeof ownFields | "targets" | "instances" | "prometheusUrl">;

/** What a run measures, if not what its profile says; see docs/configuration.md for each. */
export type PlanOverrides = Partial<Omit<BenchmarkPlan, "runId" | "profile" | "placement" | "volumeMedium">>;

/** The topologies that a run measures. */
export interface Topologies {
    network?: NetworkEndpoints;
    volume?: VolumeEndpoints;
}

/** What a plan is made of. */
export interface PlanArgs extends Topologies {
    profile: Profile;
    runId: string;
    overrides: PlanOverrides;
}

/** What becomes known only in the cluster: image and addresses. */
export interface Reached {
    image: string;
    targets: Record<string, Target>;
    instances: Instance[];
    prometheusUrl?: string | undefined;
}

/** The seed of a run that has none of its own: another order for each run id. */
export function seedOf(runId: string): number {
    return Number.parseInt(shortHash([runId]).slice(0, 8), 16);
}

/** The plan of a run: the profile, as far as the topologies have its arms, with what overrides it. */
export function resolvePlan({ profile, runId, overrides, ...topologies }: PlanArgs): BenchmarkPlan {
    const own = profiles[profile];
    const { targetHalfWidth, warmupSeconds, warmupRoundTrips, cellSeconds, cellRoundTrips, diagnosticSeconds } = own;
    const { network, volume } = topologies;
    const arms = own.arms.filter((arm) => lackOf(arm, topologies) === undefined);
    const plan = {
        ...{ runId, seed: seedOf(runId), profile, unavailable: [], payload: "repeated" as const, targetHalfWidth },
        // The profile's extra rounds apply only to its own number of rounds.
        ...{ rounds: own.rounds, maxRounds: overrides.rounds ?? own.maxRounds },
        ...{ warmupSeconds, warmupRoundTrips, cellSeconds, cellRoundTrips, diagnosticSeconds },
        ...{ ratePerSecond: defaultRatePerSecond, concurrency: defaultConcurrency },
        ...overrides,
        cells: overrides.cells ?? cellsOf(arms, own),
        placement: (network ?? volume)?.placement ?? "any",
        volumeMedium: volume?.medium ?? sharedVolumeDefaults.medium,
    };
    const { scenarios, seed } = plan;
    const usual = () => defaultDeadlineSeconds(plan, lengthOf(scenarios, seed).seconds);
    return { ...plan, deadlineSeconds: plan.deadlineSeconds ?? usual() };
}

/**
 * Twice the time of a plan with the most rounds, to allow for repeated trials, and five times that of its injections, of which a busy
 * machine gets fewer at once; plus two minutes.
 * @param scenarioSeconds what its injections take on a quiet machine
 */
export function defaultDeadlineSeconds(plan: Schedulable, scenarioSeconds: number): number {
    return 2 * Math.ceil(longestSeconds(plan)) + 5 * Math.ceil(scenarioSeconds) + 120;
}

/**
 * What is wrong with a plan, with the topologies, or between both.
 * @param instances how many topologies may be hurt
 */
export function planProblems(plan: BenchmarkPlan, topologies: Topologies, instances: number): (string | undefined)[] {
    if (topologies.network === undefined && topologies.volume === undefined)
        return ["network or volume must be given: the endpoints of a NetworkPair, of a SharedVolumePod, or both"];
    const faults = [...Value.Errors(Plan, { ...plan, ...ownFields, targets: {} })].map(
        ({ path, message, value }) => `${argumentOf(path)}: ${message.toLowerCase()}, got ${quoted(value)}`,
    );
    if (faults.length > 0) return faults;
    const nothingToHurt = plan.scenarios !== undefined && instances === 0;
    return [
        ...planFaults(plan).map((fault) => `overrides.${fault}`),
        ...lacks(plan, topologies),
        ...differences(topologies),
        nothingToHurt ? "instances must name what may be hurt, since there are scenarios" : undefined,
    ];
}

/** Where a program sets a field of the plan: `/cells/0/sizes` is `overrides.cells.0.sizes`. */
function argumentOf(path: string): string {
    const field = path.slice(1).replaceAll("/", ".");
    return field === "runId" ? field : `overrides.${field}`;
}

/** What the topologies lack for the arms of a plan. */
function lacks(plan: BenchmarkPlan, topologies: Topologies): string[] {
    const lacking = Map.groupBy(armsOf(plan).filter(isArm), (arm) => lackOf(arm, topologies));
    return [...lacking].flatMap(([lack, arms]) => {
        if (lack === undefined) return [];
        return [`${lack}, which ${arms.length === 1 ? "the arm" : "the arms"} ${arms.join(", ")} must have`];
    });
}

/** What the topologies lack for an arm; undefined if nothing. */
function lackOf(arm: Arm, { network, volume }: Topologies): string | undefined {
    const { topology, volume: needed } = specOf(arm);
    if (topology === "volume" && volume === undefined) return "volume must be the endpoints of a SharedVolumePod";
    if (topology !== "volume" && network === undefined) return "network must be the endpoints of a NetworkPair";
    const has = { ...network?.targets, ...volume?.targets };
    if (!(topology in has)) return "network must be a NetworkPair with crossNode";
    if (needed === undefined || volume?.volumes.includes(needed)) return undefined;
    return `volume must be a SharedVolumePod with ${needed === "disk" ? "disk" : "storageClass"}`;
}

/** In what the topologies differ, apart from the channel. */
function differences({ network, volume }: Topologies): string[] {
    if (network === undefined || volume === undefined) return [];
    return (["placement", "image"] as const)
        .filter((key) => [network, volume].every((of) => typeof of[key] === "string") && network[key] !== volume[key])
        .map((key) => {
            const [one, other] = [quoted(network[key]), quoted(volume[key])];
            return `network and volume must have the same ${key}, so that they differ only in the channel; got ${one} and ${other}`;
        });
}

/** The plan as JSON, as the driver reads it. The same plan always gives the same text. */
export function planDocument(plan: BenchmarkPlan, { targets, instances, prometheusUrl, image }: Reached): string {
    const whole: Plan = {
        ...plan,
        ...ownFields,
        codeHash: codeHash(),
        image,
        targets,
        ...(instances.length > 0 && { instances }),
        ...(prometheusUrl !== undefined && { prometheusUrl }),
    };
    return JSON.stringify(whole, undefined, 2);
}
