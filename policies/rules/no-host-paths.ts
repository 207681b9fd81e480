import { podRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/storage/volumes/#hostpath */
export const noHostPaths = podRule(
    {
        name: "no-host-paths",
        group: "security",
        ofPatches: true,
        description:
            "No Pod mounts a folder of its node. All Pods on the node could share what it reads and writes there.",
    },
    ({ spec }) =>
        (spec.volumes ?? []).map((volume) =>
            volume.hostPath === undefined
                ? undefined
                : `volume "${volume.name}" mounts ${volume.hostPath.path} of the node; use an emptyDir or a PersistentVolumeClaim`,
        ),
);
