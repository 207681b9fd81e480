import { ApiException, CustomObjectsApi, type KubeConfig } from "@kubernetes/client-node";
import { type Outcome, ok, warning } from "./check.ts";

const group = "metrics.k8s.io";
const version = "v1beta1";

/** Whether the cluster has the metrics API: without it a run has one source of figures fewer. */
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

/** @param status HTTP status of the request for the API's resources */
export function metricsApiOutcome(status: number): Outcome {
    if (status === 200) return ok(`${version}.${group} answers`);
    const lost = "its figures will be unavailable in the results, everything else is measured";
    const remedy = "install metrics-server, or run without it";
    if (status === 404) return warning(`There is no ${version}.${group}: ${lost}`, remedy);
    return warning(
        `${version}.${group} does not answer (HTTP ${status}): ${lost}`,
        `check metrics-server: kubectl get apiservice ${version}.${group}`,
    );
}
