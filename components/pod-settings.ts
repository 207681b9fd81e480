import type * as pulumi from "@pulumi/pulumi";
import { oneOf, quoted } from "./argument-error.ts";

/** One taint that Pods tolerate. */
export interface Toleration {
    key: string;
    operator: "Equal" | "Exists";
    value?: string;
    effect?: string;
}

/** Who chooses the user and group ids of containers. */
export const userIdChoices = ["fixed", "cluster"] as const;
/** One of {@link userIdChoices}. */
export type UserIds = (typeof userIdChoices)[number];

/**
 * What the cluster needs of every Pod: the measured ones, the driver's and those of metrics.
 * @template Name of a Secret: a text, or what Pulumi takes for one
 */
export interface PodArgs<Name = pulumi.Input<string>> {
    /** Labels that a node must have, besides `kubernetes.io/os: linux`. @default {} */
    nodeSelector?: Record<string, string>;
    /** Taints of nodes that the Pods tolerate. @default [] */
    tolerations?: readonly Toleration[];
    /** Names of Secrets of the namespace, with which the nodes pull images. @default [] */
    imagePullSecrets?: readonly Name[];
    /**
     * `fixed`: ids that exist in no image, such as 1000; `cluster`: none, so that the cluster sets them, as OpenShift's
     * `restricted-v2` requires. @default "fixed"
     */
    userIds?: UserIds;
}

/**
 * What all our Pods have in common: where they may run, what PSS `restricted` requires, and no service links.
 * @param uid user and group id of the containers
 */
export function podSettings<Name>(
    { nodeSelector = {}, tolerations = [], imagePullSecrets = [], userIds = "fixed" }: PodArgs<Name>,
    uid = 1000,
) {
    const ids = userIds === "fixed" ? { runAsUser: uid, runAsGroup: uid, fsGroup: uid } : {};
    return {
        nodeSelector: { ...nodeSelector, ...linux },
        ...(tolerations.length > 0 && { tolerations: [...tolerations] }),
        ...(imagePullSecrets.length > 0 && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
        securityContext: { runAsNonRoot: true, ...ids, seccompProfile: { type: "RuntimeDefault" } },
        enableServiceLinks: false,
    };
}

/** The images are for Linux, and a cluster can have Windows nodes too. */
const linux = { "kubernetes.io/os": "linux" };

/** What is wrong with the settings of Pods. */
export function podProblems({
    nodeSelector = {},
    tolerations = [],
    userIds = "fixed",
}: PodArgs): (string | undefined)[] {
    return [
        ...Object.entries(nodeSelector).map(([key, value]) =>
            isLabel(key, value) ? undefined : `nodeSelector must be labels of nodes, got ${quoted(`${key}=${value}`)}`,
        ),
        ...tolerations.map(({ key, value = "", effect = "NoSchedule" }) =>
            isLabel(key, value) && taintEffects.includes(effect)
                ? undefined
                : `tolerations must be of taints, got ${quoted(`${key}=${value}:${effect}`)}`,
        ),
        oneOf("userIds", userIds, userIdChoices),
    ];
}

const taintEffects: readonly string[] = ["NoSchedule", "PreferNoSchedule", "NoExecute"];
const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;
/** A label's value, which may be empty. */
export const labelValue = /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/;

/** Whether Kubernetes accepts a label. */
function isLabel(key: string, value: string): boolean {
    return labelKey.test(key) && labelValue.test(value);
}

/** A label as `kubectl get --selector` writes it: `key=value`; undefined if the text is none. */
export function parseLabel(text: string): { key: string; value: string } | undefined {
    const [, key = "", value = ""] = /^([^=]+)=(.*)$/.exec(text) ?? [];
    return isLabel(key, value) ? { key, value } : undefined;
}

/**
 * A taint to tolerate, as `kubectl taint` writes it: `key=value:effect`, `key:effect` (any value) or `key` (any value and
 * effect); undefined if the text is none.
 */
export function parseToleration(text: string): Toleration | undefined {
    const [, key = "", value, effect] = /^([^=:]+)(?:=([^:]*))?(?::(.+))?$/.exec(text) ?? [];
    if (!isLabel(key, value ?? "") || (effect !== undefined && !taintEffects.includes(effect))) return undefined;
    const one = value === undefined ? { operator: "Exists" as const } : { operator: "Equal" as const, value };
    return { key, ...one, ...(effect !== undefined && { effect }) };
}

/** Whether Pods with these tolerations ignore a taint. */
export function tolerates(
    tolerations: readonly Toleration[],
    taint: { key: string; value?: string | undefined; effect: string },
): boolean {
    return tolerations.some(
        ({ key, operator, value = "", effect }) =>
            key === taint.key &&
            (operator === "Exists" || value === (taint.value ?? "")) &&
            (effect === undefined || effect === taint.effect),
    );
}
