import { join } from "node:path";

/** Name of the context in the sandbox's kubeconfig, and of the cluster in it. */
export const sandboxContext = "hopcost-sandbox";
/** Everything the sandbox writes outside the cache; there is one sandbox per machine, shared by all checkouts. */
export const stateFolder = "/var/lib/hopcost/sandbox";
/** The kubeconfig that reaches the sandbox from the host. */
export const sandboxKubeconfig = join(stateFolder, "kubeconfig.yaml");
/** Taken while the sandbox is started or stopped. Outside the state, which `down` removes, and gone after a reboot. */
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
/** Where the binaries of the cache appear inside the nodes, whatever the cache's own path is. */
export const binFolder = join(stateFolder, "bin");

/** Bridge on the host to which the control node is connected. */
export const bridge = "hopcost0";
/** Written into the bridge's alias, by which it is known as ours. */
export const bridgeAlias = "hopcost sandbox";
/**
 * Range of the nodes, the only one the host sees; from the trial that RFC 2544 reserves for benchmarks, so that
 * nobody's network has it.
 */
export const nodeRange = { prefix: "198.19.213", length: 24 } as const;
/** The host's own address on the bridge. */
export const hostAddress = `${nodeRange.prefix}.1`;
/** Addresses of all Pods; exists inside the nodes' network namespaces only. */
export const podRange = "10.244.0.0/16";
/** Addresses of Services; exists inside the nodes' network namespaces only. */
export const serviceRange = "10.96.0.0/16";
/** Service address of the cluster DNS. */
export const dnsAddress = "10.96.0.10";
/** Cgroup below which everything of the sandbox runs, in every hierarchy. */
export const rootCgroup = "hopcost-sandbox";
/** Port of the API server on the control node's address. */
export const apiPort = 6443;

/** One node of the cluster: names, addresses and folders that no other node has. */
export interface NodeDescription {
    /** From 1, which is the control node. */
    number: number;
    name: string;
    /** Its address for the other nodes, and the control node's for the host. */
    address: string;
    /** Addresses of its Pods, a part of {@link podRange}. */
    podCidr: string;
    /** Other end of its link: on the bridge for the control node, in the control node for any other; at most 15 characters. */
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
