import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
    apiPort,
    binFolder,
    componentKubeconfigs,
    type NodeDescription,
    pkiFolder,
    rangesOf,
    sandboxContext,
} from "../layout.ts";
import { etcdAddress, kubeletKubeconfig } from "./certificates.ts";
import { cniConfig, containerdConfig, kubeletConfig, kubeProxyConfig, snapshotterFor } from "./node-files.ts";

/** Programs of every node. */
export const nodePrograms = ["containerd", "kubelet", "kube-proxy", "kube-router"] as const;
/** Additional programs of the control node. */
export const controlPrograms = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"] as const;
/** Any program of the cluster. */
export type Program = (typeof nodePrograms)[number] | (typeof controlPrograms)[number];

/** By dependency: the fastest order to start several programs. */
export const startOrder: readonly Program[] = [
    "containerd",
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kube-proxy",
    "kube-router",
    "kubelet",
];

const pki = (file: string): string => join(pkiFolder, file);
const kubeconfig = (name: string): string => join(componentKubeconfigs, `${name}.conf`);
const kubernetesBin = (program: string): string => join(binFolder, "kubernetes", program);

/** Folders and configuration files of a node. */
export function writeNodeFiles(node: NodeDescription): void {
    mkdirSync(node.folder, { recursive: true });
    const files: Record<string, string> = {
        "containerd.toml": containerdConfig(node, snapshotterFor(node.folder)),
        "cni/10-hopcost.conflist": cniConfig(node),
        "kubelet.json": kubeletConfig(node),
        "kube-proxy.json": kubeProxyConfig(node, kubeconfig("kube-proxy")),
        "resolv.conf": "",
    };
    for (const folder of ["cni", "cni-addresses", "kubelet", "pod-logs", "registries", "volume-plugins"]) {
        mkdirSync(join(node.folder, folder), { recursive: true });
    }
    for (const [name, content] of Object.entries(files)) writeFileSync(join(node.folder, name), content);
}

/** The command line of a program on a node. */
export function commandLine(program: Program, node: NodeDescription): string[] {
    return commandLines[program](node);
}

const commandLines: Record<Program, (node: NodeDescription) => string[]> = {
    containerd: (node) => [join(binFolder, "runtime", "containerd"), "--config", join(node.folder, "containerd.toml")],
    etcd: (node) => [
        kubernetesBin("etcd"),
        `--data-dir=${join(node.folder, "etcd")}`,
        `--listen-client-urls=${etcdAddress}`,
        `--advertise-client-urls=${etcdAddress}`,
        "--listen-peer-urls=http://127.0.0.1:2380",
        // Its data isn't needed after the sandbox has ended.
        "--unsafe-no-fsync",
    ],
    "kube-apiserver": (node) => [
        kubernetesBin("kube-apiserver"),
        `--advertise-address=${node.addresses[0]}`,
        `--secure-port=${apiPort}`,
        `--etcd-servers=${etcdAddress}`,
        "--allow-privileged=true",
        "--authorization-mode=Node,RBAC",
        "--enable-admission-plugins=NodeRestriction",
        `--client-ca-file=${pki("ca.crt")}`,
        `--tls-cert-file=${pki("apiserver.crt")}`,
        `--tls-private-key-file=${pki("apiserver.key")}`,
        `--kubelet-client-certificate=${pki("apiserver-kubelet-client.crt")}`,
        `--kubelet-client-key=${pki("apiserver-kubelet-client.key")}`,
        "--kubelet-preferred-address-types=InternalIP",
        `--service-cluster-ip-range=${rangesOf(node.family, "services")}`,
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        `--service-account-key-file=${pki("sa.pub")}`,
        `--service-account-signing-key-file=${pki("sa.key")}`,
        `--requestheader-client-ca-file=${pki("front-proxy-ca.crt")}`,
        "--requestheader-allowed-names=front-proxy-client",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-username-headers=X-Remote-User",
        `--proxy-client-cert-file=${pki("front-proxy-client.crt")}`,
        `--proxy-client-key-file=${pki("front-proxy-client.key")}`,
    ],
    "kube-controller-manager": (node) => [
        kubernetesBin("kube-controller-manager"),
        `--kubeconfig=${kubeconfig("controller-manager")}`,
        `--authentication-kubeconfig=${kubeconfig("controller-manager")}`,
        `--authorization-kubeconfig=${kubeconfig("controller-manager")}`,
        "--bind-address=127.0.0.1",
        "--leader-elect=false",
        `--cluster-name=${sandboxContext}`,
        `--cluster-cidr=${rangesOf(node.family, "pods")}`,
        "--allocate-node-cidrs=false",
        `--client-ca-file=${pki("ca.crt")}`,
        `--root-ca-file=${pki("ca.crt")}`,
        `--cluster-signing-cert-file=${pki("ca.crt")}`,
        `--cluster-signing-key-file=${pki("ca.key")}`,
        `--requestheader-client-ca-file=${pki("front-proxy-ca.crt")}`,
        `--service-account-private-key-file=${pki("sa.key")}`,
        "--use-service-account-credentials=true",
        // With the default of 20 requests per second its own start takes four seconds.
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
        `--flex-volume-plugin-dir=${join(node.folder, "volume-plugins")}`,
    ],
    "kube-scheduler": () => [
        kubernetesBin("kube-scheduler"),
        `--kubeconfig=${kubeconfig("scheduler")}`,
        `--authentication-kubeconfig=${kubeconfig("scheduler")}`,
        `--authorization-kubeconfig=${kubeconfig("scheduler")}`,
        "--bind-address=127.0.0.1",
        "--leader-elect=false",
    ],
    kubelet: (node) => [
        kubernetesBin("kubelet"),
        `--config=${join(node.folder, "kubelet.json")}`,
        `--kubeconfig=${kubeletKubeconfig(node)}`,
        `--hostname-override=${node.name}`,
        `--node-ip=${node.addresses.join(",")}`,
        `--root-dir=${join(node.folder, "kubelet")}`,
        `--cert-dir=${join(node.folder, "kubelet-pki")}`,
    ],
    "kube-router": (node) => [
        join(binFolder, "kube-router", "kube-router"),
        `--kubeconfig=${kubeconfig("kube-router")}`,
        `--node=${node.name}`,
        `--service-cluster-ip-range=${rangesOf(node.family, "services")}`,
    ],
    "kube-proxy": (node) => [kubernetesBin("kube-proxy"), `--config=${join(node.folder, "kube-proxy.json")}`],
};
