import assert from "node:assert/strict";
import type { V1LimitRange, V1ResourceQuota } from "@kubernetes/client-node";
import { quotaOutcome } from "../../../cli/checks/quota.ts";
import { configWith, pod } from "./fixtures.ts";

const where = 'namespace "hopcost-test" of context "kind"';
const raise = "raise them, lower hopcost:cpuRequest or hopcost:memory, or set hopcost:namespace to another name";
const quota = (
    hard: Record<string, string>,
    used: Record<string, string> = {},
    spec: V1ResourceQuota["spec"] = {},
): V1ResourceQuota => ({ metadata: { name: "q" }, spec: { ...spec, hard }, status: { hard, used } });
const cpuDefault: V1LimitRange = {
    metadata: { name: "l" },
    spec: { limits: [{ type: "Container", _default: { cpu: "500m" } }] },
};

interface Case {
    name: string;
    quotas?: V1ResourceQuota[];
    limitRanges?: V1LimitRange[];
    values?: Record<string, string>;
    /** What is said of it; undefined where the quota is enough. */
    problem?: string;
}

const cases: Case[] = [
    {
        name: "exactly what is needed",
        quotas: [quota({ "requests.cpu": "1100m", "requests.memory": "2560Mi", pods: "4" })],
    },
    {
        name: "too little CPU",
        quotas: [quota({ "requests.cpu": "1" })],
        problem: "quota q limits requests.cpu to 1, others use 0, the stack needs 1.1",
    },
    {
        name: "memory that others have used up, by its short name",
        quotas: [quota({ memory: "4Gi" }, { memory: "2Gi" })],
        problem: "quota q limits memory to 4Gi, others use 2048Mi, the stack needs 2560Mi",
    },
    {
        name: "memory limits, and a Pod too few",
        quotas: [quota({ "limits.memory": "2Gi", "count/pods": "3" })],
        problem:
            "quota q limits limits.memory to 2Gi, others use 0Mi, the stack needs 2560Mi; quota q limits count/pods to 3, others use 0, the stack needs 4",
    },
    { name: "what the stack's own Pods use, which give way", quotas: [quota({ cpu: "2" }, { cpu: "1500m" })] },
    {
        name: "CPU limits, with a default for containers that have none",
        quotas: [quota({ "limits.cpu": "3" })],
        limitRanges: [cpuDefault],
    },
    {
        name: "CPU limits that the default goes beyond",
        quotas: [quota({ "limits.cpu": "2" })],
        limitRanges: [cpuDefault],
        problem: "quota q limits limits.cpu to 2, others use 0, the stack needs 2.5",
    },
    {
        name: "Pods that ours are not",
        quotas: [
            quota({ pods: "0" }, {}, { scopes: ["BestEffort"] }),
            quota({ pods: "0" }, {}, { scopes: ["Terminating"] }),
        ],
    },
    {
        name: "Pods that ours are",
        quotas: [quota({ pods: "0" }, {}, { scopes: ["NotBestEffort"] })],
        problem: "quota q limits pods to 0, others use 0, the stack needs 4",
    },
    {
        name: "a priority class",
        quotas: [
            quota(
                { pods: "0" },
                {},
                {
                    scopeSelector: {
                        matchExpressions: [{ operator: "In", scopeName: "PriorityClass", values: ["high"] }],
                    },
                },
            ),
        ],
    },
    { name: "what hopcost has none of", quotas: [quota({ "count/secrets": "0", "requests.nvidia.com/gpu": "0" })] },
    { name: "claims where there is none", quotas: [quota({ persistentvolumeclaims: "0", "requests.storage": "0" })] },
    {
        name: "claims where there is one",
        values: { "hopcost:arms": "volume/pvc", "hopcost:storageClass": "standard" },
        quotas: [quota({ persistentvolumeclaims: "0", "requests.storage": "100Mi" })],
        problem:
            "quota q limits persistentvolumeclaims to 0, others use 0, the stack needs 1; quota q limits requests.storage to 100Mi, others use 0Mi, the stack needs 128Mi",
    },
];

describe("quotaOutcome says of a quota of", () => {
    const pods = [pod("a", "1500m", "1Gi", "hopcost-test"), pod("a", "1", "1Gi")];
    for (const { name, quotas = [], limitRanges = [], values = {}, problem } of cases) {
        it(`${name}: ${problem === undefined ? "enough" : "not enough"}`, () => {
            const own = name.includes("own Pods") ? pods : [];
            const outcome = quotaOutcome(configWith(values), { quotas, limitRanges, pods: own });
            const names = quotas.map(() => "q").join(", ");
            const well = { state: "ok", detail: `${names}: enough for all Pods of the stack` };
            const detail = `The quotas of ${where} don't leave enough: ${problem}`;
            assert.deepEqual(outcome, problem === undefined ? well : { state: "failure", detail, remedy: raise });
        });
    }

    it("CPU limits that the containers don't have: what to do", () => {
        const quotas = [quota({ "limits.cpu": "8" })];
        assert.deepEqual(quotaOutcome(configWith(), { quotas, limitRanges: [], pods: [] }), {
            state: "failure",
            detail: `The quotas of ${where} don't leave enough: quota q limits limits.cpu to 8, so that every container must have such a limit, and one of the stack has none`,
            remedy: "give the namespace a LimitRange with a default CPU limit, or set hopcost:namespace to another name",
        });
    });

    it("no kind", () => {
        assert.deepEqual(quotaOutcome(configWith(), { quotas: [], limitRanges: [], pods: [] }), {
            state: "ok",
            detail: "none in the namespace",
        });
    });

    it("those that may not be listed that it can't tell", () => {
        assert.deepEqual(quotaOutcome(configWith(), { quotas: undefined, limitRanges: undefined, pods: undefined }), {
            state: "warning",
            detail: `Whether quotas of ${where} leave enough can't be told: you may not list resourcequotas`,
            remedy: "ask for that right; a run finds out within two minutes",
        });
    });
});
