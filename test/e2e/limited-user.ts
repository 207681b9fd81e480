import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { stringify } from "yaml";
import type { Permission } from "../../components/permissions.ts";
import { sandboxContext, sandboxKubeconfig } from "../../sandbox/cluster/cluster.ts";
import { sandboxClients } from "./support.ts";

const name = "hopcost-limited";
const home = "default";

/**
 * A kubeconfig of the sandbox, with the usual context name, for a user with only these permissions, in all namespaces.
 * @param folder folder of the file
 * @returns the file's path
 */
export async function limitedUser(folder: string, permissions: readonly Permission[]): Promise<string> {
    const { core, rbac } = sandboxClients();
    const rules = permissions.map(({ verb, group, resource }) => {
        return { apiGroups: [group], resources: [resource], verbs: [verb] };
    });
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name };
    const subjects = [{ kind: "ServiceAccount", name, namespace: home }];
    await core.createNamespacedServiceAccount({ namespace: home, body: { metadata: { name } } });
    await rbac.createClusterRole({ body: { metadata: { name }, rules } });
    await rbac.createClusterRoleBinding({ body: { metadata: { name }, roleRef, subjects } });
    const body = { spec: { audiences: [], expirationSeconds: 3600 } };
    const { status } = await core.createNamespacedServiceAccountToken({ namespace: home, name, body });
    const admin = new KubeConfig();
    admin.loadFromFile(sandboxKubeconfig);
    const cluster = admin.getCurrentCluster();
    const path = join(folder, "limited.yaml");
    const config = {
        clusters: [{ name, cluster: { server: cluster?.server, "certificate-authority-data": cluster?.caData } }],
        users: [{ name, user: { token: status?.token } }],
        contexts: [{ name: sandboxContext, context: { cluster: name, user: name } }],
    };
    writeFileSync(path, stringify(config));
    return path;
}

/** Removes the user again. */
export async function removeLimitedUser(): Promise<void> {
    const { core, rbac } = sandboxClients();
    await rbac.deleteClusterRoleBinding({ name });
    await rbac.deleteClusterRole({ name });
    await core.deleteNamespacedServiceAccount({ namespace: home, name });
}
