import assert from "node:assert/strict";
import type { V1LimitRangeItem } from "@kubernetes/client-node";
import { limitRangeOutcome } from "../../../cli/checks/limit-range.ts";
import { configWith } from "./fixtures.ts";

const where = 'namespace "hopcost-test" of context "kind"';
const limitRange = (...limits: V1LimitRangeItem[]) => [{ metadata: { name: "l" }, spec: { limits } }];
const small = { "hopcost:arms": "network/cluster-ip" };

interface Case {
    name: string;
    item: V1LimitRangeItem;
    values?: Record<string, string>;
    /** What is said of it; undefined where it lets all Pods in. */
    problem?: string;
}

const cases: Case[] = [
    { name: "bounds that all are within", item: { type: "Container", min: { cpu: "100m" }, max: { memory: "512Mi" } } },
    {
        name: "a minimum of CPU that only the driver is below",
        item: { type: "Container", min: { cpu: "200m" } },
        problem: "l wants at least 200m cpu of a Container, and driver requests 100m",
    },
    {
        name: "a maximum of memory",
        item: { type: "Container", max: { memory: "512Mi" } },
        values: { ...small, "hopcost:memory": "1Gi" },
        problem:
            "l allows at most 512Mi memory of a Container, and sender has 1Gi; l allows at most 512Mi memory of a Container, and receiver has 1Gi",
    },
    {
        name: "a maximum of CPU, where there is no limit and no default",
        item: { type: "Container", max: { cpu: "4" } },
        values: { "hopcost:arms": "volume/fs-watch" },
        problem:
            "l allows at most 4 cpu of a Container, and shared-volume has no limit; l allows at most 4 cpu of a Container, and driver has no limit",
    },
    {
        name: "a ratio of limit and request",
        item: { type: "Container", maxLimitRequestRatio: { cpu: "4" }, _default: { cpu: "1" } },
        values: small,
        problem:
            "l allows a limit of at most 4 times the request for cpu of a Container, and driver requests 100m with a limit of 1",
    },
    {
        name: "a maximum of a whole Pod, which only the shared volume's goes beyond",
        item: { type: "Pod", max: { memory: "1Gi" } },
        values: { "hopcost:memory": "600Mi" },
        problem: `l allows at most 1Gi memory of a Pod, and shared-volume has ${1200 * 2 ** 20}`,
    },
    {
        name: "claims",
        item: { type: "PersistentVolumeClaim", min: { storage: "1Gi" } },
        values: { "hopcost:arms": "volume/pvc", "hopcost:storageClass": "standard" },
        problem: "l wants at least 1Gi storage of a PersistentVolumeClaim, and claim requests 128Mi",
    },
    { name: "claims where there is none", item: { type: "PersistentVolumeClaim", min: { storage: "1Gi" } } },
    { name: "a kind that hopcost does not know", item: { type: "openshift.io/Image", max: { storage: "1" } } },
];

describe("limitRangeOutcome says of", () => {
    for (const { name, item, values = {}, problem } of cases) {
        it(name, () => {
            const well = { state: "ok", detail: "l: they let all Pods of the stack in" };
            const ill = {
                state: "failure",
                detail: `LimitRanges of ${where} keep Pods of the stack out: ${problem}`,
                remedy: "set hopcost:cpuRequest, hopcost:cpuLimit, hopcost:memory or hopcost:volumeSize to what they allow, or hopcost:namespace to another name",
            };
            assert.deepEqual(limitRangeOutcome(configWith(values), limitRange(item)), problem ? ill : well);
        });
    }

    const throttling = limitRange({ type: "Container", _default: { cpu: "500m", memory: "1Gi" } });

    it("a default CPU limit that it throttles what is measured", () => {
        assert.deepEqual(limitRangeOutcome(configWith(), throttling), {
            state: "warning",
            detail: `A LimitRange of ${where} gives every container a CPU limit of 500m: its quota tears holes of tens of milliseconds into the tail of what is measured`,
            remedy: "take the default CPU limit away, or set hopcost:namespace to another name",
        });
    });

    it("the same nothing, where the stack asks for a limit itself", () => {
        assert.equal(limitRangeOutcome(configWith({ "hopcost:cpuLimit": "1" }), throttling).state, "ok");
    });

    it("none that there is none", () => {
        assert.deepEqual(limitRangeOutcome(configWith(), []), { state: "ok", detail: "none in the namespace" });
    });

    it("those that may not be listed that it can't tell", () => {
        assert.deepEqual(limitRangeOutcome(configWith(), undefined), {
            state: "warning",
            detail: `Whether LimitRanges of ${where} let the Pods in can't be told: you may not list limitranges`,
            remedy: "ask for that right; a run finds out within two minutes",
        });
    });
});
