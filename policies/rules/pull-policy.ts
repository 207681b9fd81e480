import { containerRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy */
export const pullPolicy = containerRule(
    {
        name: "pull-policy",
        group: "reproducibility",
        ofPatches: true,
        description:
            "Images are pulled only if the node lacks them. With Always, each start waits for a registry; with Never, it depends on what ran on that node before.",
    },
    ({ imagePullPolicy }) =>
        imagePullPolicy === undefined || imagePullPolicy === "IfNotPresent"
            ? undefined
            : `has the imagePullPolicy ${imagePullPolicy}; set IfNotPresent, which fits an image that is pinned`,
);
