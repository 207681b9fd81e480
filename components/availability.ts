import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { integerBetween, quoted } from "./argument-error.ts";

/** How often Kubernetes looks at a container, and when it reacts. */
export interface ProbeArgs {
    /** Seconds between two looks; integer, 1 to 300. @default 1 */
    periodSeconds?: number;
    /** Seconds that an answer may take; integer, 1 to 60. @default 1 */
    timeoutSeconds?: number;
    /** Failures in a row until Kubernetes reacts; integer, 1 to 100. @default 3 */
    failureThreshold?: number;
}

/** At most so many Pods more, and so many fewer, than `replicas` while a change replaces them; integers, 0 to 100. */
export interface RollingUpdate {
    maxSurge: number;
    /** At least 1 if `maxSurge` is 0. */
    maxUnavailable: number;
}

/**
 * How the Pods of the responder are kept running, replaced and ended; the Pod of a shared volume has the initiator too. The
 * defaults are those of a measurement of the steady state: one Pod, which nothing disturbs.
 */
export interface AvailabilityArgs {
    /** Copies of the Pod; integer, 1 to 100. @default 1 */
    replicas?: number;
    /** How a change replaces Pods: `Recreate` ends the old ones first. @default "Recreate" */
    update?: "Recreate" | RollingUpdate;
    /** Takes a Pod that doesn't answer out of its Service. @default no probe */
    readiness?: ProbeArgs;
    /** Restarts a container that doesn't answer. @default no probe */
    liveness?: ProbeArgs;
    /** Seconds between the decision to end a Pod and SIGTERM, in which it still serves; integer, 0 to 300. @default 0 */
    preStopSeconds?: number;
    /** Seconds that a Pod may take to end; integer, 1 to 3600, more than `preStopSeconds`. @default 1 */
    graceSeconds?: number;
    /** Pods that an eviction must leave; integer, 0 to `replicas`. @default no PodDisruptionBudget */
    minAvailable?: number;
}

/** {@link AvailabilityArgs} with the defaults filled in; no probe and no budget stay absent. */
export type Availability = Required<Omit<AvailabilityArgs, "readiness" | "liveness" | "minAvailable">> &
    Pick<AvailabilityArgs, "readiness" | "liveness" | "minAvailable">;

/** Fills in the defaults; {@link availabilityProblems} checks the result. */
export function resolveAvailability(args: AvailabilityArgs = {}): Availability {
    // A Pod has nothing to finish, and an old and a new one running at once would disturb each other.
    return { replicas: 1, update: "Recreate", preStopSeconds: 0, graceSeconds: 1, ...args };
}

/** What is wrong with each setting. */
export function availabilityProblems(availability: Availability): (string | undefined)[] {
    const { replicas, update, readiness, liveness, preStopSeconds, graceSeconds, minAvailable } = availability;
    return [
        integerBetween("availability.replicas", replicas, 1, 100),
        ...updateProblems(update),
        ...probeProblems("availability.readiness", readiness),
        ...probeProblems("availability.liveness", liveness),
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

const probeDefaults = { periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 3 } as const;

/** The part of a Deployment that replaces its Pods. */
export function replacement({ replicas, update }: Availability) {
    const strategy = update === "Recreate" ? { type: update } : { type: "RollingUpdate", rollingUpdate: { ...update } };
    return { replicas, strategy };
}

/**
 * The part of a container that is looked at, and notified of its end.
 * @param port of its agent, which answers whether it serves
 */
export function watchedContainer({ readiness, liveness, preStopSeconds }: Availability, port: number) {
    const probe = (args: ProbeArgs) => ({ httpGet: { path: "/healthz", port }, ...probeDefaults, ...args });
    return {
        ...(readiness && { readinessProbe: probe(readiness) }),
        ...(liveness && { livenessProbe: probe(liveness) }),
        ...(preStopSeconds > 0 && { lifecycle: { preStop: { exec: { command: pause(preStopSeconds) } } } }),
    };
}

/** Does nothing for a while. Kubernetes has an action for this only since 1.30. */
function pause(seconds: number): string[] {
    return ["node", "--eval", `setTimeout(() => {}, ${1000 * seconds})`];
}

/** The budget of a Deployment's Pods, if there is one. */
export function disruptionBudget(
    name: string,
    { minAvailable }: Availability,
    metadata: { namespace: pulumi.Input<string>; labels: Record<string, string> },
    matchLabels: Record<string, string>,
    opts: pulumi.CustomResourceOptions,
): void {
    if (minAvailable === undefined) return;
    const spec = { minAvailable, selector: { matchLabels } };
    new k8s.policy.v1.PodDisruptionBudget(name, { metadata: { name, ...metadata }, spec }, opts);
}
