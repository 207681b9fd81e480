import { containerRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ "Host Ports" */
export const noHostPorts = containerRule(
    {
        name: "no-host-ports",
        group: "security",
        ofPatches: true,
        description:
            "No container uses a port of its node. Everything that reaches the node reaches that port, and only one container can use it.",
    },
    ({ ports = [] }) =>
        ports.map(({ hostPort = 0 }) =>
            hostPort === 0 ? undefined : `takes port ${hostPort} of its node; remove hostPort, and use a Service`,
        ),
);
