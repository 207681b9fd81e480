import type * as pulumi from "@pulumi/pulumi";
import { type Availability, type AvailabilityArgs, resolveAvailability } from "../model/availability.ts";
import { placements } from "../model/fields.ts";
import { integerBetween, oneOf, quoted } from "./argument-error.ts";
import { availabilityProblems } from "./availability.ts";
import { type PodArgs, podProblems } from "./pod-settings.ts";
import { cpuQuantity, isBelow, memoryQuantity } from "./quantity.ts";

/** Where the measured Pods run: `same-node`, `cross-node` or `any`. */
export type Placement = (typeof placements)[number];

/** Arguments of both topologies, so that the arms differ only in the channel. */
export interface MeasuredPodArgs extends PodArgs {
    /** Namespace of every child. The caller owns it, so that both topologies share one. */
    namespace: pulumi.Input<string>;
    /**
     * Image of all containers: Node 24 or newer, pinned to a version, e.g.
     * `docker.io/library/node:24.21.0-bookworm-slim`.
     */
    image: pulumi.Input<string>;
    /**
     * ConfigMap with the code of all containers: the `configMapName` of a `WorkloadCode`, to share it with other components.
     * @default that of a `WorkloadCode` of its own
     */
    code?: pulumi.Input<string>;
    /**
     * Flags of every `node` process, measured ones included, with their dashes, e.g. `["--max-semi-space-size=16"]`;
     * only flags that `NODE_OPTIONS` allows. @default []
     */
    nodeFlags?: string[];
    /** CPU that each container requests: cores or millicores. @default "250m" */
    cpuRequest?: string;
    /**
     * CPU limit of each container: cores or millicores, at least the request. A limit throttles: it adds pauses of tens
     * of milliseconds to the tail. @default no limit
     */
    cpuLimit?: string;
    /** Memory of each container, request and limit. @default "512Mi" */
    memory?: string;
    /**
     * `same-node`: all measured Pods of the namespace on one node; `cross-node`: the initiators' Pods on one node, the
     * responder's on another; `any`: the scheduler decides. @default "same-node"
     */
    placement?: Placement;
    /** Seconds a Pod has to become ready before the deployment fails; integer, 10 to 3600. @default 90 */
    startSeconds?: number;
    /** How the responder's Pods are kept running, replaced and ended. @default one Pod, which nothing disturbs */
    availability?: AvailabilityArgs;
    /**
     * Whether its containers serve scenarios, which offer messages at a constant rate and keep a ledger of them, instead of
     * trials. @default false
     */
    servesScenarios?: boolean;
}

/** Defaults of {@link MeasuredPodArgs}. */
export const measuredPodDefaults = {
    cpuRequest: "250m",
    memory: "512Mi",
    placement: "same-node",
    startSeconds: 90,
} as const satisfies Partial<MeasuredPodArgs>;

/** {@link MeasuredPodArgs} with the defaults filled in; only the CPU limit may be absent. */
export type MeasuredPodSettings = Required<
    Omit<MeasuredPodArgs, "code" | "cpuLimit" | "availability" | keyof PodArgs>
> & {
    cpuLimit: string | undefined;
    availability: Availability;
    pod: PodArgs;
};

/** Fills in the defaults; {@link measuredPodProblems} checks the result. */
export function resolveMeasuredPodArgs(args: MeasuredPodArgs): MeasuredPodSettings {
    return {
        namespace: args.namespace,
        pod: args,
        image: args.image,
        nodeFlags: args.nodeFlags ?? [],
        cpuRequest: args.cpuRequest ?? measuredPodDefaults.cpuRequest,
        cpuLimit: args.cpuLimit,
        memory: args.memory ?? measuredPodDefaults.memory,
        placement: args.placement ?? measuredPodDefaults.placement,
        startSeconds: args.startSeconds ?? measuredPodDefaults.startSeconds,
        availability: resolveAvailability(args.availability),
        servesScenarios: args.servesScenarios ?? false,
    };
}

/** What is wrong with each setting. Values still unknown are left to Kubernetes. */
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
        ...podProblems(settings.pod),
        oneOf("placement", settings.placement, placements),
        integerBetween("startSeconds", settings.startSeconds, 10, 3600),
        ...availabilityProblems(settings.availability),
    ];
}
