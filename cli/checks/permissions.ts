import { AuthorizationV1Api, type KubeConfig } from "@kubernetes/client-node";
import {
    escalation,
    type Permission,
    permissionKey,
    permissionsFor,
    permissionsGiven,
    uniquePermissions,
} from "../../components/permissions.ts";
import type { HopcostConfig } from "../../config/config.ts";
import { failure, type Outcome, ok, warning } from "./check.ts";

/** For `hopcost metrics`: a connection is a GET, for which newer servers also require the permission to create. */
const forwarding: readonly Permission[] = ["get", "create"].map((verb) => {
    return { verb, group: "", resource: "pods/portforward", clusterWide: false };
});
/** What a probe needs beyond a run. Cluster-wide, because the name of its namespace is random. */
export const probePermissions = ({ imagePullSecret }: Pick<HopcostConfig, "imagePullSecret">): Permission[] => [
    { verb: "create", group: "", resource: "namespaces", clusterWide: true },
    { verb: "delete", group: "", resource: "namespaces", clusterWide: true },
    { verb: "create", group: "batch", resource: "jobs", clusterWide: true },
    { verb: "list", group: "", resource: "pods", clusterWide: true },
    { verb: "list", group: "", resource: "events", clusterWide: true },
    ...(imagePullSecret ? [{ verb: "create", group: "", resource: "secrets", clusterWide: true }] : []),
];
/** Number of requests at the same time: each has its own connection. */
const atOnce = 8;

/** Whether the user of a context may do something. */
export type Allowed = (permission: Permission) => boolean;

/** What cluster administrators have: they need one request instead of a hundred. */
const everything: Permission = { verb: "*", group: "*", resource: "*", clusterWide: true };

/**
 * Asks the server about permissions, one request each: only these are answered reliably by every kind of authorization.
 * @throws ApiException (403) if the user isn't allowed to ask, e.g. is not logged in
 */
export async function askPermissions(
    kubeConfig: KubeConfig,
    namespace: string,
    permissions: readonly Permission[],
): Promise<Allowed> {
    const api = kubeConfig.makeApiClient(AuthorizationV1Api);
    const isAllowed = async (permission: Permission): Promise<boolean> => {
        const { verb, group, resource: path, clusterWide } = permission;
        const [resource = "", subresource] = path.split("/");
        const space = clusterWide ? {} : { namespace: permission.namespace ?? namespace };
        const where = { ...(subresource && { subresource }), ...space };
        const body = { spec: { resourceAttributes: { verb, group, resource, ...where } } };
        return (await api.createSelfSubjectAccessReview({ body })).status?.allowed ?? false;
    };
    if (await isAllowed(everything)) return () => true;
    const allowed = new Set<string>();
    const left = [...permissions];
    const askOn = async () => {
        for (let next = left.pop(); next !== undefined; next = left.pop()) {
            if (await isAllowed(next)) allowed.add(permissionKey(next));
        }
    };
    await Promise.all(Array.from({ length: atOnce }, askOn));
    return (permission) => allowed.has(permissionKey(permission));
}

/** All permissions to ask about for a stack. */
export function questionsOf(config: HopcostConfig): Permission[] {
    const all = [...permissionsFor(config), ...permissionsGiven(config), ...escalation(config)];
    return uniquePermissions([...all, ...forwarding, ...probePermissions(config)]);
}

/** Names the missing permissions of the program and the command. */
export function permissionsOutcome(config: HopcostConfig, allowed: Allowed): Outcome {
    const mayEscalate = escalation(config).every(allowed);
    const needed = [...permissionsFor(config), ...(mayEscalate ? [] : permissionsGiven(config))];
    const missing = uniquePermissions(needed).filter((it) => !allowed(it));
    if (missing.length > 0) {
        return failure(
            `You aren't allowed to ${listOf(missing, config)}`,
            `ask a cluster administrator to grant ${rulesText(missing, config.namespace)}`,
        );
    }
    const unforwarded = config.metrics === undefined ? [] : forwarding.filter((it) => !allowed(it));
    if (unforwarded.length > 0) {
        return warning(
            `You aren't allowed to ${listOf(unforwarded, config)}: hopcost metrics can't show you Prometheus`,
            `ask a cluster administrator to grant ${rulesText(unforwarded, config.namespace)}`,
        );
    }
    return ok("you have all permissions that a run needs");
}

function listOf(permissions: readonly Permission[], { namespace }: HopcostConfig): string {
    return permissions.map((it) => permissionText(it, namespace)).join(", ");
}

/** A permission in words, e.g. `create deployments.apps in namespace hopcost-dev`. */
export function permissionText(permission: Permission, namespace: string): string {
    const { verb, group, resource, clusterWide } = permission;
    const name = group === "" ? resource : `${resource}.${group}`;
    const where = clusterWide ? "in the whole cluster" : `in namespace ${permission.namespace ?? namespace}`;
    return `${verb} ${name} ${where}`;
}

/** The rules to add, a line each, grouped by the kind of role they belong to. */
function rulesText(permissions: readonly Permission[], namespace: string): string {
    const places = Map.groupBy(permissions, (it) => (it.clusterWide ? "" : (it.namespace ?? namespace)));
    // The whole cluster first, then the stack's namespace.
    const order = ["", namespace, ...[...places.keys()].filter((it) => it !== "" && it !== namespace).sort()];
    const parts = order.flatMap((place) => {
        const of = places.get(place);
        const where =
            place === ""
                ? "by a ClusterRole and ClusterRoleBinding"
                : `by a Role and RoleBinding in namespace ${place}, or a ClusterRole`;
        return of === undefined ? [] : [`${where}:${rules(of)}`];
    });
    return parts.join("\nand ");
}

function rules(permissions: readonly Permission[]): string {
    const byResource = Map.groupBy(
        permissions,
        ({ group, resource }) => `apiGroups: ["${group}"], resources: ["${resource}"]`,
    );
    const lines = [...byResource].map(([resource, of]) => {
        return `\n  - { ${resource}, verbs: [${of.map(({ verb }) => `"${verb}"`).join(", ")}] }`;
    });
    return lines.join("");
}

/** The outcome if the user isn't even allowed to ask: on every usual cluster, anyone who is logged in is. */
export function unaskedOutcome({ context }: HopcostConfig): Outcome {
    return failure(
        `Context "${context}" sends no credentials that the server accepts: you aren't allowed to query your permissions (HTTP 403)`,
        "log in again, or correct the user of the context",
    );
}
