import {
    corednsVersion,
    etcdVersion,
    kubernetesBuild,
    kubernetesVersion,
    metricsServerVersion,
    prometheusVersion,
    providerVersion,
    pulumiVersion,
} from "./go-builds.ts";
import type { RegistryImage } from "./image-layer.ts";

/** Architectures for which upstream releases everything, as Go names them. */
export type Architecture = "amd64" | "arm64";

/** How an archive is unpacked. */
export interface Unpacking {
    /** Paths in the archive to unpack. */
    members: readonly string[];
    /** How many leading folders their paths lose. */
    strip: number;
    /** Folder to unpack into, below the release's. @default the release's */
    into?: string;
}

/** A released file. */
export interface ReleasedFile {
    url: string;
    /** Address of the file that has its SHA-256: only that, or lines with that and a file's name. */
    sums: string;
    /** For an archive; otherwise the file is the program itself. */
    unpack?: Unpacking;
}

/** An image of which the last layer is unpacked: for a program that is released only as an image. */
export interface ReleasedImage {
    image: RegistryImage;
    unpack: Unpacking;
}

/** Upstream's programs for Linux, in one version. */
export interface Release {
    /** Name and version for file names, e.g. `kubernetes-1.36.4`. */
    name: string;
    /** Name and version for people, e.g. `Kubernetes 1.36.4`. */
    title: string;
    parts: (architecture: Architecture) => readonly (ReleasedFile | ReleasedImage)[];
}

/** Of those that the build has too, all of Kubernetes but kubectl, which neither its nodes nor `kubeadm init phase` need. */
const kubernetesPrograms = kubernetesBuild.aliases.filter((name) => /^kube(?!ctl$)/.test(name));

/** Kubernetes with etcd and CoreDNS, under the names that the build gives them too. */
export const kubernetesRelease: Release = {
    name: `kubernetes-${kubernetesVersion}`,
    title: `Kubernetes ${kubernetesVersion}`,
    parts: (architecture) => {
        const etcd = `etcd-v${etcdVersion}-linux-${architecture}`;
        const etcdUrl = `https://github.com/etcd-io/etcd/releases/download/v${etcdVersion}`;
        const corednsUrl = `https://github.com/coredns/coredns/releases/download/v${corednsVersion}/coredns_${corednsVersion}_linux_${architecture}.tgz`;
        return [
            ...kubernetesPrograms.map((program) => {
                const url = `https://dl.k8s.io/release/v${kubernetesVersion}/bin/linux/${architecture}/${program}`;
                return { url, sums: `${url}.sha256` };
            }),
            {
                url: `${etcdUrl}/${etcd}.tar.gz`,
                sums: `${etcdUrl}/SHA256SUMS`,
                unpack: { members: [`${etcd}/etcd`], strip: 1 },
            },
            { url: corednsUrl, sums: `${corednsUrl}.sha256`, unpack: { members: ["coredns"], strip: 0 } },
        ];
    },
};

/** metrics-server, which is released only as an image. */
export const metricsServerRelease: Release = {
    name: `metrics-server-${metricsServerVersion}`,
    title: `metrics-server ${metricsServerVersion}`,
    parts: () => [
        {
            image: {
                registry: "registry.k8s.io",
                repository: "metrics-server/metrics-server",
                index: "89258156d0e9af60403eafd44da9676fd66f600c7934d468ccc17e42b199aee2",
            },
            unpack: { members: ["metrics-server"], strip: 0 },
        },
    ],
};

/** Prometheus and promtool. */
export const prometheusRelease: Release = {
    name: `prometheus-${prometheusVersion}`,
    title: `Prometheus ${prometheusVersion}`,
    parts: (architecture) => {
        const url = `https://github.com/prometheus/prometheus/releases/download/v${prometheusVersion}`;
        const name = `prometheus-${prometheusVersion}.linux-${architecture}`;
        return [
            {
                url: `${url}/${name}.tar.gz`,
                sums: `${url}/sha256sums.txt`,
                unpack: { members: [`${name}/prometheus`, `${name}/promtool`], strip: 1 },
            },
        ];
    },
};

/** The Pulumi engine with its language hosts, in a folder named `bin`, as the Automation API requires. */
export const pulumiRelease: Release = {
    name: `pulumi-${pulumiVersion}`,
    title: `Pulumi ${pulumiVersion}`,
    parts: (architecture) => {
        const url = `https://github.com/pulumi/pulumi/releases/download/v${pulumiVersion}`;
        return [
            {
                url: `${url}/pulumi-v${pulumiVersion}-linux-${architecture === "amd64" ? "x64" : architecture}.tar.gz`,
                sums: `${url}/pulumi-${pulumiVersion}-checksums.txt`,
                unpack: { members: ["pulumi"], strip: 1, into: "bin" },
            },
        ];
    },
};

/** Pulumi's Kubernetes provider. */
export const providerRelease: Release = {
    name: `pulumi-kubernetes-${providerVersion}`,
    title: `Pulumi's Kubernetes provider ${providerVersion}`,
    parts: (architecture) => {
        const url = `https://github.com/pulumi/pulumi-kubernetes/releases/download/v${providerVersion}`;
        return [
            {
                url: `${url}/pulumi-resource-kubernetes-v${providerVersion}-linux-${architecture}.tar.gz`,
                sums: `${url}/pulumi-kubernetes_${providerVersion}_checksums.txt`,
                unpack: { members: ["pulumi-resource-kubernetes"], strip: 0 },
            },
        ];
    },
};
