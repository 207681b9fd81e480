/**
 * A list of arms of your own: what the Service, HTTP and the watcher cost, at two sizes.
 *
 *     npm install
 *     pulumi config set kubernetes:context CONTEXT
 *     pulumi config set namespace NAMESPACE
 *     pulumi up
 */
import * as pulumi from "@pulumi/pulumi";
import { BenchmarkJob, NetworkPair, type PlanCells, SharedVolumePod } from "hopcost";

/** Each is compared with the one before it, which has something more. */
const arms = ["network/cluster-ip", "network/pod-ip", "network/localhost", "volume/chokidar", "volume/fs-watch"];
const cells: PlanCells[] = arms.map((arm) => ({ arm, mode: "closed-loop", sizes: [64, 65536] }));

export default async function customArms() {
    const config = new pulumi.Config();
    new pulumi.Config("kubernetes").require("context");
    const namespace = config.require("namespace");
    const image = config.get("image") ?? "docker.io/library/node:24.21.0-bookworm-slim";

    const network = new NetworkPair("net", { namespace, image }).endpoints;
    const volume = new SharedVolumePod("vol", { namespace, image }).endpoints;
    const runId = config.get("runId") ?? "1";
    const run = new BenchmarkJob("run", { namespace, network, volume, runId, overrides: { cells, rounds: 5 } });
    return { comparisons: run.results?.comparisons };
}
