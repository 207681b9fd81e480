import { ApiException, CustomObjectsApi, type KubeConfig } from "@kubernetes/client-node";
import { type Outcome, ok, warning } from "./check.ts";

const group = "metrics.k8s.io";
const version = "v1beta1";

/** Whether the cluster has the metrics API: without it a run has one source of figures less. */
export async function checkMetricsApi(kubeConfig: KubeConfig): Promise<Outcome> {
    const api = kubeConfig.makeApiClient(CustomObjectsApi);
    try {
        await api.getAPIResources({ group, version });
        return metricsApiOutcome(200);
    } catch (error) {
        if (error instanceof ApiException) return metricsApiOutcome(error.code);
        throw error;
    }
}

/** @param status HTTP status of the answer to the question which resources the API has */
export function metricsApiOutcome(status: number): Outcome {
    if (status === 200) return ok(`${version}.${group} answers`);
    const lost = "its figures will be unavailable in the results, all else is there";
    const remedy = "install metrics-server, or do without";
    if (status === 404) return warning(`There is no ${version}.${group}: ${lost}`, remedy);
    return warning(
        `${version}.${group} does not answer (HTTP ${status}): ${lost}`,
        `look after metrics-server: kubectl get apiservice ${version}.${group}`,
    );
}
