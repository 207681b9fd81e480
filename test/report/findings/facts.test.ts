import assert from "node:assert/strict";
import { environmentFacts, environmentLine, formatTime, runFacts } from "../../../report/findings/facts.ts";
import { environment, planOf, resultsOf } from "../../model/fixtures.ts";

const results = { ...resultsOf(), environment };
const named = (facts: ReturnType<typeof runFacts>) => Object.fromEntries(facts.map(({ name, value }) => [name, value]));

describe("runFacts", () => {
    it("identify the run and say how much was measured", () => {
        assert.deepEqual(named(runFacts(results)), {
            run: "run-1",
            measured: "2026-11-21 10:00 UTC",
            profile: "standard",
            rounds: "10",
            trials: "20 of 20",
            payload: "repeated",
        });
    });

    it("say that there is no time, that a run is incomplete, and how many trials an adaptive one may have", () => {
        const facts = named(runFacts(resultsOf(planOf({ rounds: 10, maxRounds: 20 }), [])));
        assert.deepEqual(facts.measured, { unavailable: "no trial was measured" });
        assert.equal(facts.trials, "0 of 20, incomplete");
        assert.equal(facts.rounds, "10 to 20");
    });
});

describe("environmentFacts", () => {
    it("have every field as text, or why it is unavailable", () => {
        assert.deepEqual(named(environmentFacts({ ...results, throttledSeconds: 0.25 })), {
            CPU: "Example CPU",
            "CPUs of the node": "2",
            Kubernetes: "v1.36.4",
            kernel: "6.1.0",
            "container runtime": "containerd",
            "network plugin (CNI)": { unavailable: "not visible from inside a Pod" },
            "Node.js": "v24.21.0",
            image: "node:24.21.0",
            "hash of the measuring code": "abc123",
            "requested placement": "same-node",
            "main arms on one node": "yes",
            "nodes (hashed names)": "sender 0123456789ab",
            "QoS class": "Burstable",
            "cgroup version": "2",
            "medium of the shared volume": "Memory",
            "file system of volume main": "tmpfs",
            "maximum CPU time taken by the hypervisor": "0%",
            "maximum CPU throttling of a container": "250 ms",
            "CPU mitigations": "meltdown: Mitigation: PTI",
        });
    });

    it("cover every field of the environment", () => {
        const text = JSON.stringify(
            environmentFacts({ ...results, environment: marked(environment) as typeof environment }),
        );
        assert.deepEqual(
            leavesOf(marked(environment)).filter((leaf) => !text.includes(leaf)),
            [],
        );
    });
});

describe("environmentLine", () => {
    it("has what a reader needs to judge the figures, without unavailable fields", () => {
        const line = environmentLine({ environment: { ...environment, kernel: { unavailable: "unknown" } } });
        assert.equal(
            line,
            "2 CPUs, Example CPU, Kubernetes v1.36.4, Node.js v24.21.0, placement same-node, volume medium Memory",
        );
    });
});

describe("formatTime", () => {
    it("is to the minute, and leaves other texts unchanged", () => {
        assert.equal(formatTime("2026-11-24T20:35:25.646Z"), "2026-11-24 20:35 UTC");
        assert.equal(formatTime("soon"), "soon");
    });
});

/** Every text replaced by its path; other values stay. */
function marked(value: unknown, path = "at"): unknown {
    if (typeof value === "string") return `<${path}>`;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, marked(inner, `${path}.${name}`)]));
}

function leavesOf(value: unknown): string[] {
    if (typeof value === "string") return [value];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}
