import type { BenchmarkPlan } from "../../components/benchmark-plan.ts";
import { codeHash } from "../../components/bundle.ts";
import { sha256 } from "../../report/parse.ts";
import type { Results } from "../../report/schema.ts";

/** A plan of both main arms. */
export const plan: BenchmarkPlan = {
    schemaVersion: 1,
    runId: "7",
    seed: 4711,
    profile: "quick",
    arms: ["network/cluster-ip", "volume/chokidar"],
    sizes: [64, 1024],
    rounds: 3,
    warmupSeconds: 1,
    warmupRoundTrips: 500,
    cellSeconds: 0.4,
    deadlineSeconds: 240,
    placement: "same-node",
    image: "registry.example/node:24.21.0",
    volumeMedium: "Memory",
};

/** Where both topologies are reached. */
export const endpoints = {
    network: {
        initiator: { control: "http://net-sender:7070" },
        responder: { control: "http://net-receiver:7070" },
        uploadUrl: "http://net-receiver:8080/upload",
    },
    volume: {
        initiator: { control: "http://vol-control:7070" },
        responder: { control: "http://vol-control:7071" },
    },
};

/** What a driver finds that measured nothing. */
export function resultsOf(plan: BenchmarkPlan): Results {
    const { profile, seed, rounds, cellSeconds, warmupSeconds, warmupRoundTrips, arms, sizes } = plan;
    const unavailable = { unavailable: "not measured" };
    return {
        schemaVersion: 1,
        runId: plan.runId,
        complete: true,
        summary: "Nothing was measured.",
        startedAt: "2026-11-21T07:00:00Z",
        plan: { profile, seed, rounds, cellSeconds, warmupSeconds, warmupRoundTrips, arms, sizes },
        cells: [],
        ratios: [],
        blocks: { ok: 0, disturbed: 0, void: 0, planned: 6 },
        throttledSeconds: 0,
        environment: {
            kubernetesVersion: "v1.36.4",
            image: plan.image,
            codeHash: codeHash(),
            placement: { asked: plan.placement, nodes: {}, sameNode: true },
            kernel: unavailable,
            cpuModel: unavailable,
            cpus: unavailable,
            nodeVersion: unavailable,
            cgroupVersion: unavailable,
            volume: { medium: plan.volumeMedium, fileSystem: unavailable },
        },
        warnings: [],
    };
}

/** The ConfigMap's data with those results, changed where a test says so, and the checksum that fits. */
export function resultsData(changes: Partial<Results> = {}): {
    "results.json": string;
    sha256: string;
    complete: string;
} {
    const text = JSON.stringify({ ...resultsOf(plan), ...changes });
    return { "results.json": text, sha256: sha256(text), complete: "true" };
}
