import { diskVolumesAnnotation, isMeasured } from "../measured.ts";
import { podRule } from "../rule.ts";

/** @see https://kubernetes.io/docs/concepts/storage/volumes/#emptydir */
export const measuredVolumes = podRule(
    {
        name: "measured-volumes",
        group: "fairness",
        description: `An emptyDir of a measured Pod says what it is made of (medium: Memory, or its name in the annotation ${diskVolumesAnnotation} for the node's disk, which Kubernetes has no word for) and how much it holds. Files on tmpfs and on a disk are different channels.`,
    },
    (pod) => {
        if (!isMeasured(pod)) return undefined;
        const onDisk = (pod.metadata.annotations?.[diskVolumesAnnotation] ?? "").split(",").map((name) => name.trim());
        return (pod.spec.volumes ?? []).flatMap((volume) => {
            const { name } = volume;
            // One that names no type is an emptyDir to Kubernetes.
            const emptyDir = Object.keys(volume).every((key) => key === "name") ? {} : volume.emptyDir;
            if (emptyDir === undefined) return [];
            return [
                (emptyDir.medium ?? "") === "" && !onDisk.includes(name)
                    ? `volume "${name}" doesn't say what it is made of; set emptyDir.medium: Memory, or name it in the Pod's annotation ${diskVolumesAnnotation}`
                    : undefined,
                emptyDir.sizeLimit === undefined
                    ? `volume "${name}" has no bound; set emptyDir.sizeLimit, e.g. 128Mi`
                    : undefined,
            ];
        });
    },
);
