/**
 * The components in a program of your own: only the network topology, in a namespace that is there already, measured at
 * two sizes. The verdict needs both topologies; here the figures of the hop are what counts.
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
                // How many round trips a second there are with several in flight.
                { arm: "network/cluster-ip", mode: "throughput", sizes: [64] },
            ],
            unavailable: [],
            payload: "repeated",
            // Three trials of each size, for a second each, in processes that are warm.
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
