import { podRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/storage/volumes/#hostpath */
export const noHostPaths = podRule(
    {
        name: "no-host-paths",
        group: "security",
        ofPatches: true,
        description: "No Pod mounts a folder of its node. What it reads or writes there is everybody's.",
    },
    ({ spec }) =>
        (spec.volumes ?? []).map((volume) =>
            volume.hostPath === undefined
                ? undefined
                : `volume "${volume.name}" is ${volume.hostPath.path} of the node; use an emptyDir or a PersistentVolumeClaim`,
        ),
);
