import type { V1StorageClass } from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";

/**
 * A StorageClass that the cluster doesn't have: the claim would never be bound, and the Pod with it never run.
 * @param found undefined where the classes may not be listed: then nothing is refused
 */
export function storageClassOutcome(
    { context, storageClass }: HopcostConfig,
    found: readonly V1StorageClass[] | undefined,
): Outcome {
    if (storageClass === undefined) return ok("none is set, so volume/pvc is not measured");
    if (found === undefined) {
        return warning(
            `Whether context "${context}" has the StorageClass "${storageClass}" can't be told: you may not list storageclasses.storage.k8s.io`,
            "ask for that right, or ask an administrator of the cluster",
        );
    }
    const known = found.map(({ metadata }) => metadata?.name ?? "");
    if (known.includes(storageClass)) return ok(`"${storageClass}" is there`);
    return failure(
        `Context "${context}" has no StorageClass "${storageClass}" (${known.length > 0 ? `it has ${known.join(", ")}` : "it has none"})`,
        "set hopcost:storageClass to one of its own, or leave it out: volume/pvc is then reported as unavailable",
    );
}
