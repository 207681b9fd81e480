import type { V1LimitRange, V1ResourceQuota } from "@kubernetes/client-node";
import { quotaOutcome } from "../../../cli/checks/quota.ts";
import { configWith, outcomesOf, pod } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/quota");

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
    /** Whether the quota is not enough. @default false */
    isShort?: boolean;
}

const cases: Case[] = [
    {
        name: "exactly what is needed",
        quotas: [quota({ "requests.cpu": "1100m", "requests.memory": "2560Mi", pods: "4" })],
    },
    {
        name: "too little CPU",
        quotas: [quota({ "requests.cpu": "1" })],
        isShort: true,
    },
    {
        name: "memory that others have used up, by its short name",
        quotas: [quota({ memory: "4Gi" }, { memory: "2Gi" })],
        isShort: true,
    },
    {
        name: "memory limits, and a Pod too few",
        quotas: [quota({ "limits.memory": "2Gi", "count/pods": "3" })],
        isShort: true,
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
        isShort: true,
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
        isShort: true,
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
    {
        name: "claims of a stack without claims",
        quotas: [quota({ persistentvolumeclaims: "0", "requests.storage": "0" })],
    },
    {
        name: "claims of a stack with a claim",
        values: { "hopcost:arms": "volume/pvc", "hopcost:storageClass": "standard" },
        quotas: [quota({ persistentvolumeclaims: "0", "requests.storage": "100Mi" })],
        isShort: true,
    },
];

describe("quotaOutcome says of a quota of", () => {
    const pods = [pod("a", "1500m", "1Gi", "hopcost-test"), pod("a", "1", "1Gi")];
    for (const { name, quotas = [], limitRanges = [], values = {}, isShort = false } of cases) {
        it(`${name}: ${isShort ? "not enough" : "enough"}`, () => {
            const own = name.includes("own Pods") ? pods : [];
            const outcome = quotaOutcome(configWith(values), { quotas, limitRanges, pods: own });
            asOutcome(name, outcome, isShort ? "failure" : "ok");
        });
    }

    it("says what to do about a quota for CPU limits that the containers don't set", () => {
        const quotas = [quota({ "limits.cpu": "8" })];
        asOutcome(
            "quotaOutcome: says what to do about a quota for CPU limits that the containers don't set",
            quotaOutcome(configWith(), { quotas, limitRanges: [], pods: [] }),
            "failure",
        );
    });

    it("accepts a namespace without quotas", () => {
        asOutcome(
            "quotaOutcome: accepts a namespace without quotas",
            quotaOutcome(configWith(), { quotas: [], limitRanges: [], pods: [] }),
            "ok",
        );
    });

    it("warns if the user isn't allowed to list them", () => {
        asOutcome(
            "quotaOutcome: warns if the user isn't allowed to list them",
            quotaOutcome(configWith(), { quotas: undefined, limitRanges: undefined, pods: undefined }),
            "warning",
        );
    });
});
