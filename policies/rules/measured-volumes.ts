import { diskVolumesAnnotation, isMeasured } from "../measured.ts";
import { podRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/storage/volumes/#emptydir */
export const measuredVolumes = podRule(
    {
        name: "measured-volumes",
        group: "fairness",
        description: `An emptyDir of a measured Pod declares its medium and its size limit. The medium is Memory, or the node's disk, which Kubernetes has no value for: name the volume in the annotation ${diskVolumesAnnotation}. Files on tmpfs and on a disk are different channels.`,
    },
    (pod) => {
        if (!isMeasured(pod)) return undefined;
        const onDisk = (pod.metadata.annotations?.[diskVolumesAnnotation] ?? "").split(",").map((name) => name.trim());
        return (pod.spec.volumes ?? []).flatMap((volume) => {
            const { name } = volume;
            // Kubernetes takes a volume without a type for an emptyDir.
            const emptyDir = Object.keys(volume).every((key) => key === "name") ? {} : volume.emptyDir;
            if (emptyDir === undefined) return [];
            return [
                (emptyDir.medium ?? "") === "" && !onDisk.includes(name)
                    ? `volume "${name}" has no medium; set emptyDir.medium: Memory, or name it in the Pod's annotation ${diskVolumesAnnotation}`
                    : undefined,
                emptyDir.sizeLimit === undefined
                    ? `volume "${name}" has no size limit; set emptyDir.sizeLimit, e.g. 128Mi`
                    : undefined,
            ];
        });
    },
);
