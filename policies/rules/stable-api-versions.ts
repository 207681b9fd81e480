import { objectRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/reference/using-api/deprecation-policy/ */
export const stableApiVersions = objectRule<{ exempt: string[] }>(
    {
        name: "stable-api-versions",
        group: "reproducibility",
        ofPatches: true,
        description:
            "No object is of an alpha or beta version of its API. These change, and go with an upgrade of the cluster.",
        config: {
            exempt: {
                type: "array",
                items: { type: "string" },
                default: ["chaos-mesh.org", "litmuschaos.io"],
                description: "API groups that have no stable version.",
            },
        },
    },
    "any",
    ({ group, version, kind }, { exempt }) => {
        if (!/alpha|beta/.test(version) || exempt.includes(group)) return undefined;
        return `is of ${group}/${version}; use the stable version of ${kind} (kubectl api-resources), or configure stable-api-versions.exempt`;
    },
);
