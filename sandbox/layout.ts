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
/** Addresses of one family. Pods and Services have theirs only inside the nodes' network namespaces. */
export interface Addresses {
    /** Of the nodes, the only range the host sees. */
    nodes: string;
    /** Bits of that range's prefix. */
    length: number;
    /** The host's own on the bridge. */
    host: string;
    pods: string;
    services: string;
    /** The Service of the cluster DNS. */
    dns: string;
    /** @param number of the node, from 1 */
    ofNode: (number: number) => { address: string; podCidr: string };
}

const addresses = {
    // The nodes are in the block that RFC 2544 reserves for benchmarks, so that no real network uses it.
    ipv4: {
        nodes: "198.19.213.0/24",
        length: 24,
        host: "198.19.213.1",
        pods: "10.244.0.0/16",
        services: "10.96.0.0/16",
        dns: "10.96.0.10",
        ofNode: (number) => ({ address: `198.19.213.${10 + number}`, podCidr: `10.244.${number}.0/24` }),
    },
    // Unique local addresses, RFC 4193, with the numbers of the IPv4 ones.
    ipv6: {
        nodes: "fd00:198:19:213::/64",
        length: 64,
        host: "fd00:198:19:213::1",
        pods: "fd00:10:244::/48",
        services: "fd00:10:96::/112",
        dns: "fd00:10:96::a",
        ofNode: (number) => ({ address: `fd00:198:19:213::${10 + number}`, podCidr: `fd00:10:244:${number}::/64` }),
    },
} satisfies Record<string, Addresses>;

/** Which addresses nodes, Pods and Services have; `dual`: both, and IPv4 first. */
export const ipFamilies = ["ipv4", "ipv6", "dual"] as const;
export type IpFamily = (typeof ipFamilies)[number];

/** The addresses of a cluster, the preferred family first. */
export function addressesOf(family: IpFamily): [Addresses, ...Addresses[]] {
    return family === "dual" ? [addresses.ipv4, addresses.ipv6] : [addresses[family]];
}

/** Parent cgroup of the whole sandbox, in every hierarchy. */
export const rootCgroup = "hopcost-sandbox";
/** Port of the API server on the control node's address. */
export const apiPort = 6443;

/** One node of the cluster: its own names, addresses and folders. */
export interface NodeDescription {
    /** From 1, which is the control node. */
    number: number;
    name: string;
    /** That of the whole cluster. */
    family: IpFamily;
    /** Its addresses for other nodes, one per family, the preferred first; the control node's also for the host. */
    addresses: readonly [string, ...string[]];
    /** Addresses of its Pods, one range per family. */
    podCidrs: readonly string[];
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
export function describeNode(number: number, family: IpFamily = "ipv4"): NodeDescription {
    const name = `hopcost-node-${number}`;
    const [first, ...others] = addressesOf(family).map(({ ofNode }) => ofNode(number));
    if (first === undefined) throw new Error("a family has addresses");
    return {
        number,
        name,
        family,
        addresses: [first.address, ...others.map(({ address }) => address)],
        podCidrs: [first, ...others].map(({ podCidr }) => podCidr),
        link: `hopcost${number}`,
        cgroup: `${rootCgroup}/${name}`,
        folder: join(stateFolder, name),
    };
}

/** The ranges of a cluster as its programs take them: of each family, joined by a comma. */
export function rangesOf(family: IpFamily, of: "pods" | "services"): string {
    return addressesOf(family)
        .map((addresses) => addresses[of])
        .join(",");
}

/** How many nodes a sandbox can have. */
export type NodeCount = 1 | 2;
/** The node with the control plane: its names and folders, which are the same in every family. */
export const controlNode: NodeDescription = describeNode(1);
