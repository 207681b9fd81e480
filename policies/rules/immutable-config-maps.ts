import { runIdLabel } from "../measured.ts";
import { isAutonamed, type KubernetesObject, nameOf } from "../objects.ts";
import { objectRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable */
export const immutableConfigMaps = objectRule(
    {
        name: "immutable-config-maps",
        group: "reproducibility",
        description: `ConfigMaps are immutable, and their name changes with what they hold: it ends in a hash, is left to Pulumi, or carries the id of the run in the label ${runIdLabel}. So a change rolls the Pods, and one that runs has what it started with.`,
    },
    ["ConfigMap"],
    (object) => [
        object.props.immutable === true ? undefined : "can be changed under running Pods; set immutable: true",
        namedByContent(object)
            ? undefined
            : `is always named "${nameOf(object)}"; append a hash of its data (at least 6 hex digits) to metadata.name, or leave the name to Pulumi`,
    ],
);

/** Ten of the characters in which kustomize writes its hash: no vowels, so that no word is one. */
const kustomizeHash = /-[2456789bcdfghkmt]{10}$/;

function namedByContent(object: KubernetesObject): boolean {
    const name = nameOf(object);
    if (name === undefined || isAutonamed(object)) return true;
    const runId = object.props.metadata?.labels?.[runIdLabel];
    return (
        /-[0-9a-f]{6,}$/.test(name) || kustomizeHash.test(name) || ((runId ?? "") !== "" && name.includes(`${runId}`))
    );
}
