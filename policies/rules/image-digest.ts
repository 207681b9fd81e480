import { parseImage } from "../image.ts";
import { containerRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/containers/images/#image-names */
export const imageDigest = containerRule<{ exempt: string[] }>(
    {
        name: "image-digest",
        group: "reproducibility",
        description:
            "Every image has a digest. A tag can be pushed again with other contents; a digest identifies the contents.",
        config: {
            exempt: {
                type: "array",
                items: { type: "string" },
                // The digest of an image built on the machine can't be known in advance. The others are the defaults of
                // hopcost's configuration, which names official images by version and accepts digests as well.
                default: [
                    ...["hopcost.local/", "docker.io/library/node", "docker.io/prom/prometheus"],
                    "docker.io/grafana/grafana",
                ],
                description:
                    "Images that need only a tag, listed without it; an entry that ends in a slash covers all images below it.",
            },
        },
    },
    ({ image = "" }, _pod, { exempt }) => {
        const { name, digest } = parseImage(image);
        const isExempt = exempt.some((other) => (other.endsWith("/") ? name.startsWith(other) : name === other));
        if (isExempt || /^[a-z0-9]+:[0-9a-f]{64,128}$/.test(digest ?? "")) return undefined;
        return `image "${image}" has ${digest === undefined ? "no digest" : "an invalid digest"}; append @sha256:... as the registry shows it, or configure image-digest.exempt`;
    },
);
