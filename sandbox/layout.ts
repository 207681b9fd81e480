import { join } from "node:path";

/** Name of the context in the sandbox's kubeconfig, and of the cluster in it. */
export const sandboxContext = "hopcost-sandbox";
/** Everything the sandbox writes outside the cache; there is one sandbox per machine, shared by all checkouts. */
export const stateFolder = "/var/lib/hopcost/sandbox";
/** The kubeconfig that reaches the sandbox from the host. */
export const sandboxKubeconfig = join(stateFolder, "kubeconfig.yaml");
/** Lock held while the sandbox starts or stops. Outside the state folder, which `down` removes; gone after a reboot. */
export const sandboxLock = "/run/hopcost-sandbox.lock";
/** Which process holds the namespaces of which node. */
export const stateFile = join(stateFolder, "state.json");
/** Keys and certificates of the cluster. */
export const pkiFolder = join(stateFolder, "pki");
/** One log file per process. */
export const logFolder = join(stateFolder, "logs");
/** The kubeconfig files of the cluster's own components. */
export const componentKubeconfigs = join(stateFolder, "kubeconfigs");
/** The data of the cluster's volumes, which outlive the nodes they are on. */
export const volumesFolder = join(stateFolder, "volumes");
/** Path of the cache's binaries inside the nodes, wherever the cache is. */
export const binFolder = join(stateFolder, "bin");

/** Bridge on the host to which the control node is connected. */
export const bridge = "hopcost0";
/** The bridge's alias, which marks it as ours. */
export const bridgeAlias = "hopcost sandbox";
/**
 * Address range of the nodes, the only one the host sees; from the block that RFC 2544 reserves for benchmarks, so that
 * no real network uses it.
 */
export const nodeRange = { prefix: "198.19.213", length: 24 } as const;
/** The host's own address on the bridge. */
export const hostAddress = `${nodeRange.prefix}.1`;
/** Addresses of all Pods; exists only inside the nodes' network namespaces. */
export const podRange = "10.244.0.0/16";
/** Addresses of Services; exists only inside the nodes' network namespaces. */
export const serviceRange = "10.96.0.0/16";
/** Service address of the cluster DNS. */
export const dnsAddress = "10.96.0.10";
/** Parent cgroup of the whole sandbox, in every hierarchy. */
export const rootCgroup = "hopcost-sandbox";
/** Port of the API server on the control node's address. */
export const apiPort = 6443;

/** One node of the cluster: its own names, addresses and folders. */
export interface NodeDescription {
    /** From 1, which is the control node. */
    number: number;
    name: string;
    /** Its address for other nodes; the control node's also for the host. */
    address: string;
    /** Addresses of its Pods, a part of {@link podRange}. */
    podCidr: string;
    /**
     * Other end of its link: on the bridge for the control node, in the control node for others; at most 15 characters.
     */
    link: string;
    /** Cgroup of the node: its daemons in `system`, its Pods in `kubepods`. */
    cgroup: string;
    /** Folder with all its files. */
    folder: string;
}

/** The node with this number, from 1. Node 1 also runs the control plane. */
export function describeNode(number: number): NodeDescription {
    const name = `hopcost-node-${number}`;
    return {
        number,
        name,
        address: `${nodeRange.prefix}.${10 + number}`,
        podCidr: `10.244.${number}.0/24`,
        link: `hopcost${number}`,
        cgroup: `${rootCgroup}/${name}`,
        folder: join(stateFolder, name),
    };
}

/** How many nodes a sandbox can have. */
export type NodeCount = 1 | 2;
/** The node with the control plane. */
export const controlNode: NodeDescription = describeNode(1);
/** Address of the API server, from the host and from the nodes. */
export const apiServer = `https://${controlNode.address}:${apiPort}`;
