import { type RolloutAdvice, rolloutGraceSeconds, type Switch, switches, updates } from "../../model/rollouts.ts";

const { maxSurge, maxUnavailable } = updates.surge;
const { periodSeconds, failureThreshold } = switches.ready.readiness;

/** What sets each setting in the manifest of a Deployment, below a comment that says where; YAML as Kubernetes reads it. */
const lines = {
    surge: [
        "# spec of the Deployment",
        `strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: ${maxSurge}, maxUnavailable: ${maxUnavailable}}}`,
    ],
    ready: [
        "# container; path and port of your own",
        `readinessProbe: {httpGet: {path: /readyz, port: 8080}, periodSeconds: ${periodSeconds}, failureThreshold: ${failureThreshold}}`,
    ],
    preStop: [
        "# container; Kubernetes 1.30 or later",
        `lifecycle: {preStop: {sleep: {seconds: ${switches.preStop.preStopSeconds}}}}`,
    ],
    drain: [
        "# spec of the Pod template; longer than preStop and draining. At SIGTERM, your code takes nothing new and finishes",
        `terminationGracePeriodSeconds: ${rolloutGraceSeconds}`,
    ],
    sidecar: [
        "# spec of the Pod template, with the rest of the reader's container; Kubernetes 1.29 or later",
        "initContainers: [{name: reader, restartPolicy: Always}]",
    ],
} as const satisfies Record<"surge" | Switch | "sidecar", readonly string[]>;
/** A setting that has YAML. */
export type AdvisedSetting = keyof typeof lines;

/** The YAML of some settings, in the order given; lines joined by `\n`. */
export function yamlOf(settings: readonly AdvisedSetting[]): string {
    return settings.flatMap((setting) => lines[setting]).join("\n");
}

/** Advice with the same YAML together, in the order of its first sentence; formats show the YAML once. */
export function adviceByYaml(advice: readonly RolloutAdvice[] = []): { texts: string[]; yaml: string }[] {
    return [...Map.groupBy(advice, ({ yaml }) => yaml)].map(([yaml, group]) => ({
        yaml,
        texts: group.map(({ text }) => text),
    }));
}
