import * as pulumi from "@pulumi/pulumi";
import { parseResults } from "../model/parse.ts";
import type { Results } from "../model/results.ts";
import type { BenchmarkPlan } from "./benchmark-plan.ts";
import { codeHash } from "./bundle.ts";

/** What was to be measured, with which image. */
type Measured = BenchmarkPlan & { image: string };

/**
 * Parses the results that the driver wrote.
 * @param source namespace and name of the ConfigMap, for the messages
 * @param data of the ConfigMap
 * @throws RunError if they are missing, truncated, of another schema or run, or of another plan or code under this run
 * id
 */
export function readResults(source: string, data: Record<string, string> | undefined, plan: Measured): Results {
    const where = `ConfigMap ${source}`;
    const text = data?.["results.json"];
    if (text === undefined) {
        throw new pulumi.RunError(`${where} has no results.json; read the driver's log, then repeat the run`);
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
        `${where}: run "${plan.runId}" was measured before these settings changed: ${changed.join(", ")}; set a new run id to measure again`,
    );
}

/** Figures that both results and plan contain. */
const figures = [
    ...(["profile", "seed", "payload", "rounds", "maxRounds", "targetHalfWidth"] as const),
    ...(["cellSeconds", "cellRoundTrips", "warmupSeconds", "warmupRoundTrips"] as const),
    ...(["diagnosticSeconds", "ratePerSecond", "concurrency"] as const),
];

/** What changed in the plan since it was measured; a run id belongs to one plan. */
function differences({ plan: measured, environment }: Results, plan: Measured): string[] {
    const changed: string[] = figures.filter((key) => measured[key] !== plan[key]);
    if (listed(measured.cells) !== listed(plan.cells)) changed.push("cells");
    if (environment.image !== plan.image) changed.push("image");
    if (environment.placement.asked !== plan.placement) changed.push("placement");
    if (environment.volume.medium !== plan.volumeMedium) changed.push("volumeMedium");
    if (environment.codeHash !== codeHash()) changed.push("workload code");
    return changed;
}

/** The same text for the same cells in any order. */
function listed(cells: BenchmarkPlan["cells"]): string {
    return cells
        .flatMap(({ arm, mode, sizes }) => sizes.map((size) => `${arm} ${mode} ${size}`))
        .sort()
        .join("\n");
}
