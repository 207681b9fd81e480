import type { KubernetesObject } from "../objects.ts";
import { podOf } from "../pod-specs.ts";
import { objectRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export const recommendedLabels = objectRule<{ labels: string[] }>(
    {
        name: "recommended-labels",
        group: "reproducibility",
        description:
            "Every object, and every Pod, has Kubernetes' recommended labels. They identify the objects of a program.",
        config: {
            labels: {
                type: "array",
                items: { type: "string" },
                default: ["name", "instance", "part-of", "managed-by"].map((label) => `app.kubernetes.io/${label}`),
                description: "Required labels.",
            },
        },
    },
    "any",
    (object, { labels }) => [
        missing(object.props.metadata?.labels, labels, "metadata.labels"),
        isTemplate(object)
            ? missing(podOf(object)?.metadata.labels, labels, "the labels of its Pod template")
            : undefined,
    ],
);

function isTemplate(object: KubernetesObject): boolean {
    return object.kind !== "Pod" && podOf(object) !== undefined;
}

function missing(given: Record<string, string> | undefined, wanted: readonly string[], where: string) {
    const absent = wanted.filter((label) => (given?.[label] ?? "") === "");
    return absent.length === 0 ? undefined : `lacks ${absent.join(", ")}; add them to ${where}`;
}
