import { isA, type KubernetesObject, nameOf, namespaceOf, titleOf } from "../objects.ts";
import { type Pod, podOf } from "../pod-specs.ts";
import { stackRule } from "../rule.ts";

interface Subject {
    kind: string;
    name: string;
    namespace?: string;
}

/** @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/ */
export const noIdleTokens = stackRule<{ allowed: string[] }>(
    {
        name: "no-idle-tokens",
        group: "security",
        description:
            "A Pod mounts the token of a ServiceAccount only if the program grants that account permissions. An unused token can only be stolen.",
        config: {
            allowed: {
                type: "array",
                items: { type: "string" },
                default: [],
                description: "Names of ServiceAccounts that get their permissions elsewhere.",
            },
        },
    },
    function* (objects, { allowed }) {
        for (const object of objects) {
            const look = () => {
                const pod = podOf(object);
                if (pod === undefined) return undefined;
                const account = accountOf(pod);
                const remedy = allowed.includes(account) ? undefined : withoutToken(pod, account, objects);
                if (remedy === undefined || hasRights(account, namespaceOf(object), objects)) return undefined;
                return `mounts the token of ServiceAccount "${account}", but no binding of this program grants it permissions; ${remedy}`;
            };
            yield { title: titleOf(object), urn: object.urn, look };
        }
    },
);

function accountOf({ spec }: Pod): string {
    return spec.serviceAccountName ?? spec.serviceAccount ?? "default";
}

/** How to remove the token; undefined if none is mounted. */
function withoutToken(pod: Pod, account: string, objects: readonly KubernetesObject[]): string | undefined {
    const byHand = (pod.spec.volumes ?? []).find(({ projected }) =>
        projected?.sources?.some((source) => source.serviceAccountToken !== undefined),
    );
    if (byHand !== undefined) return `remove the serviceAccountToken from volume "${byHand.name}"`;
    const declared = objects.find(
        (object) =>
            isA(object, ["ServiceAccount"]) &&
            nameOf(object) === account &&
            namespaceOf(object) === namespaceOf(pod.object),
    );
    const accounts = declared?.props.automountServiceAccountToken as boolean | undefined;
    const mounts = pod.spec.automountServiceAccountToken ?? accounts ?? true;
    return mounts ? "set automountServiceAccountToken: false in the Pod's spec" : undefined;
}

function hasRights(account: string, namespace: string, objects: readonly KubernetesObject[]): boolean {
    const groups = ["system:serviceaccounts", `system:serviceaccounts:${namespace}`]; // the groups of every account
    return objects
        .filter((object) => isA(object, ["RoleBinding", "ClusterRoleBinding"]))
        .flatMap(({ props }) => (props.subjects as Subject[] | undefined) ?? [])
        .some((subject) => {
            if (subject.kind === "Group") return groups.includes(subject.name);
            return subject.kind === "ServiceAccount" && subject.name === account && subject.namespace === namespace;
        });
}
