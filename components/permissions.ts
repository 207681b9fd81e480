import { usedBy } from "../model/arms.ts";
import { driverRules, type Rule } from "../model/driver-rules.ts";
import { armsOf } from "../model/plan.ts";
import { needBudget, scenarioRules } from "../workloads/injections/scenarios.ts";
import { claimsOf, type Wanted } from "./footprint.ts";
import { clusterRules } from "./metrics/cluster-access.ts";
import { prometheusRules } from "./metrics/prometheus.ts";

/** One verb on one resource. */
export interface Permission {
    verb: string;
    /** API group, e.g. `apps`; empty for the core one. */
    group: string;
    /** Plural, with the subresource if any, e.g. `pods/portforward`. */
    resource: string;
    /** Whether it applies to the whole cluster, or only to the stack's namespace. */
    clusterWide: boolean;
    /** Another namespace than the stack's, to which it applies. */
    namespace?: string;
}

/** A kind of object that the program creates. */
interface Kind {
    /** Pulumi's type. */
    type: string;
    group: string;
    resource: string;
    clusterWide?: boolean;
    /** Whether a stack has objects of this kind. @default always */
    when?: (wanted: Wanted) => boolean;
}

const rbac = "rbac.authorization.k8s.io";
const withMetrics = ({ metrics }: Wanted) => metrics !== undefined;
const withClusterMetrics = ({ metrics }: Wanted) => metrics?.clusterMetrics ?? false;

/** Every kind that the program creates. A test compares the list with what `index.ts` registers. */
export const kinds: readonly Kind[] = [
    { type: "kubernetes:core/v1:Namespace", group: "", resource: "namespaces", clusterWide: true },
    { type: "kubernetes:core/v1:ConfigMap", group: "", resource: "configmaps" },
    {
        type: "kubernetes:core/v1:Service",
        group: "",
        resource: "services",
        when: ({ plan, metrics }) =>
            metrics !== undefined || plan.scenarios !== undefined || usedBy(armsOf(plan)).topologies.size > 0,
    },
    { type: "kubernetes:core/v1:ServiceAccount", group: "", resource: "serviceaccounts" },
    {
        type: "kubernetes:core/v1:PersistentVolumeClaim",
        group: "",
        resource: "persistentvolumeclaims",
        when: (wanted) => claimsOf(wanted).length > 0,
    },
    {
        type: "kubernetes:core/v1:Secret",
        group: "",
        resource: "secrets",
        when: ({ imagePullSecret }) => imagePullSecret !== undefined,
    },
    { type: "kubernetes:apps/v1:Deployment", group: "apps", resource: "deployments" },
    { type: "kubernetes:batch/v1:Job", group: "batch", resource: "jobs" },
    { type: "kubernetes:networking.k8s.io/v1:NetworkPolicy", group: "networking.k8s.io", resource: "networkpolicies" },
    {
        type: "kubernetes:policy/v1:PodDisruptionBudget",
        group: "policy",
        resource: "poddisruptionbudgets",
        when: ({ plan }) => needBudget(plan.scenarios?.names ?? []),
    },
    { type: `kubernetes:${rbac}/v1:Role`, group: rbac, resource: "roles" },
    { type: `kubernetes:${rbac}/v1:RoleBinding`, group: rbac, resource: "rolebindings" },
    {
        type: `kubernetes:${rbac}/v1:ClusterRole`,
        group: rbac,
        resource: "clusterroles",
        clusterWide: true,
        when: withClusterMetrics,
    },
    {
        type: `kubernetes:${rbac}/v1:ClusterRoleBinding`,
        group: rbac,
        resource: "clusterrolebindings",
        clusterWide: true,
        when: withClusterMetrics,
    },
];

/**
 * What Pulumi does with an object: reads it, applies it server-side (which needs both `create` and `patch`), and
 * deletes it. Without `list` and `watch` it would wait ten minutes for the deletion.
 */
const objectVerbs = ["get", "list", "watch", "create", "patch", "delete"];
/** What Pulumi also watches while it waits for Deployments and the Job. */
const watched = [
    { group: "", resource: "pods" },
    { group: "", resource: "persistentvolumeclaims" },
    { group: "apps", resource: "replicasets" },
];

/** What a user must be allowed to do for a stack: all API calls of the program and the command. */
export function permissionsFor(wanted: Wanted): Permission[] {
    const made = kinds.filter(({ when }) => when?.(wanted) ?? true);
    return uniquePermissions([
        ...made.flatMap(({ group, resource, clusterWide = false }) =>
            objectVerbs.map((verb) => ({ verb, group, resource, clusterWide })),
        ),
        ...watched.flatMap((it) => ["list", "watch"].map((verb) => ({ verb, ...it, clusterWide: false }))),
        ...elsewhere(wanted),
    ]);
}

/** What the program reads in other namespaces. */
function elsewhere({ imagePullSecret, apiServerPort }: Wanted): Permission[] {
    const get = { verb: "get", clusterWide: false };
    return [
        ...(apiServerPort === undefined
            ? [{ ...get, group: "discovery.k8s.io", resource: "endpointslices", namespace: "default" }]
            : []),
        ...(imagePullSecret === undefined
            ? []
            : [{ ...get, group: "", resource: "secrets", namespace: imagePullSecret.namespace }]),
    ];
}

/**
 * What the Roles of a stack allow. Kubernetes refuses to create or bind a Role that allows more than its creator may
 * do, unless the creator has {@link escalation}.
 */
export function permissionsGiven(wanted: Wanted): Permission[] {
    const inNamespace = [
        ...driverRules,
        ...scenarioRules(wanted.plan.scenarios?.names ?? []),
        ...(withMetrics(wanted) ? prometheusRules : []),
    ];
    return uniquePermissions([
        ...inNamespace.flatMap((rule) => permissionsOf(rule, false)),
        ...(withClusterMetrics(wanted) ? clusterRules.flatMap((rule) => permissionsOf(rule, true)) : []),
    ]);
}

/** With both verbs on Roles (and on ClusterRoles, if the stack has one) users can grant permissions they don't have. */
export function escalation(wanted: Wanted): Permission[] {
    const roles = [
        { resource: "roles", clusterWide: false },
        ...(withClusterMetrics(wanted) ? [{ resource: "clusterroles", clusterWide: true }] : []),
    ];
    return roles.flatMap((it) => ["escalate", "bind"].map((verb) => ({ verb, group: rbac, ...it })));
}

function permissionsOf({ apiGroups, resources, verbs }: Rule, clusterWide: boolean): Permission[] {
    return apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => ({ verb, group, resource, clusterWide }))),
    );
}

/** Without duplicates. */
export function uniquePermissions(permissions: Permission[]): Permission[] {
    return [...new Map(permissions.map((it) => [permissionKey(it), it])).values()];
}

/** Unique for each permission. */
export function permissionKey({ verb, group, resource, clusterWide, namespace = "" }: Permission): string {
    return `${verb} ${group}/${resource} ${clusterWide} ${namespace}`;
}
