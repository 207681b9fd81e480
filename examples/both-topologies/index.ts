/**
 * Both topologies in an existing namespace: the sender's message to another Pod, and to the container beside it.
 *
 *     npm install
 *     pulumi config set kubernetes:context CONTEXT
 *     pulumi config set namespace NAMESPACE
 *     pulumi up
 *     pulumi stack output summary
 */
import * as pulumi from "@pulumi/pulumi";
import { BenchmarkJob, NetworkPair, SharedVolumePod, WorkloadCode } from "hopcost";

export default async function bothTopologies() {
    const config = new pulumi.Config();
    new pulumi.Config("kubernetes").require("context");
    const namespace = config.require("namespace");
    const image = config.get("image") ?? "docker.io/library/node:24.21.0-bookworm-slim";

    // Shared: otherwise each component has a ConfigMap with the same code.
    const code = new WorkloadCode("code", { namespace }).configMapName;
    const network = new NetworkPair("net", { namespace, image, code }).endpoints;
    const volume = new SharedVolumePod("vol", { namespace, image, code }).endpoints;
    const runId = config.get("runId") ?? "1";
    const run = new BenchmarkJob("run", { namespace, network, volume, code, profile: "quick", runId });
    return { results: run.outline, summary: run.summary };
}
