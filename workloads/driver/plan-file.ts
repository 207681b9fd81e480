import { readFileSync } from "node:fs";
import { Value } from "@sinclair/typebox/value";
import { specOf, type Topology } from "../../model/arms.ts";
import { messageOf } from "../../model/error.ts";
import { armsOf, Plan, type Target } from "../../model/plan.ts";
import { planFaults } from "../../model/plan-faults.ts";
import { expectedSeconds } from "../../statistics/schedule.ts";

/** The run stops this long before the Job's deadline, to write what it has; seconds. */
export const reserveSeconds = 10;

/** An invalid plan. */
export class PlanError extends Error {
    override name = "PlanError";
}

/** Reads the plan. @throws PlanError that lists everything wrong with it */
export function readPlan(path: string): Plan {
    let plan: unknown;
    try {
        plan = JSON.parse(readFileSync(path, "utf8"));
    } catch (error) {
        throw new PlanError(`plan ${path} can't be read: ${messageOf(error)}`);
    }
    const faults = [...Value.Errors(Plan, plan)].map(({ path: at, message, value }) => {
        return `${at.slice(1).replaceAll("/", ".") || "the plan"}: ${message}, got ${JSON.stringify(value)}`;
    });
    if (faults.length === 0) faults.push(...contradictions(plan as Plan));
    if (faults.length > 0) throw new PlanError(`plan ${path}: ${faults.join("; ")}`);
    return plan as Plan;
}

function contradictions(plan: Plan): string[] {
    const topologies = new Set(armsOf(plan).flatMap((arm) => specOf(arm).topology ?? []));
    const needed = Math.ceil(expectedSeconds(plan)) + reserveSeconds;
    return [
        ...planFaults(plan),
        ...[...topologies].flatMap((topology) => targetFaults(topology, plan.targets[topology])),
        ...(needed > plan.deadlineSeconds
            ? [`deadlineSeconds: ${plan.deadlineSeconds} is too short, the plan takes at least ${needed} s`]
            : []),
    ];
}

function targetFaults(topology: Topology, target: Target | undefined): string[] {
    if (target === undefined) return [`targets.${topology}: missing, but the plan has arms that need it`];
    if (topology === "volume" || target.uploadUrl !== undefined) return [];
    return [`targets.${topology}.uploadUrl: missing, but its sender needs it`];
}
