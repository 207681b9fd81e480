import { specOf } from "../../model/arms.ts";
import type { Plan, Target } from "../../model/plan.ts";
import { variables } from "../../model/ports.ts";
import type { AgentClient } from "./agent-client.ts";

/** Both ends of an arm. */
export interface Ends {
    initiator: AgentClient;
    responder: AgentClient;
    /** URL the sender POSTs to; absent in arms without POSTs, or if the Pod itself knows it. */
    uploadUrl?: string | undefined;
}

/** Base URLs of the agents at both ends of an arm. @throws Error if the plan lacks them */
export function agentUrls(arm: string, plan: Plan): { initiator: string; responder: string } {
    const { initiator, responder } = targetOf(arm, plan);
    return { initiator: initiator.agent, responder: responder.agent };
}

/**
 * URL an arm's sender POSTs to: the Service's, or for `network/pod-ip` the receiver's Pod's.
 * @param podIp of the receiver's Pod
 * @returns undefined in arms of writer and reader, which need no address, and in arms that send nothing
 */
export function uploadUrlOf(arm: string, plan: Plan, podIp: string): string | undefined {
    const { uploadUrl } = targetOf(arm, plan);
    if (arm !== "network/pod-ip" || uploadUrl === undefined) return uploadUrl;
    if (podIp === "") throw new Error(`${arm}: the receiver does not know the address of its Pod (${variables.podIp})`);
    const url = new URL(uploadUrl);
    url.hostname = podIp.includes(":") ? `[${podIp}]` : podIp;
    return url.href;
}

function targetOf(arm: string, { targets }: Plan): Target {
    const { topology } = specOf(arm);
    const target = topology && targets[topology];
    if (target === undefined) throw new Error(`${arm}: the plan has no target for its topology`);
    return target;
}
