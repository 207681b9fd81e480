import assert from "node:assert/strict";
import { KubeConfig } from "@kubernetes/client-node";
import { clusterObjects, corednsDeployment } from "../../../sandbox/cluster/cluster-objects.ts";
import { metricsServerObjects } from "../../../sandbox/cluster/metrics-server.ts";
import { describeNode, type IpFamily, sandboxContext } from "../../../sandbox/layout.ts";
import { credentialsIn, kubeadmConfig, renderKubeconfig } from "../../../sandbox/node/certificates.ts";
import { commandLine, controlPrograms, nodePrograms, type Program } from "../../../sandbox/node/components.ts";
import {
    cniConfig,
    containerdConfig,
    kubeletConfig,
    kubeletSysctls,
    kubeProxyConfig,
} from "../../../sandbox/node/node-files.ts";
import { textsOf } from "../../support/texts.ts";

const asText = textsOf("sandbox/cluster/cluster-files");

const [one, two] = [describeNode(1), describeNode(2)];

describe("the description of a node", () => {
    it("shares no name, address or folder with another node's", () => {
        for (const key of Object.keys(one) as (keyof typeof one)[]) {
            if (key !== "family") assert.notDeepEqual(one[key], two[key], key);
        }
        assert.ok(two.link.length <= 15, "the kernel takes no longer name of a link");
    });

    it("determines every file of the node: none names the other node", () => {
        const files = (node: typeof one) => [
            containerdConfig(node),
            cniConfig(node),
            kubeletConfig(node),
            kubeProxyConfig(node, "/kubeconfig"),
            ...nodePrograms.map((program) => commandLine(program, node).join(" ")),
        ];
        for (const [index, file] of files(one).entries()) {
            assert.notEqual(file, files(two)[index]);
            for (const part of [two.name, ...two.addresses, ...two.podCidrs, two.folder])
                assert.ok(!file.includes(part), part);
        }
    });
});

describe("the configuration of a node", () => {
    it("lets the kubelet work on cgroup v1 and without CAP_SYS_RESOURCE, below the node's cgroup", () => {
        const config = JSON.parse(kubeletConfig(one));
        assert.equal(config.failCgroupV1, false);
        assert.equal(config.cgroupDriver, "cgroupfs");
        assert.equal(config.cgroupRoot, "/hopcost-sandbox/hopcost-node-1");
        assert.equal(config.oomScoreAdj, 0);
        assert.equal(config.imageGCHighThresholdPercent, 100);
        assert.equal(config.authentication.anonymous.enabled, false);
        assert.match(containerdConfig(one), /^restrict_oom_score_adj = true$/m);
        assert.match(containerdConfig(one), /^disable_apparmor = true$/m);
    });

    it("routes Services with nftables and doesn't change the host's connection tracking", () => {
        const config = JSON.parse(kubeProxyConfig(one, "/kubeconfig"));
        assert.equal(config.mode, "nftables");
        assert.deepEqual(config.conntrack, {
            maxPerCore: 0,
            min: 0,
            tcpEstablishedTimeout: "0s",
            tcpCloseWaitTimeout: "0s",
        });
        assert.equal(config.clientConnection.kubeconfig, "/kubeconfig");
    });

    it("gives the Pods of a node only addresses of that node", () => {
        const { plugins } = JSON.parse(cniConfig(one));
        assert.deepEqual(plugins[0].ipam.ranges, [[{ subnet: "10.244.1.0/24" }]]);
        assert.equal(plugins[0].type, "ptp");
    });

    it("keeps exactly the kubelet's settings from the host", () => {
        assert.deepEqual(Object.keys(kubeletSysctls).sort(), [
            "kernel/keys/root_maxbytes",
            "kernel/keys/root_maxkeys",
            "kernel/panic",
            "kernel/panic_on_oops",
            "vm/overcommit_memory",
            "vm/panic_on_oom",
        ]);
    });
});

describe("a cluster of a family", () => {
    const flagsOf = (family: IpFamily) => {
        const node = describeNode(2, family);
        const flag = (program: Program, name: string) =>
            commandLine(program, node)
                .find((text) => text.startsWith(`--${name}=`))
                ?.split("=")[1];
        return {
            services: flag("kube-apiserver", "service-cluster-ip-range"),
            policies: flag("kube-router", "service-cluster-ip-range"),
            node: flag("kubelet", "node-ip"),
            pods: JSON.parse(cniConfig(node)).plugins[0].ipam.ranges.flat(),
            routes: JSON.parse(cniConfig(node)).plugins[0].ipam.routes,
            dns: JSON.parse(kubeletConfig(node)).clusterDNS,
        };
    };
    const expected = {
        ipv4: {
            services: "10.96.0.0/16",
            policies: "10.96.0.0/16",
            node: "198.19.213.12",
            pods: [{ subnet: "10.244.2.0/24" }],
            routes: [{ dst: "0.0.0.0/0" }],
            dns: ["10.96.0.10"],
        },
        ipv6: {
            services: "fd00:10:96::/112",
            policies: "fd00:10:96::/112",
            node: "fd00:198:19:213::12",
            pods: [{ subnet: "fd00:10:244:2::/64" }],
            routes: [{ dst: "::/0" }],
            dns: ["fd00:10:96::a"],
        },
    };
    const both = {
        services: `${expected.ipv4.services},${expected.ipv6.services}`,
        policies: `${expected.ipv4.policies},${expected.ipv6.policies}`,
        node: `${expected.ipv4.node},${expected.ipv6.node}`,
        pods: [...expected.ipv4.pods, ...expected.ipv6.pods],
        routes: [...expected.ipv4.routes, ...expected.ipv6.routes],
        dns: [...expected.ipv4.dns, ...expected.ipv6.dns],
    };
    for (const [family, flags] of Object.entries({ ...expected, dual: both })) {
        it(`gives nodes, Pods and Services its addresses: ${family}`, () => {
            assert.deepEqual(flagsOf(family as IpFamily), flags);
        });
    }
});

