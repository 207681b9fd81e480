import assert from "node:assert/strict";
import type { BenchmarkPlan, Topologies } from "../../components/benchmark-plan.ts";
import { codeHash } from "../../components/bundle.ts";
import type { Arm } from "../../model/arms.ts";
import { sha256 } from "../../model/parse.ts";
import type { Profile } from "../../model/profiles.ts";
import type { Results } from "../../model/results.ts";
import packageJson from "../../package.json" with { type: "json" };
import { cellsAt, everyModeAt, type Measured } from "../model/fixtures.ts";

const arms = ["network/cluster-ip", "volume/chokidar", "network/cluster-ip-repeat"] as const satisfies Arm[];

/** Image of all containers. */
export const image = "registry.example/node:24.21.0";

/** A plan of both main arms and the noise floor. */
export const plan: BenchmarkPlan = {
    runId: "7",
    seed: 4711,
    profile: "quick",
    cells: planCells(),
    unavailable: [],
    payload: "repeated",
    rounds: 3,
    maxRounds: 5,
    targetHalfWidth: 0.05,
    warmupSeconds: 1,
    warmupRoundTrips: 500,
    cellSeconds: 0.4,
    cellRoundTrips: 20,
    diagnosticSeconds: 0.3,
    ratePerSecond: 500,
    concurrency: 4,
    deadlineSeconds: 240,
    placement: "same-node",
    volumeMedium: "Memory",
};

/** The cells of {@link plan}, with a test's changes. */
export function planCells(change: Measured = {}): BenchmarkPlan["cells"] {
    const sizes = { sizes: [64, 1024], ablationSizes: [64], repeatSizes: [64], ...everyModeAt(64) };
    return cellsAt({ arms, ...sizes, ...change });
}

const sender = { agent: "http://net-sender:7070" };
/** Addresses of the topologies, by name. */
export const targets = {
    network: {
        initiator: sender,
        responder: { agent: "http://net-receiver:7070" },
        uploadUrl: "http://net-receiver:8080/upload",
    },
    "cross-node": {
        initiator: sender,
        responder: { agent: "http://net-far-receiver:7070" },
        uploadUrl: "http://net-far-receiver:8080/upload",
    },
    volume: {
        initiator: { agent: "http://vol-pod:7070" },
        responder: { agent: "http://vol-pod:7071" },
    },
};

const alike = { image, placement: "same-node" } as const;
/** The topologies that have these addresses. */
export const topologies = {
    network: { ...alike, targets: { network: targets.network, "cross-node": targets["cross-node"] } },
    volume: { ...alike, targets: { volume: targets.volume }, medium: "Memory", volumes: ["main", "disk", "claim"] },
} as const satisfies Topologies;

/** The arguments of a `BenchmarkJob` that give a plan. */
export function jobArgs({ runId, profile, placement: _, volumeMedium: __, ...overrides }: BenchmarkPlan = plan) {
    return { runId, profile: profile as Profile, overrides };
}

/** Results of a driver that measured nothing. */
export function resultsOf(plan: BenchmarkPlan, withImage = image): Results {
    const unavailable = { unavailable: "not measured" };
    return {
        schemaVersion: 3,
        hopcostVersion: packageJson.version,
        runId: plan.runId,
        complete: true,
        summary: "Nothing was measured.",
        startedAt: "2026-11-21T07:00:00Z",
        plan: measuredPlan(plan),
        ...{ cells: [], geomeans: [], ratios: [], comparisons: [], attributions: [] },
        ...{ phases: [], constantRate: [], throughput: [] },
        unavailable: plan.unavailable,
        trials: { ok: 0, noisy: 0, discarded: 0, planned: 6 },
        throttledSeconds: 0,
        environment: {
            kubernetesVersion: "v1.36.4",
            image: withImage,
            codeHash: codeHash(),
            placement: { asked: plan.placement, nodes: {}, sameNode: true },
            ...{ kernel: unavailable, cpuModel: unavailable, cpus: unavailable, nodeVersion: unavailable },
            ...{ cgroupVersion: unavailable, containerRuntime: unavailable, cni: unavailable, qosClass: unavailable },
            ...{ mitigations: unavailable, stealFraction: unavailable },
            volume: { medium: plan.volumeMedium, fileSystems: {} },
        },
        warnings: [],
    };
}

/** The plan's part of the results. */
function measuredPlan(plan: BenchmarkPlan): Results["plan"] {
    const { profile, seed, payload, cells, rounds, maxRounds, targetHalfWidth } = plan;
    const { cellSeconds, cellRoundTrips, warmupSeconds, warmupRoundTrips } = plan;
    const { diagnosticSeconds, ratePerSecond, concurrency } = plan;
    return {
        ...{ profile, seed, payload, cells, rounds, maxRounds, targetHalfWidth },
        ...{ cellSeconds, cellRoundTrips, warmupSeconds, warmupRoundTrips },
        ...{ diagnosticSeconds, ratePerSecond, concurrency },
    };
}

/** The ConfigMap's data with those results and a test's changes, with a valid checksum. */
export function resultsData(changes: Partial<Results> = {}): {
    "results.json": string;
    sha256: string;
    complete: string;
} {
    const text = JSON.stringify({ ...resultsOf(plan), ...changes });
    return { "results.json": text, sha256: sha256(text), complete: "true" };
}

/** Asserts that PSS `restricted` admits a Pod, with the user of its image. */
export function assertRestricted(
    {
        securityContext,
        containers,
    }: Record<"securityContext", unknown> & { containers: { securityContext: unknown }[] },
    uid = 1000,
): void {
    assert.deepEqual(securityContext, {
        ...{ runAsNonRoot: true, runAsUser: uid, runAsGroup: uid, fsGroup: uid },
        seccompProfile: { type: "RuntimeDefault" },
    });
    assert.ok(containers.length > 0);
    for (const container of containers) {
        assert.deepEqual(container.securityContext, {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
        });
    }
}
