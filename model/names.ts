/** Names and labels of the objects through which the cluster side and the outside communicate. */

/** Labels of every hopcost object; they select its Pods. */
export const partOfHopcost = { "app.kubernetes.io/part-of": "hopcost" };
/** The same labels as a selector. */
export const ofHopcost = Object.entries(partOfHopcost).flat().join("=");
/** Label with the run id, on every object the driver writes. */
export const runIdLabel = "hopcost.io/run-id";
/**
 * Label of a Pod that a scenario evicts, with its instance's name: the Pod that replaces it must go to another node, as if this
 * one were drained.
 */
export const drainedLabel = "hopcost.io/drained";
/** On every Pod and object of the instances that scenarios hurt; policies and `hopcost doctor` know them by it. */
export const scenarioLabel = { "hopcost.io/scenario": "true" };
/** Label with the kind of the object: `trial`, `injection`, `progress` or `results`. */
export const kindLabel = "hopcost.io/kind";

/** ConfigMap of one journal entry: data `trial.json` (a Trial) and `sha256` (hex, of `trial.json`). */
export function trialName(runId: string, index: number): string {
    return `hopcost-${runId}-trial-${String(index).padStart(4, "0")}`;
}

/** ConfigMap of an injection's journal entry: data `injection.json` (an Injection) and `sha256` (hex, of `injection.json`). */
export function injectionName(runId: string, index: number): string {
    return `hopcost-${runId}-injection-${String(index).padStart(4, "0")}`;
}

/** ConfigMap of the live progress: data `progress.json` (a Progress). */
export function progressName(runId: string): string {
    return `hopcost-${runId}-progress`;
}

/** ConfigMap of the results: data `results.json` (a Results), `sha256` (hex, of `results.json`), `complete` (`true` or `false`). */
export function resultsName(runId: string): string {
    return `hopcost-${runId}-results`;
}

/** ConfigMap of the schedule of an instance that serves scenarios: data `schedule.json` (see workloads/scenario/api.ts). */
export function scheduleName(instance: string): string {
    return `${instance}-schedule`;
}

/** The Job of a run. */
export function jobName(runId: string): string {
    return `hopcost-${runId}`;
}

/** ConfigMap of the plan: data `plan.json` (a Plan). */
export function planName(runId: string): string {
    return `${jobName(runId)}-plan`;
}

/** Lease held by the driver of a run while it works. */
export function leaseName(runId: string): string {
    return `hopcost-${runId}`;
}

/** Pattern of a DNS label (RFC 1123), as names of namespaces and Services are. @param most characters, 2 or more */
export function dnsLabelPattern(most = 63): string {
    return `^[a-z0-9]([-a-z0-9]{0,${most - 2}}[a-z0-9])?$`;
}

/** Name of a namespace. */
export const namespacePattern = new RegExp(dnsLabelPattern());

/** Name of a Kubernetes object: what is allowed for most kinds. */
export const objectNamePattern = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
