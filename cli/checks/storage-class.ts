import type { V1StorageClass } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";

/**
 * Whether the cluster has the StorageClass: without it the claim would never be bound, and its Pod never run.
 * @param found undefined if the user isn't allowed to list classes: then nothing is refused
 */
export function storageClassOutcome(
    { context, storageClass }: HopcostConfig,
    found: readonly V1StorageClass[] | undefined,
): Outcome {
    if (storageClass === undefined) return ok("not set, so volume/pvc is not measured");
    if (found === undefined) {
        return warning(
            `Can't check whether context "${context}" has the StorageClass "${storageClass}": you aren't allowed to list storageclasses.storage.k8s.io`,
            "ask for that permission, or ask a cluster administrator",
        );
    }
    const known = found.map(({ metadata }) => metadata?.name ?? "");
    if (known.includes(storageClass)) return ok(`"${storageClass}" exists`);
    return failure(
        `Context "${context}" has no StorageClass "${storageClass}" (${known.length > 0 ? `it has ${known.join(", ")}` : "it has none"})`,
        "set hopcost:storageClass to an existing one, or remove it: volume/pvc is then reported as unavailable",
    );
}
