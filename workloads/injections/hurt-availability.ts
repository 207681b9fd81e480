import type { AvailabilityArgs } from "../../model/availability.ts";

/** Grace period of the Pods that scenarios hurt; a stopped process uses the whole of it up. */
export const hurtGraceSeconds = 5;

/** How these Pods are kept running, unless a scenario says otherwise. The probes are those that most Pods should have. */
export const hurtAvailability = {
    update: "Recreate",
    readiness: { periodSeconds: 1, failureThreshold: 2 },
    liveness: { periodSeconds: 1, failureThreshold: 3 },
    graceSeconds: hurtGraceSeconds,
} as const satisfies AvailabilityArgs;
