import { podRule } from "../rule.ts";

/** Types that PSS `restricted` allows; no-host-paths covers `hostPath`. */
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
        description: "Volumes have a type that PSS restricted allows. Other types bypass quotas and permissions.",
    },
    ({ spec }) =>
        (spec.volumes ?? []).flatMap((volume) =>
            Object.keys(volume)
                .filter((type) => type !== "name" && type !== "hostPath" && !allowed.includes(type))
                .map((type) => `volume "${volume.name}" is of type ${type}; use one of ${allowed.join(", ")}`),
        ),
);
