import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { SandboxError } from "../errors.ts";
import {
    apiPort,
    componentKubeconfigs,
    type NodeDescription,
    pkiFolder,
    rangesOf,
    sandboxContext,
    sandboxKubeconfig,
    stateFolder,
} from "../layout.ts";
import { kubernetesVersion } from "../toolchain/go-builds.ts";

/** Address of etcd: on the control node's loopback, which restricted Pods can't reach. */
export const etcdAddress = "http://127.0.0.1:2379";
const kubeadmConfigFile = join(stateFolder, "kubeadm.yaml");

/** How the administrator reaches the API server; certificates and key are PEM. */
export interface Credentials {
    /** Address, e.g. `https://198.19.213.11:6443`. */
    server: string;
    ca: string;
    cert: string;
    key: string;
}

/** Configuration of kubeadm, which only creates keys, certificates and kubeconfig files here. */
export function kubeadmConfig(control: NodeDescription): string {
    const init = {
        apiVersion: "kubeadm.k8s.io/v1beta4",
        kind: "InitConfiguration",
        localAPIEndpoint: { advertiseAddress: control.addresses[0], bindPort: apiPort },
        nodeRegistration: { name: control.name, criSocket: "unix:///run/containerd/containerd.sock" },
    };
    const cluster = {
        apiVersion: "kubeadm.k8s.io/v1beta4",
        kind: "ClusterConfiguration",
        clusterName: sandboxContext,
        kubernetesVersion: `v${kubernetesVersion}`,
        certificatesDir: pkiFolder,
        encryptionAlgorithm: "ECDSA-P256",
        etcd: { external: { endpoints: [etcdAddress] } },
        networking: {
            podSubnet: rangesOf(control.family, "pods"),
            serviceSubnet: rangesOf(control.family, "services"),
            dnsDomain: "cluster.local",
        },
    };
    return `${JSON.stringify(init, undefined, 2)}\n---\n${JSON.stringify(cluster, undefined, 2)}\n`;
}

/** Creates all keys, certificates and kubeconfig files of the cluster except the kubelets', anew at every start. */
export async function makeCertificates(control: NodeDescription, kubernetes: string): Promise<Credentials> {
    writeFileSync(kubeadmConfigFile, kubeadmConfig(control));
    mkdirSync(componentKubeconfigs, { recursive: true, mode: 0o700 });
    await kubeadm(kubernetes, "init", "phase", "certs", "all");
    await Promise.all([
        kubeadm(kubernetes, "init", "phase", "kubeconfig", "all", "--kubeconfig-dir", componentKubeconfigs),
        ...["kube-proxy", "kube-router"].map((name) =>
            makeKubeconfig(kubernetes, join(componentKubeconfigs, `${name}.conf`), ["--client-name", `system:${name}`]),
        ),
    ]);
    const credentials = credentialsIn(readFileSync(join(componentKubeconfigs, "super-admin.conf"), "utf8"));
    writeFileSync(sandboxKubeconfig, renderKubeconfig(credentials), { mode: 0o600 });
    return credentials;
}

/** The kubeconfig that identifies a node's kubelet. */
export function kubeletKubeconfig(node: NodeDescription): string {
    return join(node.folder, "kubelet.conf");
}

/** Creates the kubeconfig of a node's kubelet; the cluster's certificates must exist. */
export async function makeKubeletKubeconfig(node: NodeDescription, kubernetes: string): Promise<void> {
    const user = ["--client-name", `system:node:${node.name}`, "--org", "system:nodes"];
    await makeKubeconfig(kubernetes, kubeletKubeconfig(node), user);
}

async function makeKubeconfig(kubernetes: string, path: string, user: readonly string[]): Promise<void> {
    writeFileSync(path, await kubeadm(kubernetes, "kubeconfig", "user", ...user), { mode: 0o600 });
}

async function kubeadm(kubernetes: string, ...args: string[]): Promise<string> {
    const result = await execa(join(kubernetes, "kubeadm"), [...args, "--config", kubeadmConfigFile], {
        env: { PATH: process.env.PATH ?? "", HOME: "/root" },
        extendEnv: false,
        reject: false,
    });
    if (result.failed) throw new SandboxError(`kubeadm ${args.join(" ")} failed: ${result.stderr.trim()}`);
    return result.stdout;
}

/** The certificates in a kubeconfig file with one cluster and one user. */
export function credentialsIn(kubeconfig: string): Credentials {
    const field = (name: string): string => {
        const [, value] = new RegExp(`${name}: (\\S+)`).exec(kubeconfig) ?? [];
        if (value === undefined)
            throw new SandboxError(
                `a kubeconfig of the sandbox lacks ${name}; run hopcost sandbox down, then hopcost sandbox up`,
            );
        return value;
    };
    const pem = (name: string): string => Buffer.from(field(name), "base64").toString();
    return {
        server: field("server"),
        ca: pem("certificate-authority-data"),
        cert: pem("client-certificate-data"),
        key: pem("client-key-data"),
    };
}

/** The kubeconfig for the user, with one context. */
export function renderKubeconfig({ server, ca, cert, key }: Credentials): string {
    const data = (pem: string): string => Buffer.from(pem).toString("base64");
    return `apiVersion: v1
kind: Config
current-context: ${sandboxContext}
clusters:
- name: ${sandboxContext}
  cluster:
    server: ${server}
    certificate-authority-data: ${data(ca)}
contexts:
- name: ${sandboxContext}
  context:
    cluster: ${sandboxContext}
    user: ${sandboxContext}-admin
users:
- name: ${sandboxContext}-admin
  user:
    client-certificate-data: ${data(cert)}
    client-key-data: ${data(key)}
`;
}
