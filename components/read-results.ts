import * as pulumi from "@pulumi/pulumi";
import { parseResults } from "../model/parse.ts";
import type { Results } from "../model/results.ts";
import type { BenchmarkPlan } from "./benchmark-plan.ts";
import { codeHash } from "./bundle.ts";

/**
 * The results in what the driver wrote.
 * @param source namespace and name of the ConfigMap, for the messages
 * @param data of the ConfigMap
 * @throws RunError if they are missing, cut off, of another schema, of another run, or of another plan or code under
 * this run's id
 */
export function readResults(source: string, data: Record<string, string> | undefined, plan: BenchmarkPlan): Results {
    const where = `ConfigMap ${source}`;
    const text = data?.["results.json"];
    if (text === undefined) {
        throw new pulumi.RunError(`${where} has no results.json; look at the driver's log, then repeat the run`);
    }
    let results: Results;
    try {
        results = parseResults(text, { source: where, sha256: data?.sha256 ?? "absent", runId: plan.runId });
    } catch (error) {
        throw new pulumi.RunError((error as Error).message);
    }
    const changed = differences(results, plan);
    if (changed.length === 0) return results;
    throw new pulumi.RunError(
        `${where}: run "${plan.runId}" was measured before these changed: ${changed.join(", ")}; measure them under a new run id`,
    );
}

/** What results and plan both say in one figure. */
const figures = [
    ...(["profile", "seed", "payload", "rounds", "maxRounds", "targetHalfWidth"] as const),
    ...(["cellSeconds", "cellRoundTrips", "warmupSeconds", "warmupRoundTrips"] as const),
    ...(["diagnosticSeconds", "ratePerSecond", "concurrency"] as const),
];

/** What of the plan is not as it was measured; a run id stands for one plan. */
function differences({ plan: measured, environment }: Results, plan: BenchmarkPlan): string[] {
    const changed: string[] = figures.filter((key) => measured[key] !== plan[key]);
    if (listed(measured.cells) !== listed(plan.cells)) changed.push("cells");
    if (environment.image !== plan.image) changed.push("image");
    if (environment.placement.asked !== plan.placement) changed.push("placement");
    if (environment.volume.medium !== plan.volumeMedium) changed.push("volumeMedium");
    if (environment.codeHash !== codeHash()) changed.push("workload code");
    return changed;
}

/** The same text for the same cells, in whatever order they are listed. */
function listed(cells: BenchmarkPlan["cells"]): string {
    return cells
        .flatMap(({ arm, mode, sizes }) => sizes.map((size) => `${arm} ${mode} ${size}`))
        .sort()
        .join("\n");
}
