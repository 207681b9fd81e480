import { Value } from "@sinclair/typebox/value";
import { isArm, specOf } from "../model/arms.ts";
import { schemaVersion } from "../model/fields.ts";
import { armsOf, Plan, type Target } from "../model/plan.ts";
import { planFaults } from "../model/plan-faults.ts";
import type { Instance } from "../model/scenarios.ts";
import packageJson from "../package.json" with { type: "json" };
import { quoted } from "./argument-error.ts";
import { codeHash } from "./bundle.ts";

/** Fields of a plan that the program fills in. */
const ownFields = { schemaVersion, hopcostVersion: packageJson.version, codeHash: "" } as const;

/** What to measure: a {@link Plan} without the fields that the program fills in. */
export type BenchmarkPlan = Omit<Plan, keyof typeof ownFields | "targets" | "instances" | "prometheusUrl">;

/** The addresses in a plan: of the topologies, and of the Prometheus that watches them. */
export interface PlanTargets {
    targets: Record<string, Target>;
    instances: Instance[];
    prometheusUrl?: string | undefined;
}

/**
 * What is wrong with a plan, or which topology it lacks.
 * @param given names of the topologies there are
 * @param instances how many of them may be hurt
 */
export function planProblems(plan: BenchmarkPlan, given: readonly string[], instances: number): string[] {
    const faults = [...Value.Errors(Plan, { ...plan, ...ownFields, targets: {} })].map(
        ({ path, message, value }) =>
            `plan${path.replaceAll("/", ".")}: ${message.toLowerCase()}, got ${quoted(value)}`,
    );
    if (faults.length > 0) return faults;
    const nothingToHurt = plan.scenarios !== undefined && instances === 0;
    return [
        ...planFaults(plan).map((fault) => `plan.${fault}`),
        ...missingTopologies(plan, given),
        ...(nothingToHurt ? ["instances must name what may be hurt, since the plan has scenarios"] : []),
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
export function planDocument(plan: BenchmarkPlan, { targets, instances, prometheusUrl }: PlanTargets): string {
    const whole: Plan = {
        ...plan,
        ...ownFields,
        codeHash: codeHash(),
        targets,
        ...(instances.length > 0 && { instances }),
        ...(prometheusUrl !== undefined && { prometheusUrl }),
    };
    return JSON.stringify(whole, undefined, 2);
}
