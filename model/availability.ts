/** How the Pods of the responder are kept running, replaced and ended: settings, and the parts of a manifest that follow. */

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
    /** Copies of the Pod; integer, 0 to 100. 0 also removes the sender's Pod. @default 1 */
    replicas?: number;
    /** How a change replaces Pods: `Recreate` ends the old ones first. @default "Recreate" */
    update?: "Recreate" | RollingUpdate;
    /** Waits for a container to start. @default every second, 5 s for an answer, for `startSeconds` */
    startup?: ProbeArgs;
    /** Takes a Pod that doesn't answer out of its Service. @default no probe */
    readiness?: ProbeArgs;
    /** Restarts a container that doesn't answer. @default no probe */
    liveness?: ProbeArgs;
    /** Seconds between the decision to end a Pod and SIGTERM, in which it still serves; integer, 0 to 300. @default 0 */
    preStopSeconds?: number;
    /** Seconds that a Pod may take to end; integer, 1 to 3600, more than `preStopSeconds`. @default 1 */
    graceSeconds?: number;
    /**
     * Whether a responder that gets SIGTERM first finishes what it has begun, and takes nothing new; only one that serves
     * scenarios. @default false
     */
    drain?: boolean;
    /** Pods that an eviction must leave; integer, 0 to `replicas`. @default no PodDisruptionBudget */
    minAvailable?: number;
}

/** {@link AvailabilityArgs} with the defaults filled in; what has no default stays absent. */
export type Availability = Required<Omit<AvailabilityArgs, Absent>> & Pick<AvailabilityArgs, Absent>;
type Absent = "startup" | "readiness" | "liveness" | "minAvailable";

/** Fills in the defaults; {@link availabilityProblems} checks the result. */
export function resolveAvailability(args: AvailabilityArgs = {}): Availability {
    // A Pod has nothing to finish, and an old and a new one running at once would disturb each other.
    return { replicas: 1, update: "Recreate", preStopSeconds: 0, graceSeconds: 1, drain: false, ...args };
}

/** What {@link ProbeArgs} leaves open. */
export const probeDefaults = { periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 3 } as const;

/** The part of a Deployment that replaces its Pods. */
export function replacement({ replicas, update }: Availability) {
    const strategy = update === "Recreate" ? { type: update } : { type: "RollingUpdate", rollingUpdate: { ...update } };
    return { replicas, strategy };
}

/**
 * The part of a container that is looked at, and notified of its end.
 * @param port of its agent, which answers whether it serves
 * @param startSeconds that it may take to start
 */
export function watchedContainer(availability: Availability, port: number, startSeconds: number) {
    const starting = { periodSeconds: 1, timeoutSeconds: 5, failureThreshold: startSeconds };
    return {
        startupProbe: { httpGet: { path: "/healthz", port }, ...starting, ...availability.startup },
        ...watchedProbes(availability, port),
    };
}

/** The same without the startup probe. */
export function watchedProbes({ readiness, liveness, preStopSeconds }: Availability, port: number) {
    const probe = (path: string, args: ProbeArgs) => ({ httpGet: { path, port }, ...probeDefaults, ...args });
    return {
        ...(readiness && { readinessProbe: probe("/readyz", readiness) }),
        ...(liveness && { livenessProbe: probe("/livez", liveness) }),
        ...(preStopSeconds > 0 && { lifecycle: { preStop: { exec: { command: pause(preStopSeconds) } } } }),
    };
}

/** Does nothing for a while. Kubernetes has an action for this only since 1.30. */
function pause(seconds: number): string[] {
    return ["node", "--eval", `setTimeout(() => {}, ${1000 * seconds})`];
}
