import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type Availability, type ProbeArgs, probeDefaults } from "../model/availability.ts";
import { integerBetween, quoted } from "./argument-error.ts";

/** What is wrong with each setting. */
export function availabilityProblems(availability: Availability): (string | undefined)[] {
    const { replicas, update, preStopSeconds, graceSeconds, minAvailable } = availability;
    return [
        integerBetween("availability.replicas", replicas, 0, 100),
        ...updateProblems(update),
        ...(["startup", "readiness", "liveness"] as const).flatMap((probe) =>
            probeProblems(`availability.${probe}`, availability[probe]),
        ),
        integerBetween("availability.preStopSeconds", preStopSeconds, 0, 300),
        integerBetween("availability.graceSeconds", graceSeconds, 1, 3600),
        graceSeconds <= preStopSeconds
            ? `availability.graceSeconds must be more than preStopSeconds (${preStopSeconds}), got ${graceSeconds}`
            : undefined,
        minAvailable === undefined
            ? undefined
            : integerBetween("availability.minAvailable", minAvailable, 0, Math.max(1, replicas)),
    ];
}

function updateProblems(update: Availability["update"]): (string | undefined)[] {
    if (update === "Recreate") return [];
    if (typeof update !== "object" || update === null)
        return [`availability.update must be "Recreate", or maxSurge and maxUnavailable, got ${quoted(update)}`];
    const { maxSurge, maxUnavailable } = update;
    return [
        integerBetween("availability.update.maxSurge", maxSurge, 0, 100),
        integerBetween("availability.update.maxUnavailable", maxUnavailable, 0, 100),
        maxSurge === 0 && maxUnavailable === 0
            ? "availability.update must have maxSurge or maxUnavailable above 0, or no Pod can be replaced"
            : undefined,
    ];
}

function probeProblems(name: string, probe: ProbeArgs | undefined): (string | undefined)[] {
    if (probe === undefined) return [];
    const { periodSeconds, timeoutSeconds, failureThreshold } = { ...probeDefaults, ...probe };
    return [
        integerBetween(`${name}.periodSeconds`, periodSeconds, 1, 300),
        integerBetween(`${name}.timeoutSeconds`, timeoutSeconds, 1, 60),
        integerBetween(`${name}.failureThreshold`, failureThreshold, 1, 100),
    ];
}

/** The budget of a Deployment's Pods, if there is one. @returns its name */
export function disruptionBudget(
    name: string,
    { minAvailable }: Availability,
    metadata: { namespace: pulumi.Input<string>; labels: Record<string, string> },
    matchLabels: Record<string, string>,
    opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
    if (minAvailable === undefined) return undefined;
    const spec = { minAvailable, selector: { matchLabels } };
    return new k8s.policy.v1.PodDisruptionBudget(name, { metadata: { name, ...metadata }, spec }, opts).metadata.name;
}
