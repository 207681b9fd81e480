import { statfsSync } from "node:fs";
import { join } from "node:path";
import { pauseImage } from "../images/images.ts";
import { addressesOf, binFolder, type NodeDescription, pkiFolder, rangesOf } from "../layout.ts";

/** Socket of a node's containerd, inside its own /run. */
export const containerdSocket = "/run/containerd/containerd.sock";

/** How containerd stores containers' files: layered, or copied if the disk itself is layered. */
export type Snapshotter = "overlayfs" | "native";

const overlayMagic = 0x794c7630;

/** The best snapshotter for an existing folder. The kernel refuses an overlay on an overlay. */
export function snapshotterFor(folder: string): Snapshotter {
    return statfsSync(folder).type === overlayMagic ? "native" : "overlayfs";
}

/** Configuration of containerd. */
export function containerdConfig(node: NodeDescription, snapshotter: Snapshotter = "overlayfs"): string {
    return `version = 2
root = "${node.folder}/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]

[grpc]
address = "${containerdSocket}"

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "${pauseImage}"
# A machine may lack CAP_SYS_RESOURCE, without which no score below the parent's can be set.
restrict_oom_score_adj = true
disable_apparmor = true
disable_hugetlb_controller = true
tolerate_missing_hugetlb_controller = true

[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "${node.folder}/registries"

[plugins."io.containerd.grpc.v1.cri".containerd]
default_runtime_name = "runc"
snapshotter = "${snapshotter}"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
BinaryName = "${binFolder}/runtime/runc"
SystemdCgroup = false

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "${binFolder}/runtime"
conf_dir = "${node.folder}/cni"
`;
}

/** Pod network of a node: one veth per Pod, routed; no bridge and no address translation. */
export function cniConfig(node: NodeDescription): string {
    const config = {
        cniVersion: "0.4.0",
        name: "hopcost",
        plugins: [
            {
                type: "ptp",
                ipMasq: false,
                ipam: {
                    type: "host-local",
                    dataDir: `${node.folder}/cni-addresses`,
                    ranges: node.podCidrs.map((subnet) => [{ subnet }]),
                    routes: node.podCidrs.map((subnet) => ({ dst: isV6(subnet) ? "::/0" : "0.0.0.0/0" })),
                },
            },
            { type: "portmap", capabilities: { portMappings: true }, snat: true },
        ],
    };
    return JSON.stringify(config, undefined, 2);
}

function isV6(range: string): boolean {
    return range.includes(":");
}

/** Configuration of the kubelet. Written as JSON, which is YAML. */
export function kubeletConfig(node: NodeDescription): string {
    const config = {
        apiVersion: "kubelet.config.k8s.io/v1beta1",
        kind: "KubeletConfiguration",
        address: node.addresses[0],
        authentication: {
            anonymous: { enabled: false },
            webhook: { enabled: true },
            x509: { clientCAFile: join(pkiFolder, "ca.crt") },
        },
        authorization: { mode: "Webhook" },
        cgroupDriver: "cgroupfs",
        cgroupRoot: `/${node.cgroup}`,
        failCgroupV1: false,
        clusterDNS: addressesOf(node.family).map(({ dns }) => dns),
        clusterDomain: "cluster.local",
        containerRuntimeEndpoint: `unix://${containerdSocket}`,
        // A full host disk must not cause evictions: what is measured is small.
        evictionHard: {
            "memory.available": "100Mi",
            "nodefs.available": "0%",
            "nodefs.inodesFree": "0%",
            "imagefs.available": "0%",
            "imagefs.inodesFree": "0%",
        },
        failSwapOn: false,
        imageGCHighThresholdPercent: 100,
        maxOpenFiles: 20_000,
        oomScoreAdj: 0,
        podLogsDir: `${node.folder}/pod-logs`,
        readOnlyPort: 0,
        resolvConf: `${node.folder}/resolv.conf`,
        rotateCertificates: false,
        shutdownGracePeriod: "0s",
        volumePluginDir: `${node.folder}/volume-plugins`,
    };
    return JSON.stringify(config, undefined, 2);
}

/** Configuration of kube-proxy. */
export function kubeProxyConfig(node: NodeDescription, kubeconfig: string): string {
    const config = {
        apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
        kind: "KubeProxyConfiguration",
        mode: "nftables",
        bindAddress: node.addresses[0],
        healthzBindAddress: "127.0.0.1:10256",
        metricsBindAddress: "127.0.0.1:10249",
        clientConnection: { kubeconfig },
        clusterCIDR: rangesOf(node.family, "pods"),
        hostnameOverride: node.name,
        // The limits of connection tracking belong to the host: 0 leaves them unchanged.
        conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    };
    return JSON.stringify(config, undefined, 2);
}

/**
 * Machine-wide sysctls that the kubelet sets when it starts, with its values. A node gets private files instead, which
 * satisfy the kubelet and leave the host's unchanged.
 */
export const kubeletSysctls: Readonly<Record<string, number>> = {
    "vm/overcommit_memory": 1,
    "vm/panic_on_oom": 0,
    "kernel/panic": 10,
    "kernel/panic_on_oops": 1,
    "kernel/keys/root_maxkeys": 1_000_000,
    "kernel/keys/root_maxbytes": 25_000_000,
};
