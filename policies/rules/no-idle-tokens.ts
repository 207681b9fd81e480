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
            "A Pod has the token of a ServiceAccount only if the program gives that account a right. A token that is not used is only there to be stolen.",
        config: {
            allowed: {
                type: "array",
                items: { type: "string" },
                default: [],
                description: "Names of ServiceAccounts that get their rights elsewhere.",
            },
        },
    },
    function* (objects, { allowed }) {
        for (const object of objects) {
            const look = () => {
                const pod = podOf(object);
                if (pod === undefined) return undefined;
                const account = accountOf(pod);
                if (allowed.includes(account) || !mountsToken(pod, account, objects)) return undefined;
                if (hasRights(account, namespaceOf(object), objects)) return undefined;
                return `mounts the token of ServiceAccount "${account}", to which no binding of this program gives a right; set automountServiceAccountToken: false in the Pod's spec`;
            };
            yield { title: titleOf(object), urn: object.urn, look };
        }
    },
);

function accountOf({ spec }: Pod): string {
    return spec.serviceAccountName ?? spec.serviceAccount ?? "default";
}

function mountsToken(pod: Pod, account: string, objects: readonly KubernetesObject[]): boolean {
    const sources = (pod.spec.volumes ?? []).flatMap((volume) => volume.projected?.sources ?? []);
    if (sources.some((source) => source.serviceAccountToken !== undefined)) return true;
    const declared = objects.find(
        (object) =>
            isA(object, ["ServiceAccount"]) &&
            nameOf(object) === account &&
            namespaceOf(object) === namespaceOf(pod.object),
    );
    const accounts = declared?.props.automountServiceAccountToken as boolean | undefined;
    return pod.spec.automountServiceAccountToken ?? accounts ?? true;
}

function hasRights(account: string, namespace: string, objects: readonly KubernetesObject[]): boolean {
    return objects
        .filter((object) => isA(object, ["RoleBinding", "ClusterRoleBinding"]))
        .flatMap(({ props }) => (props.subjects as Subject[] | undefined) ?? [])
        .some(
            (subject) =>
                subject.kind === "ServiceAccount" && subject.name === account && subject.namespace === namespace,
        );
}
