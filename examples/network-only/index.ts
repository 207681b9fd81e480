/**
 * The components in your own program: only the network topology, in an existing namespace, measured at two sizes. The
 * verdict needs both topologies, so this program returns only the figures of the hop.
 *
 *     pulumi config set kubernetes:context CONTEXT
 *     pulumi config set namespace NAMESPACE
 *     pulumi up
 */
import * as pulumi from "@pulumi/pulumi";
import { BenchmarkJob, NetworkPair } from "../../components/index.ts";

export default async function networkOnly() {
    const config = new pulumi.Config();
    new pulumi.Config("kubernetes").require("context");
    const namespace = config.require("namespace");
    const image = config.get("image") ?? "docker.io/library/node:24.21.0-bookworm-slim";

    const pair = new NetworkPair("hop", { namespace, image, placement: "cross-node" });
    const run = new BenchmarkJob("measure", {
        namespace,
        targets: pair.targets,
        plan: {
            runId: config.get("runId") ?? "1",
            seed: 1,
            profile: "quick",
            cells: [
                { arm: "network/cluster-ip", mode: "closed-loop", sizes: [64, 65536] },
                // Round trips per second with several in flight.
                { arm: "network/cluster-ip", mode: "throughput", sizes: [64] },
            ],
            unavailable: [],
            payload: "repeated",
            // Three trials of each size, for a second each, in warmed-up processes.
            rounds: 3,
            maxRounds: 3,
            targetHalfWidth: 0.05,
            warmupSeconds: 1,
            warmupRoundTrips: 500,
            cellSeconds: 1,
            cellRoundTrips: 20,
            diagnosticSeconds: 1,
            ratePerSecond: 500,
            concurrency: 4,
            deadlineSeconds: 120,
            placement: "cross-node",
            image,
            volumeMedium: "Memory",
        },
    });
    return { targets: pair.targets, cells: run.results?.cells };
}
