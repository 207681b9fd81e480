import { ApisApi, CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { orNotPermitted, orNull } from "./view.ts";

/** Whether a cluster adds nodes if Pods don't fit: Karpenter or the Cluster Autoscaler is there, as far as the user may see. */
export async function addsNodes(kubeConfig: KubeConfig): Promise<boolean> {
    const status = { namespace: "kube-system", name: "cluster-autoscaler-status" };
    const [apis, autoscaler] = await Promise.all([
        orNotPermitted(kubeConfig.makeApiClient(ApisApi).getAPIVersions()),
        orNotPermitted(orNull(kubeConfig.makeApiClient(CoreV1Api).readNamespacedConfigMap(status))),
    ]);
    return (apis?.groups.some(({ name }) => name === "karpenter.sh") ?? false) || Boolean(autoscaler);
}
