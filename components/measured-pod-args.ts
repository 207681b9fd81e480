import type * as pulumi from "@pulumi/pulumi";
import { placements } from "../model/fields.ts";
import { integerBetween, oneOf, quoted } from "./argument-error.ts";
import { cpuQuantity, isBelow, memoryQuantity } from "./quantity.ts";

/** Where the measured Pods run: `same-node`, `cross-node` or `any`. */
export type Placement = (typeof placements)[number];

/** What both topologies take, so that the arms differ in nothing but the channel. */
export interface MeasuredPodArgs {
    /** Namespace of every child. The caller owns it, so that both topologies share one. */
    namespace: pulumi.Input<string>;
    /** Image of all containers, with Node 24 or newer and pinned to a version, e.g. `docker.io/library/node:24.21.0-bookworm-slim`. */
    image: pulumi.Input<string>;
    /**
     * Flags of every `node` process, measured ones included, each with its dashes, e.g. `["--max-semi-space-size=16"]`;
     * those that `NODE_OPTIONS` allows. @default []
     */
    nodeFlags?: string[];
    /** CPU that each container requests: cores or millicores. @default "250m" */
    cpuRequest?: string;
    /**
     * CPU that each container may use: cores or millicores, at least the request. A limit throttles: its quota tears
     * holes of tens of milliseconds into the tail. @default no limit
     */
    cpuLimit?: string;
    /** Memory of each container, request and limit. @default "512Mi" */
    memory?: string;
    /**
     * `same-node`: all measured Pods of the namespace on one node; `cross-node`: the responder's Pod on another node than
     * the initiators', which share one; `any`: left to the scheduler. @default "same-node"
     */
    placement?: Placement;
    /** Seconds until a Pod that is not ready fails the deployment; integer, 10 to 3600. @default 90 */
    startSeconds?: number;
}

/** Defaults of {@link MeasuredPodArgs}. */
export const measuredPodDefaults = {
    cpuRequest: "250m",
    memory: "512Mi",
    placement: "same-node",
    startSeconds: 90,
} as const satisfies Partial<MeasuredPodArgs>;

/** {@link MeasuredPodArgs} with the defaults filled in; only the CPU limit may be absent. */
export type MeasuredPodSettings = Required<Omit<MeasuredPodArgs, "cpuLimit">> & { cpuLimit: string | undefined };

/** Fills in the defaults; the faults of the result are those that {@link measuredPodProblems} finds. */
export function resolveMeasuredPodArgs(args: MeasuredPodArgs): MeasuredPodSettings {
    return {
        namespace: args.namespace,
        image: args.image,
        nodeFlags: args.nodeFlags ?? [],
        cpuRequest: args.cpuRequest ?? measuredPodDefaults.cpuRequest,
        cpuLimit: args.cpuLimit,
        memory: args.memory ?? measuredPodDefaults.memory,
        placement: args.placement ?? measuredPodDefaults.placement,
        startSeconds: args.startSeconds ?? measuredPodDefaults.startSeconds,
    };
}

/** What is wrong with each of the settings; values that are still unknown are left to Kubernetes. */
export function measuredPodProblems(settings: MeasuredPodSettings): (string | undefined)[] {
    const { nodeFlags, cpuRequest, cpuLimit } = settings;
    return [
        ...nodeFlags.map((flag) =>
            /^--?[a-z]\S*$/.test(flag)
                ? undefined
                : `nodeFlags must be flags such as "--max-semi-space-size=16", got ${quoted(flag)}`,
        ),
        cpuQuantity("cpuRequest", cpuRequest),
        cpuLimit === undefined ? undefined : cpuQuantity("cpuLimit", cpuLimit),
        cpuLimit !== undefined && isBelow(cpuLimit, cpuRequest)
            ? `cpuLimit must be at least cpuRequest (${quoted(cpuRequest)}), got ${quoted(cpuLimit)}`
            : undefined,
        memoryQuantity("memory", settings.memory),
        oneOf("placement", settings.placement, placements),
        integerBetween("startSeconds", settings.startSeconds, 10, 3600),
    ];
}
