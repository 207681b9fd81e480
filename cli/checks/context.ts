import type { KubeConfig } from "@kubernetes/client-node";
import { Cluster, reasonOf } from "../cluster/cluster.ts";
import { contextsIn, loadKubeConfig } from "../cluster/kube-config.ts";
import { failure, type Outcome, ok } from "./check.ts";

const usual = "KUBECONFIG or ~/.kube/config";

/** Where a stack is deployed. */
interface Named {
    context: string;
    kubeconfig: string | undefined;
}

/** Opens the context of a stack. @returns the cluster where there is such a context, else only why not */
export function openContext({ context, kubeconfig }: Named): { outcome: Outcome; cluster?: Cluster } {
    let config: KubeConfig;
    let names: string[];
    try {
        config = loadKubeConfig(kubeconfig);
        names = contextsIn(config);
    } catch (error) {
        return { outcome: unreadableOutcome(kubeconfig, error) };
    }
    const at = config.getContextObject(context);
    const clusterName = at?.cluster ?? "";
    const outcome = contextOutcome({ context, kubeconfig }, names, {
        name: clusterName,
        server: config.getCluster(clusterName)?.server,
    });
    return outcome.state === "failure" ? { outcome } : { outcome, cluster: new Cluster(config, context, kubeconfig) };
}

/** What to say of a kubeconfig that is not one. */
export function unreadableOutcome(kubeconfig: string | undefined, error: unknown): Outcome {
    return failure(
        `Kubeconfig ${kubeconfig ?? `(${usual})`} can't be read (${reasonOf(error)})`,
        kubeconfig === undefined
            ? "correct it, or set KUBECONFIG or kubernetes:kubeconfig in the stack file to another one"
            : "correct kubernetes:kubeconfig in the stack file",
    );
}

/** Whether a context is among those of a kubeconfig, and says where its server is. */
export function contextOutcome(
    { context, kubeconfig }: Named,
    names: readonly string[],
    cluster: { name: string; server: string | undefined },
): Outcome {
    const file = kubeconfig ?? `the kubeconfig (${usual})`;
    if (!names.includes(context)) {
        const known = names.length > 0 ? `known contexts: ${names.join(", ")}` : "there are no contexts in it";
        return failure(`Context "${context}" is not in ${file}; ${known}`, "set kubernetes:context in the stack file");
    }
    if (!cluster.server) {
        return failure(
            `Context "${context}" is of cluster "${cluster.name}", and ${file} has no server for that`,
            "correct it, or set kubernetes:context in the stack file to another context",
        );
    }
    return ok(`"${context}" is in ${file}`);
}
