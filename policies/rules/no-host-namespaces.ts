import { podRule } from "../rule.ts";

const fields = ["hostNetwork", "hostPID", "hostIPC"] as const;

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ "Host Namespaces" */
export const noHostNamespaces = podRule(
    {
        name: "no-host-namespaces",
        group: "security",
        ofPatches: true,
        description: "No Pod shares a namespace of its node. It would see the node's processes and traffic.",
    },
    ({ spec }) =>
        fields.map((field) =>
            spec[field] === true ? `shares a namespace of its node; remove ${field} from the Pod's spec` : undefined,
        ),
);
