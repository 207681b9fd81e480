import { Value } from "@sinclair/typebox/value";
import { allArms, isArm, specOf } from "../model/arms.ts";
import { schemaVersion } from "../model/fields.ts";
import { armsOf, modes, Plan, type Target } from "../model/plan.ts";
import packageJson from "../package.json" with { type: "json" };
import { quoted } from "./argument-error.ts";
import { codeHash } from "./bundle.ts";

/** Fields of a plan that the program fills in. */
const ownFields = { schemaVersion, hopcostVersion: packageJson.version, codeHash: "" } as const;

/** What to measure: a {@link Plan} without the fields that the program fills in. */
export type BenchmarkPlan = Omit<Plan, keyof typeof ownFields | "targets" | "prometheusUrl">;

/** The addresses in a plan: of the topologies, and of the Prometheus that watches them. */
export interface PlanTargets {
    targets: Record<string, Target>;
    prometheusUrl?: string | undefined;
}

/** What is wrong with a plan, or which topology it lacks. @param given names of the topologies there are */
export function planProblems(plan: BenchmarkPlan, given: readonly string[]): string[] {
    const faults = [...Value.Errors(Plan, { ...plan, ...ownFields, targets: {} })].map(
        ({ path, message, value }) =>
            `plan${path.replaceAll("/", ".")}: ${message.toLowerCase()}, got ${quoted(value)}`,
    );
    if (faults.length > 0) return faults;
    return [...unknownNames(plan), ...contradictions(plan), ...missingTopologies(plan, given)];
}

/** A saved plan may name arms and modes of another version, which this one can't measure. */
function unknownNames({ cells }: BenchmarkPlan): string[] {
    return cells.flatMap(({ arm, mode }, index) => [
        ...(isArm(arm) ? [] : [`plan.cells.${index}.arm: must be one of ${allArms.join(", ")}, got ${quoted(arm)}`]),
        ...((modes as readonly string[]).includes(mode)
            ? []
            : [`plan.cells.${index}.mode: must be one of ${modes.join(", ")}, got ${quoted(mode)}`]),
    ]);
}

function contradictions(plan: BenchmarkPlan): string[] {
    const { cells, unavailable, rounds, maxRounds } = plan;
    const arms = armsOf(plan);
    const both = unavailable.filter(({ arm }) => arms.includes(arm));
    const twice = cells.filter(
        (one, index) => cells.findIndex((other) => other.arm === one.arm && other.mode === one.mode) < index,
    );
    return [
        ...(maxRounds < rounds ? [`plan.maxRounds must be at least plan.rounds (${rounds}), got ${maxRounds}`] : []),
        ...both.map(({ arm }) => `plan.unavailable must not name an arm of plan.cells, got ${quoted(arm)}`),
        ...twice.map(({ arm, mode }) => `plan.cells must name each arm and mode once, got ${arm} ${mode} twice`),
    ];
}

function missingTopologies(plan: BenchmarkPlan, given: readonly string[]): string[] {
    const needed = Map.groupBy(armsOf(plan).filter(isArm), (arm) => specOf(arm).topology);
    return [...needed]
        .filter(([topology]) => !given.includes(topology))
        .map(([topology, arms]) => {
            const which = arms.length === 1 ? `the arm ${arms[0]}` : `the arms ${arms.join(", ")}`;
            return `targets must have "${topology}", since the plan has ${which}`;
        });
}

/** The plan as JSON, as the driver reads it. The same plan always gives the same text. */
export function planDocument(plan: BenchmarkPlan, { targets, prometheusUrl }: PlanTargets): string {
    const whole: Plan = {
        ...ownFields,
        ...plan,
        codeHash: codeHash(),
        targets,
        ...(prometheusUrl !== undefined && { prometheusUrl }),
    };
    return JSON.stringify(whole, undefined, 2);
}
