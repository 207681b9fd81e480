import { Cluster, reasonOf } from "../cluster/cluster.ts";
import { loadKubeConfig } from "../cluster/kube-config.ts";
import type { KubectlConfig } from "../cluster/kube-user.ts";
import { failure, type Outcome, ok } from "./check.ts";

const usual = "KUBECONFIG or ~/.kube/config";

/** Where a stack is deployed. */
interface Named {
    context: string;
    kubeconfig: string | undefined;
}

/** What a context refers to. */
interface Used {
    cluster: { name: string; server: string | undefined };
    user: { name: string; isThere: boolean };
}

/** Opens the context of a stack. @returns the cluster if there is such a context, else only why not */
export function openContext({ context, kubeconfig }: Named): { outcome: Outcome; cluster?: Cluster } {
    let config: KubectlConfig;
    try {
        config = loadKubeConfig(kubeconfig);
    } catch (error) {
        return { outcome: unreadableOutcome(kubeconfig, error) };
    }
    const at = config.getContextObject(context);
    const names = config.getContexts().map(({ name }) => name);
    const clusterName = at?.cluster ?? "";
    const outcome = contextOutcome({ context, kubeconfig }, names, {
        cluster: { name: clusterName, server: config.getCluster(clusterName)?.server },
        user: { name: at?.user ?? "", isThere: !at?.user || config.getUser(at.user) !== null },
    });
    return outcome.state === "failure" ? { outcome } : { outcome, cluster: new Cluster(config, context, kubeconfig) };
}

/** The outcome for an unreadable kubeconfig. */
export function unreadableOutcome(kubeconfig: string | undefined, error: unknown): Outcome {
    return failure(
        `Kubeconfig ${kubeconfig ?? `(${usual})`} can't be read (${reasonOf(error)})`,
        kubeconfig === undefined
            ? "correct it, or name another one: KUBECONFIG, --kubeconfig, or kubernetes:kubeconfig in the stack file"
            : "correct it, or name another one: --kubeconfig, or kubernetes:kubeconfig in the stack file",
    );
}

/** Whether a kubeconfig has a context, and a server for it. */
export function contextOutcome(
    { context, kubeconfig }: Named,
    names: readonly string[],
    { cluster, user }: Used,
): Outcome {
    const file = kubeconfig ?? `the kubeconfig (${usual})`;
    if (!names.includes(context)) {
        const known = names.length > 0 ? `known contexts: ${names.join(", ")}` : "it has no contexts";
        return failure(
            `Context "${context}" is not in ${file}; ${known}`,
            "choose one with --context, or set kubernetes:context in the stack file",
        );
    }
    if (!cluster.server) {
        return failure(
            `Context "${context}" uses cluster "${cluster.name}", but ${file} has no server for that cluster`,
            "correct it, or choose another context: --context, or kubernetes:context in the stack file",
        );
    }
    if (!user.isThere) {
        return failure(
            `Context "${context}" uses user "${user.name}", but ${file} has no such user`,
            "correct it, or choose another context: --context, or kubernetes:context in the stack file",
        );
    }
    return ok(`"${context}" is in ${file}`);
}
