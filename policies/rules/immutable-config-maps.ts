import { runIdLabel } from "../measured.ts";
import { isAutonamed, type KubernetesObject, nameOf } from "../objects.ts";
import { objectRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable */
export const immutableConfigMaps = objectRule(
    {
        name: "immutable-config-maps",
        group: "reproducibility",
        description: `ConfigMaps are immutable, and their name changes with their contents: it ends in a hash, is left to Pulumi, or contains the run id of the label ${runIdLabel}. A change then triggers a rolling update, and a running Pod keeps what it started with.`,
    },
    ["ConfigMap"],
    (object) => [
        object.props.immutable === true ? undefined : "can be changed under running Pods; set immutable: true",
        namedByContent(object)
            ? undefined
            : `keeps the name "${nameOf(object)}" when its data changes; append a hash of its data (at least 6 hex digits) to metadata.name, or leave the name to Pulumi`,
    ],
);

/** Ten characters of kustomize's hash alphabet: it has no vowels, so a word never matches. */
const kustomizeHash = /-[2456789bcdfghkmt]{10}$/;

function namedByContent(object: KubernetesObject): boolean {
    const name = nameOf(object);
    if (name === undefined || isAutonamed(object)) return true;
    const runId = object.props.metadata?.labels?.[runIdLabel];
    return (
        /-[0-9a-f]{6,}$/.test(name) || kustomizeHash.test(name) || ((runId ?? "") !== "" && name.includes(`${runId}`))
    );
}
