import type { Container } from "../pod-specs.ts";
import { containerRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ "Host Probes / Lifecycle Hooks" */
export const noProbeHosts = containerRule(
    {
        name: "no-probe-hosts",
        group: "security",
        ofPatches: true,
        description:
            "Probes and lifecycle hooks call their own Pod. With another host, the kubelet sends requests to that host from the node.",
    },
    (container) =>
        Object.entries(calls(container)).map(([field, call]) => {
            const host = call?.httpGet?.host ?? call?.tcpSocket?.host ?? "";
            return host === "" ? undefined : `its ${field} calls host "${host}"; remove that host`;
        }),
);

interface Call {
    httpGet?: { host?: string };
    tcpSocket?: { host?: string };
}

function calls(container: Container): Record<string, Call | undefined> {
    const { livenessProbe, readinessProbe, startupProbe, lifecycle } = container;
    return {
        livenessProbe,
        readinessProbe,
        startupProbe,
        postStart: lifecycle?.postStart,
        preStop: lifecycle?.preStop,
    };
}
