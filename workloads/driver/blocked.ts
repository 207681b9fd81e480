/** Codes of connections that a NetworkPolicy can have blocked: rejected, dropped, or without an answer from DNS. */
const codes = [
    ...["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"],
    ...["EAI_AGAIN", "ENOTFOUND"],
];

/** Two ends of a connection between Pods: names of their NetworkPolicies. */
export interface Connection {
    from: string;
    to: string;
}

/** Whether a NetworkPolicy can be the reason why a connection failed. @param code of the error, e.g. `ECONNREFUSED` */
export function canBeBlocked(code: string | undefined): boolean {
    return code !== undefined && codes.includes(code);
}

/** Which NetworkPolicies a connection depends on, for the end of a message. */
export function policyHint({ from, to }: Connection): string {
    return `; if NetworkPolicies are enforced, ${from} must let it out and ${to} must let it in (kubectl get networkpolicies)`;
}

/** Name of the NetworkPolicy of an agent: like its Service. */
export function policyOf(agentUrl: string): string {
    return new URL(agentUrl).hostname;
}
