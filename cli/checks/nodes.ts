import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { type PodNeeds, type PodPart, podsOf } from "../../components/footprint.ts";
import type { Placement } from "../../components/measured-pod-args.ts";
import type { HopcostConfig } from "../../config/config.ts";
import { kubectl } from "../cluster/kubectl.ts";
import { targetsSandbox } from "../stack/target.ts";
import { type Amounts, amountsText, requestsOf } from "./amounts.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";
import { type NodeRoom, roomsOf, tightReason } from "./node-room.ts";

/** Pods that must be on the same node. */
interface Group {
    pods: PodNeeds[];
    /** Whether it must be on another node than the initiators. */
    apart: boolean;
}

/** What is known about the nodes. */
export interface NodeFacts {
    /** Undefined if the user isn't allowed to list them. */
    nodes: readonly V1Node[] | undefined;
    /** Those that have not ended, of all namespaces; undefined if the user isn't allowed to list them. */
    pods: readonly V1Pod[] | undefined;
    /** Whether the cluster adds nodes if Pods don't fit, as far as the user can see. */
    growing: boolean;
}

/** Whether the nodes can take the Pods of a stack with its placement. */
export function nodesOutcome(config: HopcostConfig, { nodes, pods, growing }: NodeFacts): Outcome {
    if (nodes === undefined) {
        return warning(
            `Can't check whether the nodes of context "${config.context}" can take the Pods: you aren't allowed to list nodes`,
            "ask for that permission; otherwise a run finds out within two minutes",
        );
    }
    // The stack's own Pods are replaced by the next deployment.
    const others = pods?.filter(({ metadata }) => metadata?.namespace !== config.namespace);
    const rooms = roomsOf(nodes, others, config.pod);
    const placed = place(groupsOf(config.placement, podsOf(config)), rooms);
    if ("reasons" in placed) return unplacedOutcome(config, placed, growing);
    const far = podsOf(config).find(({ part }) => part === "far");
    const initiators = placed.nodes[0];
    const farReasons = far && reasonsFor({ pods: [far], apart: true }, rooms, initiators);
    if (farReasons !== undefined && farReasons.length === rooms.length) {
        return warning(
            `network/cross-node will be unavailable: 0/${rooms.length} nodes are available for the receiver on another node: ${farReasons.join("; ")}`,
            `${anotherNode(config)}, or leave network/cross-node out of hopcost:arms`,
        );
    }
    const usable = rooms.filter(({ unfit }) => unfit === undefined);
    const architectures = [...new Set(usable.map(({ architecture }) => architecture))];
    if (architectures.length > 1) {
        return warning(
            `The nodes that can take the Pods have different architectures (${architectures.join(", ")})`,
            `make sure that ${config.image} exists for each architecture, or cordon the nodes of all but one`,
        );
    }
    if (pods === undefined) {
        return warning(
            `The nodes are large enough, but their current load is unknown: you aren't allowed to list pods in all namespaces`,
            "ask for that permission; otherwise a run finds out within two minutes",
        );
    }
    const all = amountsText(requestsOf(podsOf(config).flatMap(({ containers }) => containers)));
    return ok(
        `${usable.length} of ${rooms.length} can take Pods; placement ${config.placement} fits (${all} in total)`,
    );
}

function unplacedOutcome(config: HopcostConfig, { group, reasons }: Unplaced, growing: boolean): Outcome {
    const { placement, context } = config;
    const hurt = (part: PodPart) => (part.startsWith("hurt") ? ", which scenarios hurt" : "");
    const names = group.pods.map(({ name, part }) => `${name}${hurt(part)}`).join(", ");
    const needs = amountsText(requestsOf(group.pods.flatMap(({ containers }) => containers)));
    const together = group.pods.length > 1 ? "together " : "";
    const apart = group.apart ? ", on another node than the initiators" : "";
    const text = `Placement ${placement}: 0/${reasons.length} nodes of context "${context}" are available for ${names} (${together}${needs}${apart}): ${reasons.join("; ") || "there is no node"}`;
    if (!growing) return failure(text, remedyOf(config, group, reasons));
    return warning(text, "the cluster adds nodes automatically; if that takes longer than 90 s, start the run again");
}

