import { containerRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ "Host Ports" */
export const noHostPorts = containerRule(
    {
        name: "no-host-ports",
        group: "security",
        ofPatches: true,
        description:
            "No container takes a port of its node. It is open to all that reach the node, and only one can have it.",
    },
    ({ ports = [] }) =>
        ports.map(({ hostPort = 0 }) =>
            hostPort === 0 ? undefined : `takes port ${hostPort} of its node; remove hostPort, and use a Service`,
        ),
);
