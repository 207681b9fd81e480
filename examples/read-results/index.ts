/**
 * Another stack uses the results of a measured one, e.g. to choose between a sidecar and a service of its own.
 *
 *     npm install
 *     pulumi config set measured ORGANIZATION/both-topologies/STACK
 *     pulumi up
 */
import * as pulumi from "@pulumi/pulumi";
import type { Results } from "hopcost";

export default async function readResults() {
    const measured = new pulumi.StackReference(new pulumi.Config().require("measured"));
    const results = measured.requireOutput("results") as pulumi.Output<Results>;
    return {
        summary: results.summary,
        // What a hop costs at 64 B, in seconds, and which topology is faster there.
        hopSeconds: results.apply(({ cells }) => atSmallest(cells)?.p50Seconds),
        verdict: results.apply(({ ratios }) => ratios.find(({ size }) => size === 64)?.verdict),
    };
}

function atSmallest(cells: Results["cells"]) {
    return cells.find(({ arm, size }) => arm === "network/cluster-ip" && size === 64);
}