function remedyOf(config: HopcostConfig, group: Group, reasons: readonly string[]): string {
    const cordoned = reasons.find((reason) => reason.endsWith(" was unschedulable"))?.split(" ")[0];
    if (cordoned !== undefined) return `make it schedulable again: ${kubectl(config)} uncordon ${cordoned}`;
    if (reasons.some((reason) => reason.includes("anti-affinity"))) {
        return `${anotherNode(config)}, or set hopcost:placement to same-node or any`;
    }
    if (reasons.some((reason) => reason.includes("node selector"))) {
        return `correct hopcost:nodeSelector; the nodes' labels: ${kubectl(config)} get nodes --show-labels`;
    }
    if (reasons.length > 0 && reasons.every((reason) => reason.includes("untolerated taint"))) {
        return "add the taint to hopcost:tolerations (key=value:effect), use another cluster, or add a node";
    }
    if (reasons.some((reason) => reason.includes("Insufficient"))) {
        const isHurt = group.pods.every(({ part }) => part.startsWith("hurt"));
        const less = isHurt ? "choose fewer hopcost:scenarios" : "lower hopcost:cpuRequest or hopcost:memory";
        return `stop other workloads there, ${less}, or add a node`;
    }
    return `use another cluster, add a node, or inspect the nodes with: ${kubectl(config)} describe nodes`;
}

function anotherNode(config: HopcostConfig): string {
    return targetsSandbox(config) ? "add a node with: hopcost sandbox up --nodes 2" : "add a node";
}

/** The groups of a placement, the initiators first; the driver goes wherever it fits. */
function groupsOf(placement: Placement, pods: readonly PodNeeds[]): Group[] {
    const of = (...parts: PodNeeds["part"][]) => pods.filter(({ part }) => parts.includes(part));
    const alone = (one: PodNeeds) => ({ pods: [one], apart: false });
    const gathered = {
        "same-node": [{ pods: of("initiator", "responder"), apart: false }],
        "cross-node": [
            { pods: of("initiator"), apart: false },
            { pods: of("responder"), apart: true },
        ],
        any: of("initiator", "responder")
            .map(alone)
            .sort((one, other) => needsOf(other).cpu - needsOf(one).cpu),
    }[placement];
    const hurt = [
        ...of("hurt-initiator").map(alone),
        ...of("hurt-responder").map((one) => ({ pods: [one], apart: placement === "cross-node" })),
    ];
    return [...gathered, ...of("driver").map(alone), ...hurt].filter((group) => group.pods.length > 0);
}

interface Unplaced {
    group: Group;
    /** A text for each node, beginning with its name. */
    reasons: string[];
}

/** Puts each group on the first node with room, the largest group first: if that fails, the scheduler rarely succeeds. */
function place(groups: readonly Group[], rooms: readonly NodeRoom[]): { nodes: string[] } | Unplaced {
    const left = rooms.map((room) => ({ ...room, free: { ...room.free } }));
    const nodes: string[] = [];
    for (const group of groups) {
        const needs = needsOf(group);
        const room = left.find((it) => {
            const isTaken = group.apart && it.name === nodes[0];
            return !isTaken && tightReason(it, needs, group.pods.length) === undefined;
        });
        if (room === undefined) return { group, reasons: reasonsFor(group, left, nodes[0]) };
        nodes.push(room.name);
        room.free.cpu -= needs.cpu;
        room.free.memory -= needs.memory;
        room.free.pods -= group.pods.length;
    }
    return { nodes };
}

/** Why nodes can't take a group; only nodes that can't are listed. */
function reasonsFor(group: Group, rooms: readonly NodeRoom[], initiators: string | undefined): string[] {
    return rooms.flatMap((room) => {
        const isTheirs = group.apart && room.name === initiators;
        const reason = isTheirs
            ? (room.unfit ?? "didn't match pod anti-affinity rules")
            : tightReason(room, needsOf(group), group.pods.length);
        return reason === undefined ? [] : [`${room.name} ${reason}`];
    });
}

function needsOf({ pods }: Group): Amounts {
    return requestsOf(pods.flatMap(({ containers }) => containers));
}
