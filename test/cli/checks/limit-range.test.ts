import assert from "node:assert/strict";
import type { V1LimitRangeItem } from "@kubernetes/client-node";
import { limitRangeOutcome } from "../../../cli/checks/limit-range.ts";
import { configWith, outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/limit-range");

const limitRange = (...limits: V1LimitRangeItem[]) => [{ metadata: { name: "l" }, spec: { limits } }];
const small = { "hopcost:arms": "network/cluster-ip" };

interface Case {
    name: string;
    item: V1LimitRangeItem;
    values?: Record<string, string>;
    /** Whether it rejects a Pod of the stack. @default false */
    rejects?: boolean;
}

const cases: Case[] = [
    { name: "bounds that all are within", item: { type: "Container", min: { cpu: "100m" }, max: { memory: "512Mi" } } },
    {
        name: "a minimum of CPU that only the driver is below",
        item: { type: "Container", min: { cpu: "200m" } },
        rejects: true,
    },
    {
        name: "a maximum of memory",
        item: { type: "Container", max: { memory: "512Mi" } },
        values: { ...small, "hopcost:memory": "1Gi" },
        rejects: true,
    },
    {
        name: "a maximum of CPU without a limit or default",
        item: { type: "Container", max: { cpu: "4" } },
        values: { "hopcost:arms": "volume/fs-watch" },
        rejects: true,
    },
    {
        name: "a ratio of limit and request",
        item: { type: "Container", maxLimitRequestRatio: { cpu: "4" }, _default: { cpu: "1" } },
        values: small,
        rejects: true,
    },
    {
        name: "a maximum of a whole Pod, which only the shared volume's goes beyond",
        item: { type: "Pod", max: { memory: "1Gi" } },
        values: { "hopcost:memory": "600Mi" },
        rejects: true,
    },
    {
        name: "claims",
        item: { type: "PersistentVolumeClaim", min: { storage: "1Gi" } },
        values: { "hopcost:arms": "volume/pvc", "hopcost:storageClass": "standard" },
        rejects: true,
    },
    { name: "claims of a stack without claims", item: { type: "PersistentVolumeClaim", min: { storage: "1Gi" } } },
    { name: "a kind that hopcost does not know", item: { type: "openshift.io/Image", max: { storage: "1" } } },
];

describe("limitRangeOutcome says of", () => {
    for (const { name, item, values = {}, rejects = false } of cases) {
        it(name, () => {
            asOutcome(name, limitRangeOutcome(configWith(values), limitRange(item)), rejects ? "failure" : "ok");
        });
    }

    const throttling = limitRange({ type: "Container", _default: { cpu: "500m", memory: "1Gi" } });

    it("warns of a default CPU limit", () => {
        asOutcome(
            "limitRangeOutcome: warns of a default CPU limit",
            limitRangeOutcome(configWith(), throttling),
            "warning",
        );
    });

    it("ignores the default CPU limit if the stack sets its own", () => {
        assert.equal(limitRangeOutcome(configWith({ "hopcost:cpuLimit": "1" }), throttling).state, "ok");
    });

    it("accepts a namespace without LimitRanges", () => {
        asOutcome(
            "limitRangeOutcome: accepts a namespace without LimitRanges",
            limitRangeOutcome(configWith(), []),
            "ok",
        );
    });

    it("warns if the user isn't allowed to list them", () => {
        asOutcome(
            "limitRangeOutcome: warns if the user isn't allowed to list them",
            limitRangeOutcome(configWith(), undefined),
            "warning",
        );
    });
});
