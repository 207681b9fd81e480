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

/** Opens the context of a stack. @returns the cluster if there is such a context, else only why not */
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

/** The outcome for an unreadable kubeconfig. */
export function unreadableOutcome(kubeconfig: string | undefined, error: unknown): Outcome {
    return failure(
        `Kubeconfig ${kubeconfig ?? `(${usual})`} can't be read (${reasonOf(error)})`,
        kubeconfig === undefined
            ? "correct it, or point KUBECONFIG or kubernetes:kubeconfig in the stack file at another one"
            : "correct kubernetes:kubeconfig in the stack file",
    );
}

/** Whether a kubeconfig has a context, and a server for it. */
export function contextOutcome(
    { context, kubeconfig }: Named,
    names: readonly string[],
    cluster: { name: string; server: string | undefined },
): Outcome {
    const file = kubeconfig ?? `the kubeconfig (${usual})`;
    if (!names.includes(context)) {
        const known = names.length > 0 ? `known contexts: ${names.join(", ")}` : "it has no contexts";
        return failure(`Context "${context}" is not in ${file}; ${known}`, "set kubernetes:context in the stack file");
    }
    if (!cluster.server) {
        return failure(
            `Context "${context}" uses cluster "${cluster.name}", but ${file} has no server for that cluster`,
            "correct it, or set kubernetes:context in the stack file to another context",
        );
    }
    return ok(`"${context}" is in ${file}`);
}
