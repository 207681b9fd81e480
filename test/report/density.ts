/** Simulated injections of `density`, and the results of a run with them. */
import type { DensityRecord, DensityStep } from "../../model/density.ts";
import type { Expectation, Injection } from "../../model/scenarios.ts";
import { injectionOf, scenarioPlanOf, scenarioRunOf } from "./injections.ts";

/** True figures of a topology at one pair, and what each further pair adds. */
const truth = {
    network: { p50: [0.001, 0.0002], p99: [0.004, 0.002], cores: [0.1, 0.06], other: 0.02, deployments: 2 },
    volume: { p50: [0.0008, 0.0001], p99: [0.004, 0.0004], cores: [0.09, 0.05], other: 0.01, deployments: 1 },
} as const;
type Topology = keyof typeof truth;

/** One injection without scatter. @param stretch of its latencies; 1: the true ones */
export function densityInjection(index: number, topology: Topology, stretch = 1): Injection {
    const density: DensityRecord = { steps: [1, 2, 4, 8].map((pairs) => stepOf(topology, pairs, stretch)), unfit: [] };
    return injectionOf({ index, scenario: "density", topology }, () => [], { flows: [], density, proof: "all served" });
}

function stepOf(topology: Topology, pairs: number, stretch: number): DensityStep {
    const { p50, p99, cores, other, deployments } = truth[topology];
    const at = ([first, more]: readonly [number, number]) => Number((first + (pairs - 1) * more).toPrecision(9));
    const latency = { p50Seconds: stretch * at(p50), p99Seconds: stretch * at(p99) };
    return {
        ...{ pairs, pods: pairs * deployments, addresses: pairs * deployments, machines: 1 },
        ...{ messages: 240 * pairs, unacknowledged: 0 },
        latencies: Array.from({ length: pairs }, () => latency),
        ...{ cpuCores: at(cores), memoryBytes: 1.2e8 * pairs, otherCores: 0.5 + other * pairs },
    };
}

/** What is expected of `density`. */
const expected: Expectation[] = (["network", "volume"] as const).map((topology) => ({
    ...{ scenario: "density", topology, text: "two Pods and two addresses, or one", bounds: [] },
}));

/** A run with so many injections of each topology, in the last of which of both 8 pairs did not fit. */
export function densityRunOf(injections = 6) {
    const all = Array.from({ length: 2 * injections }, (_, index): Injection => {
        const one = densityInjection(index, index % 2 === 0 ? "network" : "volume", 1 + 0.1 * Math.floor(index / 2));
        if (index < 2 * injections - 2 || one.density === undefined) return one;
        const unfit = [{ pairs: 8, reason: "12 of 16 Pods run: 0/2 nodes are available: 2 Insufficient memory." }];
        return { ...one, density: { steps: one.density.steps.slice(0, 3), unfit } };
    });
    return scenarioRunOf(scenarioPlanOf({ names: ["density"], injections, shams: 0, expected }), all);
}
