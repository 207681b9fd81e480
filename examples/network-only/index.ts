/**
 * Only the network topology, across two nodes of an existing namespace. The verdict needs both topologies, so this program returns
 * only the figures of the hop.
 *
 *     npm install
 *     pulumi config set kubernetes:context CONTEXT
 *     pulumi config set namespace NAMESPACE
 *     pulumi up
 */
import * as pulumi from "@pulumi/pulumi";
import { BenchmarkJob, NetworkPair } from "hopcost";

export default async function networkOnly() {
    const config = new pulumi.Config();
    new pulumi.Config("kubernetes").require("context");
    const namespace = config.require("namespace");
    const image = config.get("image") ?? "docker.io/library/node:24.21.0-bookworm-slim";

    const pair = new NetworkPair("hop", { namespace, image, placement: "cross-node" });
    const run = new BenchmarkJob("measure", {
        namespace,
        network: pair.endpoints,
        runId: config.get("runId") ?? "1",
        overrides: {
            cells: [
                { arm: "network/cluster-ip", mode: "closed-loop", sizes: [64, 65536] },
                // Round trips per second with several in flight.
                { arm: "network/cluster-ip", mode: "throughput", sizes: [64] },
            ],
        },
    });
    return { cells: run.results?.cells };
}
