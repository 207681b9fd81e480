import {
    ApiException,
    CoreV1Api,
    StorageV1Api,
    type V1LimitRange,
    type V1Namespace,
    type V1Node,
    type V1Pod,
    type V1ResourceQuota,
    type V1StorageClass,
} from "@kubernetes/client-node";
import type { HopcostConfig } from "../../config/config.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { type Allowed, askPermissions, questionsOf } from "./permissions.ts";

/** What matters to a stack in a cluster. Each is undefined if the user isn't allowed to read it (HTTP 403). */
export interface View {
    allowed: Promise<Allowed | undefined>;
    /** The stack's; null if it doesn't exist. */
    namespace: Promise<V1Namespace | null | undefined>;
    /** Those in the stack's namespace. */
    quotas: Promise<V1ResourceQuota[] | undefined>;
    limitRanges: Promise<V1LimitRange[] | undefined>;
    nodes: Promise<V1Node[] | undefined>;
    /** Those that have not ended, of all namespaces. */
    pods: Promise<V1Pod[] | undefined>;
    storageClasses: Promise<V1StorageClass[] | undefined>;
}

/** Requests everything at once. A request that fails rejects its own promise. */
export function viewOf({ kubeConfig }: Cluster, config: HopcostConfig): View {
    const { namespace } = config;
    const core = kubeConfig.makeApiClient(CoreV1Api);
    const view = {
        namespace: orNotPermitted(orNull(core.readNamespace({ name: namespace }))),
        quotas: orNotPermitted(itemsOf(core.listNamespacedResourceQuota({ namespace }))),
        limitRanges: orNotPermitted(itemsOf(core.listNamespacedLimitRange({ namespace }))),
        nodes: orNotPermitted(itemsOf(core.listNode())),
        pods: orNotPermitted(itemsOf(core.listPodForAllNamespaces({ fieldSelector: unfinished }))),
        storageClasses: orNotPermitted(itemsOf(kubeConfig.makeApiClient(StorageV1Api).listStorageClass())),
        allowed: orNotPermitted(askPermissions(kubeConfig, namespace, questionsOf(config))),
    };
    for (const look of Object.values(view)) look.catch(() => {}); // nobody may be awaiting it yet
    return view;
}

const unfinished = "status.phase!=Succeeded,status.phase!=Failed";

async function itemsOf<T>(list: Promise<{ items: T[] }>): Promise<T[]> {
    return (await list).items;
}

/** The answer to a request; undefined if it is not permitted. */
export async function orNotPermitted<T>(request: Promise<T>): Promise<T | undefined> {
    try {
        return await request;
    } catch (error) {
        if (error instanceof ApiException && error.code === 403) return undefined;
        throw error;
    }
}

/** The answer to a request; null if there is no such object. */
export async function orNull<T>(request: Promise<T>): Promise<T | null> {
    try {
        return await request;
    } catch (error) {
        if (error instanceof ApiException && error.code === 404) return null;
        throw error;
    }
}
