import type { Reading } from "../../model/reading.ts";
import { isUnavailable } from "../../model/reading.ts";
import type { Environment, Results } from "../../model/results.ts";
import { percent, plural } from "../words/sentences.ts";
import { formatSeconds } from "../words/units.ts";
import { injectionSums } from "./injection-counts.ts";

/** A fact about a run, or why it is unavailable. */
export interface Fact {
    name: string;
    value: Reading<string>;
}

/** What was run, when, and how much was measured: what identifies a report. */
export function runFacts(results: Results): Fact[] {
    const { runId, startedAt, plan, trials, complete, scenarios } = results;
    const injected = scenarios && injectionSums(scenarios);
    const rounds = plan.rounds === plan.maxRounds ? `${plan.rounds}` : `${plan.rounds} to ${plan.maxRounds}`;
    return [
        { name: "run", value: runId },
        {
            name: "measured",
            value: startedAt === "" ? { unavailable: "no trial was measured" } : formatTime(startedAt),
        },
        { name: "profile", value: plan.profile },
        { name: "rounds", value: rounds },
        {
            name: "trials",
            value: `${trials.ok + trials.noisy} of ${trials.planned}${complete ? "" : ", incomplete"}`,
        },
        ...(injected === undefined ? [] : [{ name: "injections", value: `${injected.made} of ${injected.planned}` }]),
        { name: "payload", value: plan.payload },
    ];
}

/** Every field of the environment under a readable name; what affects a result most comes first. */
export function environmentFacts({ environment, throttledSeconds }: Results): Fact[] {
    const { placement, volume } = environment;
    const nodes = Object.entries(placement.nodes).map(([role, node]) => `${role} ${node}`);
    return [
        { name: "CPU", value: environment.cpuModel },
        ...(environment.architecture ? [{ name: "architecture", value: environment.architecture }] : []),
        { name: "CPUs of the node", value: worded(environment.cpus, String) },
        { name: "Kubernetes", value: environment.kubernetesVersion },
        { name: "kernel", value: environment.kernel },
        { name: "container runtime", value: environment.containerRuntime },
        { name: "network plugin (CNI)", value: environment.cni },
        { name: "Node.js", value: environment.nodeVersion },
        { name: "image", value: environment.image },
        { name: "hash of the measuring code", value: environment.codeHash },
        { name: "requested placement", value: placement.asked },
        { name: "main arms on one node", value: worded(placement.sameNode, (same) => (same ? "yes" : "no")) },
        { name: "nodes (hashed names)", value: nodes.join("; ") || { unavailable: "no trial was measured" } },
        { name: "QoS class", value: environment.qosClass },
        { name: "cgroup version", value: worded(environment.cgroupVersion, String) },
        { name: "medium of the shared volume", value: volume.medium },
        ...Object.entries(volume.fileSystems).map(([name, value]) => ({
            name: `file system of volume ${name}`,
            value,
        })),
        { name: "maximum CPU time taken by the hypervisor", value: worded(environment.stealFraction, percent) },
        { name: "maximum CPU throttling of a container", value: worded(throttledSeconds, formatSeconds) },
        { name: "CPU mitigations", value: worded(environment.mitigations, mitigationWords) },
    ];
}

/** The environment in one line: what a reader needs to judge the figures. Unavailable fields are left out. */
export function environmentLine({ environment }: Pick<Results, "environment">): string {
    const { cpus, cpuModel, kubernetesVersion, kernel, nodeVersion, placement, volume } = environment;
    const parts: Reading<string>[] = [
        worded(cpus, (count) => plural(count, "CPU")),
        cpuModel,
        worded(kubernetesVersion, (version) => `Kubernetes ${version}`),
        worded(kernel, (version) => `Linux ${version}`),
        worded(nodeVersion, (version) => `Node.js ${version}`),
        `placement ${placement.asked}`,
        `volume medium ${volume.medium}`,
    ];
    return parts.filter((part) => !isUnavailable(part)).join(", ");
}

/** An RFC 3339 time in readable form, to the minute: `2026-11-24 20:35 UTC`. */
export function formatTime(time: string): string {
    return time.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, "$1 $2 UTC");
}

function mitigationWords(mitigations: Exclude<Environment["mitigations"], { unavailable: string }>): string {
    const words = Object.entries(mitigations).map(([name, value]) => `${name}: ${value}`);
    return words.join("; ") || "the kernel lists none";
}

function worded<T>(reading: Reading<T>, words: (value: T) => string): Reading<string> {
    return isUnavailable(reading) ? reading : words(reading);
}
