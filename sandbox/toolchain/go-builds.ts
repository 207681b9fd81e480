import type { GoBuild } from "./go-build.ts";

/** Version of the Pulumi engine; the npm package @pulumi/pulumi has the same. */
export const pulumiVersion = "3.259.0";
/** Version of the Kubernetes provider; the npm package @pulumi/kubernetes must have the same. */
export const providerVersion = "4.25.0";
/** Version of Pulumi's YAML language host: the newest that the module proxy serves. */
const pulumiYamlVersion = "1.25.0";
/** Version of Kubernetes in the sandbox. */
export const kubernetesVersion = "1.36.4";
/** Version of etcd in the sandbox, in the graph of Kubernetes' modules. */
export const etcdVersion = "3.6.8";
/** Version of CoreDNS in the sandbox. */
export const corednsVersion = "1.14.2";
/** Version of metrics-server in the sandbox. */
export const metricsServerVersion = "0.8.0";
/** Version of Prometheus in the sandbox; its Go module numbers release 3.x as 0.300 and so on. */
export const prometheusVersion = "3.11.3";
/**
 * Version of kube-router, whose NetworkPolicy controller the sandbox runs: the newest that the module proxy serves. The
 * flaws known in it concern its router and service proxy, which are not built.
 */
export const kubeRouterVersion = "2.1.0";

const pulumiStamp = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** etcd, Kubernetes, CoreDNS and metrics-server in one binary, selected by the name it is started under. */
export const kubernetesBuild: GoBuild = {
    name: `kubernetes-${kubernetesVersion}`,
    title: `Kubernetes ${kubernetesVersion}`,
    module: "kube",
    sources: ["main.go", "metrics-server.go"],
    package: ".",
    binary: "kube",
    aliases: [
        "etcd",
        "kube-apiserver",
        "kube-controller-manager",
        "kube-scheduler",
        "kubelet",
        "kube-proxy",
        "kubeadm",
        "kubectl",
        "coredns",
        "metrics-server",
    ],
    stamps: Object.fromEntries(
        ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((name) => [
            [`${name}.gitVersion`, `v${kubernetesVersion}`],
            [`${name}.gitMajor`, "1"],
            [`${name}.gitMinor`, "36"],
            [`${name}.gitTreeState`, "clean"],
        ]),
    ),
    minutes: 5,
};

/** The controller that enforces NetworkPolicies, in each node. */
export const kubeRouterBuild: GoBuild = {
    name: `kube-router-${kubeRouterVersion}`,
    title: `kube-router ${kubeRouterVersion}`,
    module: "kube-router",
    sources: ["main.go"],
    package: ".",
    binary: "kube-router",
    aliases: [],
    stamps: {},
    minutes: 2,
};

/**
 * Prometheus and its promtool, with only Kubernetes service discovery, which Debian's lacks. The module has no built
 * web pages: see prometheus.ts.
 */
export const prometheusBuild: GoBuild = {
    name: `prometheus-${prometheusVersion}`,
    title: `Prometheus ${prometheusVersion}`,
    module: "prometheus",
    sources: [],
    package: "github.com/prometheus/prometheus/cmd/prometheus",
    also: ["github.com/prometheus/prometheus/cmd/promtool"],
    tags: ["remove_all_sd", "enable_kubernetes_sd"],
    binary: "prometheus",
    aliases: [],
    stamps: { "github.com/prometheus/common/version.Version": prometheusVersion },
    minutes: 3,
};

/** The Pulumi engine and command line. */
export const pulumiBuild: GoBuild = {
    name: `pulumi-${pulumiVersion}`,
    title: `Pulumi ${pulumiVersion}`,
    module: "pulumi",
    sources: [],
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    binary: "pulumi",
    aliases: [],
    stamps: { [pulumiStamp]: `v${pulumiVersion}` },
    minutes: 3,
};

/** Pulumi's Kubernetes provider. */
export const providerBuild: GoBuild = {
    name: `pulumi-kubernetes-${providerVersion}`,
    title: `Pulumi's Kubernetes provider ${providerVersion}`,
    module: "provider",
    sources: ["main.go"],
    package: ".",
    binary: "pulumi-resource-kubernetes",
    aliases: [],
    stamps: { "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version": providerVersion },
    embeds: {
        module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
        files: ["cmd/pulumi-resource-kubernetes/schema.json", "cmd/pulumi-resource-kubernetes/terraform-mapping.json"],
    },
    minutes: 5,
};

/** The host with which the Pulumi CLI runs a Node program or plugin, a program of ours; only the tests of plain `pulumi up` need it. */
export const languageHostBuild: GoBuild = {
    name: `pulumi-language-nodejs-${pulumiVersion}`,
    title: "Pulumi's Node language host",
    module: "pulumi",
    sources: ["language-host.go"],
    package: ".",
    binary: "pulumi-language-nodejs",
    aliases: [],
    stamps: {},
    minutes: 0.5,
};

/** The host with which the Pulumi CLI runs a YAML program; only the tests of the plugin need it. */
export const yamlHostBuild: GoBuild = {
    name: `pulumi-yaml-${pulumiYamlVersion}`,
    title: `Pulumi's YAML language host ${pulumiYamlVersion}`,
    module: "pulumi-yaml",
    sources: [],
    package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
    binary: "pulumi-language-yaml",
    aliases: [],
    stamps: {},
    minutes: 2,
};

/** Writes the plugin's SDKs for Go and Python, a program of ours; only the tests of the plugin need it. */
export const sdkGeneratorBuild: GoBuild = {
    name: `pulumi-sdks-${pulumiVersion}`,
    title: "the generator of Pulumi's SDKs",
    module: "pulumi-sdks",
    sources: ["main.go"],
    package: ".",
    binary: "pulumi-sdks",
    aliases: [],
    stamps: {},
    minutes: 1.5,
};
