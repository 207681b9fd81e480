import { Value } from "@sinclair/typebox/value";
import { specOf, type Topology } from "../model/arms.ts";
import { Plan } from "../model/plan.ts";
import { quoted } from "./argument-error.ts";
import { codeHash } from "./bundle.ts";
import type { Endpoints, NetworkEndpoints } from "./endpoints.ts";

/** What to measure: a {@link Plan} without what the program knows by itself. */
export type BenchmarkPlan = Omit<Plan, "codeHash" | "prometheusUrl" | Topology>;

/** Where the topologies are reached; absent where one is not there. */
export interface TopologyEndpoints {
    network?: NetworkEndpoints | undefined;
    crossNode?: NetworkEndpoints | undefined;
    volume?: Endpoints | undefined;
}

/** What a plan says beside what is measured: where the topologies are reached, and the Prometheus that watches them. */
export interface PlanEndpoints extends TopologyEndpoints {
    prometheusUrl?: string | undefined;
}

/** The arguments of a topology, by the topology. */
const argumentOf = { network: "network", "cross-node": "crossNode", volume: "volume" } as const satisfies Record<
    Topology,
    keyof TopologyEndpoints
>;

/** What is wrong with a plan, or with the topologies that it needs. @param given which of them there are */
export function planProblems(plan: BenchmarkPlan, given: Record<keyof TopologyEndpoints, boolean>): string[] {
    const faults = [...Value.Errors(Plan, { ...plan, codeHash: "" })].map(
        ({ path, message, value }) =>
            `plan${path.replaceAll("/", ".")}: ${message.toLowerCase()}, got ${quoted(value)}`,
    );
    return faults.length > 0 ? faults : [...contradictions(plan), ...missingTopologies(plan, given)];
}

function contradictions({ arms, unavailable, rounds, maxRounds }: BenchmarkPlan): string[] {
    const both = unavailable.filter(({ arm }) => arms.includes(arm));
    return [
        ...(maxRounds < rounds ? [`plan.maxRounds must be at least plan.rounds (${rounds}), got ${maxRounds}`] : []),
        ...both.map(({ arm }) => `plan.unavailable must name no arm of plan.arms, got ${quoted(arm)}`),
    ];
}

function missingTopologies({ arms }: BenchmarkPlan, given: Record<keyof TopologyEndpoints, boolean>): string[] {
    const needed = Map.groupBy(arms, (arm) => argumentOf[specOf(arm).topology]);
    return [...needed]
        .filter(([argument]) => !given[argument])
        .map(([argument, arms]) => {
            const which = arms.length === 1 ? `the arm ${arms[0]}` : `the arms ${arms.join(", ")}`;
            return `${argument} must be given, since the plan has ${which}`;
        });
}

/** The plan as the driver reads it, as JSON: the same one always gives the same text. */
export function planDocument(plan: BenchmarkPlan, endpoints: PlanEndpoints): string {
    const { network, crossNode, volume, prometheusUrl } = endpoints;
    const whole: Plan = {
        ...plan,
        codeHash: codeHash(),
        ...(network && { network }),
        ...(crossNode && { "cross-node": crossNode }),
        ...(volume && { volume }),
        ...(prometheusUrl !== undefined && { prometheusUrl }),
    };
    return JSON.stringify(whole, undefined, 2);
}