describe("the control plane", () => {
    it("lets etcd listen only on the node's loopback", () => {
        const etcd = commandLine("etcd", one).join(" ");
        assert.deepEqual([...new Set(etcd.match(/http:\/\/[^:]+/g))], ["http://127.0.0.1"]);
    });

    it("elects no leaders, which would only take time", () => {
        for (const program of ["kube-controller-manager", "kube-scheduler"] as const) {
            assert.ok(commandLine(program, one).includes("--leader-elect=false"), program);
        }
    });

    it("repeats no flag", () => {
        for (const program of [...nodePrograms, ...controlPrograms]) {
            const flags = commandLine(program, one)
                .slice(1)
                .map((flag) => flag.replace(/=.*/, ""));
            assert.deepEqual(flags, [...new Set(flags)], program);
        }
    });

    it("gets keys for the node it runs on", () => {
        const [init, cluster] = kubeadmConfig(one)
            .split("---\n")
            .map((document) => JSON.parse(document));
        assert.equal(init.localAPIEndpoint.advertiseAddress, one.addresses[0]);
        assert.equal(init.nodeRegistration.name, one.name);
        assert.deepEqual(cluster.etcd, { external: { endpoints: ["http://127.0.0.1:2379"] } });
    });
});

describe("the kubeconfig of the sandbox", () => {
    const pem = { server: "https://198.19.213.11:6443", ca: "CA\n", cert: "CERT\n", key: "KEY\n" };

    it("has one context, which is current, and reaches the node's address", () => {
        const config = new KubeConfig();
        config.loadFromString(renderKubeconfig(pem));
        assert.deepEqual(
            config.getContexts().map(({ name }) => name),
            [sandboxContext],
        );
        assert.equal(config.getCurrentContext(), sandboxContext);
        assert.equal(config.getCurrentCluster()?.server, "https://198.19.213.11:6443");
    });

    it("contains the credentials", () => assert.deepEqual(credentialsIn(renderKubeconfig(pem)), pem));

    it("is refused if it lacks a credential, with the command that fixes it", () => {
        const broken = renderKubeconfig(pem).replace(/client-key-data.*/, "");
        assert.throws(
            () => credentialsIn(broken),
            ({ name, message }: Error) => {
                assert.equal(name, "SandboxError");
                assert.match(message, /lacks client-key-data; .*hopcost sandbox down.*hopcost sandbox up/);
                asText("a kubeconfig without a key", message);
                return true;
            },
        );
    });
});

describe("the objects created when the cluster starts", () => {
    it("include DNS from our own image, in a Pod that can't write", () => {
        const text = JSON.stringify(corednsDeployment.object);
        assert.match(text, /"image":"hopcost\.local\/coredns:/);
        assert.match(text, /"readOnlyRootFilesystem":true/);
        const service = clusterObjects("ipv4").find(({ object }) => object.kind === "Service")?.object;
        assert.match(JSON.stringify(service), /"clusterIPs":\["10\.96\.0\.10"\]/);
    });

    it("include an APIService only after the Service and the Deployment that serve it, on the first node", () => {
        const kinds = metricsServerObjects.map(({ object }) => object.kind);
        assert.deepEqual(kinds.slice(-3), ["Service", "Deployment", "APIService"]);
        const text = JSON.stringify(metricsServerObjects.find(({ object }) => object.kind === "Deployment"));
        assert.match(text, /"image":"hopcost\.local\/metrics-server:/);
        assert.match(text, /"nodeSelector":{"kubernetes.io\/hostname":"hopcost-node-1"}/);
        assert.doesNotMatch(text, /readinessProbe/);
    });

    it("are each created at a path of their kind and namespace", () => {
        for (const { path, object } of [...clusterObjects("dual"), corednsDeployment, ...metricsServerObjects]) {
            assert.ok(path.toLowerCase().endsWith(`/${object.kind.toLowerCase()}s`), path);
            const namespace = /namespaces\/([^/]+)\//.exec(path)?.[1];
            assert.equal(object.metadata.namespace, namespace, path);
        }
    });
});
