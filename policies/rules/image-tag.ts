import { parseImage } from "../image.ts";
import { containerRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/containers/images/ */
export const imageTag = containerRule(
    {
        name: "image-tag",
        group: "reproducibility",
        description:
            "Every image has a tag that names a version, never latest. Otherwise nobody knows what ran, or can run it again.",
    },
    ({ image = "" }) => {
        const { tag } = parseImage(image);
        if (tag !== undefined && tag !== "latest" && /\d/.test(tag)) return undefined;
        const what = tag === undefined ? "has no tag" : `has the tag "${tag}", which is not a version`;
        return `image "${image}" ${what}; use a version tag, e.g. 1.29.3`;
    },
);
