import { messageOf } from "../../model/error.ts";
import { partOfHopcost } from "../../model/names.ts";
import { parseDuration, parseQuantity } from "../../model/quantity.ts";
import type { Reading } from "../../model/reading.ts";
import type { ApiMetrics } from "../../model/trial.ts";
import { rounded } from "../../statistics/rounding.ts";
import { askSeconds } from "./breaker.ts";
import { type KubeClient, KubeError, type KubeObject } from "./kube-client.ts";
import type { Container } from "./prometheus.ts";
import type { Window } from "./scrapes.ts";

/** A `metrics.k8s.io/v1beta1` PodMetrics: figures over `window` up to `timestamp`. */
export interface PodMetrics extends KubeObject {
    /** RFC 3339, whole seconds: the API truncates fractions. */
    timestamp: string;
    /** A Go duration, e.g. `15.063s`. */
    window: string;
    /** Quantities: CPU in cores, memory in bytes. */
    containers: { name: string; usage: { cpu: string; memory: string } }[];
}

/**
 * Current metrics of all Pods of the experiment; never retried.
 * @throws Error if the cluster has no metrics API, the driver isn't allowed to use it, or it doesn't answer
 */
export async function readPodMetrics(kube: KubeClient): Promise<PodMetrics[]> {
    try {
        const once = { patienceSeconds: 0, timeoutSeconds: askSeconds };
        return await kube.list<PodMetrics>("pods.metrics.k8s.io", partOfHopcost, once);
    } catch (error) {
        if (!(error instanceof KubeError) || error.status !== 404) throw error;
        throw new Error("the cluster has no metrics API (metrics.k8s.io/v1beta1); install metrics-server to get one", {
            cause: error,
        });
    }
}

/** The metrics API's figures of a container, if their window lies within the trial. */
export function apiMetricsOver(
    window: Window,
    { pod, container }: Container,
    all: readonly PodMetrics[],
): Reading<ApiMetrics> {
    const found = all.find(({ metadata }) => metadata.name === pod);
    const usage = found?.containers.find(({ name }) => name === container)?.usage;
    if (found === undefined || usage === undefined) {
        return { unavailable: `the metrics API has no figures of container ${container} in Pod ${pod}` };
    }
    try {
        const windowSeconds = parseDuration(found.window);
        const end = Date.parse(found.timestamp) / 1000;
        if (Number.isNaN(end)) throw new Error(`"${found.timestamp}" is not a time`);
        const outside = outsideOf(window, end - windowSeconds, end);
        if (outside !== undefined) return { unavailable: outside };
        const memoryBytes = Math.round(parseQuantity(usage.memory));
        return { windowSeconds: rounded(windowSeconds), cpuCores: rounded(parseQuantity(usage.cpu)), memoryBytes };
    } catch (error) {
        return { unavailable: `the metrics API's figures of Pod ${pod}: ${messageOf(error)}` };
    }
}

/**
 * Why figures from one moment to another aren't the trial's; undefined if they are.
 * @param end truncated to whole seconds, so really up to a second later
 */
function outsideOf({ startSeconds, endSeconds }: Window, start: number, end: number): string | undefined {
    if (start >= startSeconds && end + 1 <= endSeconds) return undefined;
    const [from, to] = [start - startSeconds, end - startSeconds].map((seconds) => seconds.toFixed(1));
    const trial = (endSeconds - startSeconds).toFixed(1);
    return `the metrics API's figures are from second ${from} to ${to} of a ${trial} s trial, not entirely within it`;
}
