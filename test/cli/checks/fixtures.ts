import assert from "node:assert/strict";
import type { V1Namespace, V1Node, V1Pod } from "@kubernetes/client-node";
import type { Outcome } from "../../../cli/checks/check.ts";
import { type HopcostConfig, readConfig } from "../../../config/config.ts";
import { textsOf } from "../../support/texts.ts";

/** The configuration of stack `test` in context `kind`, with these values and defaults for the rest. */
export function configWith(values: Record<string, string> = {}): HopcostConfig {
    return readConfig("test", { "kubernetes:context": "kind", "hopcost:metrics": "false", ...values });
}

/** How a test's node differs from a ready one with 2 cores and 4 GiB. */
export interface NodeTraits {
    unschedulable?: boolean;
    ready?: "True" | "False";
    taints?: { key: string; value?: string; effect: string }[];
    os?: string;
    architecture?: string;
    allocatable?: Record<string, string>;
    images?: string[];
}

/** A node as the API server returns it. */
export function node(name: string, traits: NodeTraits = {}): V1Node {
    const { unschedulable, ready = "True", taints, os = "linux", architecture = "amd64", images = [] } = traits;
    return {
        metadata: { name },
        spec: { ...(unschedulable && { unschedulable }), ...(taints && { taints }) },
        status: {
            allocatable: { cpu: "2", memory: "4Gi", pods: "110", ...traits.allocatable },
            conditions: [{ type: "Ready", status: ready, message: "kubelet stopped posting node status" }],
            images: images.map((image) => ({ names: [image] })),
            nodeInfo: { architecture, operatingSystem: os } as NonNullable<NonNullable<V1Node["status"]>["nodeInfo"]>,
        },
    };
}

/** A Pod on a node, with these requests. */
export function pod(nodeName: string, cpu: string, memory: string, namespace = "other"): V1Pod {
    return {
        metadata: { namespace, labels: { "app.kubernetes.io/part-of": "hopcost" } },
        spec: { nodeName, containers: [{ name: "one", resources: { requests: { cpu, memory } } }] },
    };
}

/** A namespace created `seconds` before {@link now}. */
export function namespace(name: string, labels: Record<string, string> = {}, seconds = 3600): V1Namespace {
    return { metadata: { name, labels, creationTimestamp: new Date(now - seconds * 1000) } };
}

/** The current time in tests. */
export const now = Date.parse("2026-11-24T12:00:00Z");

/**
 * Texts of a test file's outcomes, as {@link textsOf}.
 * @returns asserts the state of an outcome, and its detail and remedy as texts under a name used once in the test file
 */
export function outcomesOf(name: string): (key: string, outcome: Outcome | undefined, state: Outcome["state"]) => void {
    const asText = textsOf(name);
    return (key, outcome, state) => {
        assert.equal(outcome?.state, state);
        asText(key, [outcome.detail, ...(outcome.remedy === undefined ? [] : [outcome.remedy])]);
    };
}
