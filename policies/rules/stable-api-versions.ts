import { objectRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/reference/using-api/deprecation-policy/ */
export const stableApiVersions = objectRule<{ exempt: string[] }>(
    {
        name: "stable-api-versions",
        group: "reproducibility",
        ofPatches: true,
        description:
            "No object uses an alpha or beta version of its API. These change, and an upgrade of the cluster can remove them.",
        config: {
            exempt: {
                type: "array",
                items: { type: "string" },
                default: ["chaos-mesh.org", "litmuschaos.io"],
                description: "API groups without a stable version.",
            },
        },
    },
    "any",
    ({ group, version, kind }, { exempt }) => {
        if (!/alpha|beta/.test(version) || exempt.includes(group)) return undefined;
        return `uses ${group}/${version}; use the stable version of ${kind} (kubectl api-resources), or configure stable-api-versions.exempt`;
    },
);
