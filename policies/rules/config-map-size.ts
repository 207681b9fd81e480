import { objectRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/configuration/configmap/ */
export const configMapSize = objectRule<{ maxKiB: number }>(
    {
        name: "config-map-size",
        group: "reproducibility",
        description:
            "ConfigMaps stay well below the 1 MiB that Kubernetes allows. A little more text must not make a deployment fail.",
        config: {
            maxKiB: {
                type: "integer",
                minimum: 1,
                maximum: 1024,
                default: 900,
                description: "Maximum total size of the values of one ConfigMap, in KiB.",
            },
        },
    },
    ["ConfigMap"],
    ({ props }, { maxKiB }) => {
        const texts = Object.values((props.data as Record<string, string> | undefined) ?? {});
        const binaries = Object.values((props.binaryData as Record<string, string> | undefined) ?? {});
        const bytes =
            texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) +
            binaries.reduce((sum, text) => sum + Buffer.byteLength(text, "base64"), 0);
        if (bytes <= maxKiB * 1024) return undefined;
        return `holds ${Math.ceil(bytes / 1024)} KiB, more than the maximum of ${maxKiB} KiB; split it, or put the data into an image`;
    },
);
