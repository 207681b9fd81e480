import { podRule } from "../rule.ts";

/** What PSS `restricted` allows; `hostPath` is the business of no-host-paths. */
const allowed = [
    ...["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral"],
    ...["image", "persistentVolumeClaim", "projected", "secret"],
];

/** @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ "Volume Types" */
export const restrictedVolumes = podRule(
    {
        name: "restricted-volumes",
        group: "security",
        ofPatches: true,
        description:
            "Volumes are of the types that PSS restricted allows. The others name storage past all quotas and rights.",
    },
    ({ spec }) =>
        (spec.volumes ?? []).flatMap((volume) =>
            Object.keys(volume)
                .filter((type) => type !== "name" && type !== "hostPath" && !allowed.includes(type))
                .map((type) => `volume "${volume.name}" is of type ${type}; use one of ${allowed.join(", ")}`),
        ),
);
