import { specOf } from "../../model/arms.ts";
import type { Plan, Target } from "../../model/plan.ts";
import type { AgentClient } from "./agent-client.ts";

/** Both ends of an arm. */
export interface Ends {
    initiator: AgentClient;
    responder: AgentClient;
    /** Where the sender POSTs; absent in arms that POST nowhere, or where the Pod itself knows. */
    uploadUrl?: string | undefined;
}

/** Base URLs of the agents at both ends of an arm. @throws Error where the plan doesn't name them */
export function agentUrls(arm: string, plan: Plan): { initiator: string; responder: string } {
    const { initiator, responder } = targetOf(arm, plan);
    return { initiator: initiator.agent, responder: responder.agent };
}

/**
 * Where an arm's sender POSTs: through the Service, or for `network/pod-ip` to the receiver's Pod itself.
 * @param podIp of the receiver's Pod
 * @returns undefined in arms of writer and reader, which need no address, and in those that send nothing
 */
export function uploadUrlOf(arm: string, plan: Plan, podIp: string): string | undefined {
    const { uploadUrl } = targetOf(arm, plan);
    if (arm !== "network/pod-ip" || uploadUrl === undefined) return uploadUrl;
    if (podIp === "") throw new Error(`${arm}: the receiver does not know the address of its Pod (HOPCOST_POD_IP)`);
    const url = new URL(uploadUrl);
    url.hostname = podIp.includes(":") ? `[${podIp}]` : podIp;
    return url.href;
}

function targetOf(arm: string, { targets }: Plan): Target {
    const { topology } = specOf(arm);
    const target = topology && targets[topology];
    if (target === undefined) throw new Error(`${arm}: the plan does not say where its topology is reached`);
    return target;
}
