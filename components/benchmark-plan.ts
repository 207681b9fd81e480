import { Value } from "@sinclair/typebox/value";
import { familyOf } from "../report/arms.ts";
import { Plan } from "../report/plan.ts";
import { quoted } from "./argument-error.ts";
import { codeHash } from "./bundle.ts";
import type { Endpoints, NetworkEndpoints } from "./endpoints.ts";

/** What to measure: a {@link Plan} without what the program knows by itself. */
export type BenchmarkPlan = Omit<Plan, "codeHash" | "network" | "volume">;

const placeholders = {
    codeHash: "",
    network: { initiator: { control: "" }, responder: { control: "" }, uploadUrl: "" },
    volume: { initiator: { control: "" }, responder: { control: "" } },
};

/** What is wrong with a plan, or with the topologies that it needs. */
export function planProblems(plan: BenchmarkPlan, given: { network: boolean; volume: boolean }): string[] {
    const faults = [...Value.Errors(Plan, { ...placeholders, ...plan })].map(
        ({ path, message, value }) =>
            `plan${path.replaceAll("/", ".")}: ${message.toLowerCase()}, got ${quoted(value)}`,
    );
    if (faults.length > 0) return faults;
    const missing = plan.arms.filter((arm) => !given[familyOf(arm)]);
    return missing.map((arm) => `${familyOf(arm)} must be given, since the plan has the arm ${arm}`);
}

/** The plan as the driver reads it, as JSON: the same one always gives the same text. */
export function planDocument(
    plan: BenchmarkPlan,
    network: NetworkEndpoints | undefined,
    volume: Endpoints | undefined,
): string {
    const whole: Plan = {
        ...plan,
        codeHash: codeHash(),
        ...(network === undefined ? {} : { network }),
        ...(volume === undefined ? {} : { volume }),
    };
    return JSON.stringify(whole, undefined, 2);
}
