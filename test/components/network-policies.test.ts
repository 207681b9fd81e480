import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ofKind, settled, startRecording, theOne } from "./mocks.ts";

type Labels = Record<string, string>;
interface Selector {
    matchLabels?: Labels;
    matchExpressions?: { key: string; operator: "In"; values: string[] }[];
}
interface Peer {
    namespaceSelector?: Selector;
    podSelector: Selector;
}
interface Rule {
    from?: Peer[];
    to?: Peer[];
    ports?: { protocol: string; port: number }[];
}
/** A Pod of the namespace by its labels, one of another namespace, or a peer that isn't a Pod. */
type End = Labels | { namespace: string; labels: Labels } | "elsewhere";
const isForeign = (end: End): end is { namespace: string; labels: Labels } =>
    end !== "elsewhere" && typeof end.labels === "object";

const config = {
    "kubernetes:renderYamlToDirectory": "manifests",
    "hopcost:arms": "network/cluster-ip,network/cross-node,volume/chokidar",
    "hopcost:grafana": "true",
};

const podsOf = (kind: string, name: string): Labels => theOne(kind, name).inputs.spec.template.metadata.labels;
/** The Pods of the program, by the names that the flows below use. */
const pods = () => ({
    sender: podsOf("apps/v1:Deployment", "net-sender"),
    receiver: podsOf("apps/v1:Deployment", "net-receiver"),
    farReceiver: podsOf("apps/v1:Deployment", "net-far-receiver"),
    volume: podsOf("apps/v1:Deployment", "vol-pod"),
    prometheus: podsOf("apps/v1:Deployment", "metrics-prometheus"),
    grafana: podsOf("apps/v1:Deployment", "metrics-grafana"),
    driver: podsOf("batch/v1:Job", "run-job"),
    stranger: { app: "stranger" },
    elsewhere: "elsewhere" as const,
    dns: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } },
    openshiftDns: { namespace: "openshift-dns", labels: { "dns.operator.openshift.io/daemonset-dns": "default" } },
    neighborOfDns: { namespace: "kube-system", labels: { "k8s-app": "metrics-server" } },
    likeDns: { namespace: "other", labels: { "k8s-app": "kube-dns" } },
});
type Name = keyof ReturnType<typeof pods>;

const selects = ({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels) =>
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ""));

const isSelected = ({ namespaceSelector, podSelector }: Peer, end: End): boolean => {
    if (end === "elsewhere") return false;
    if (namespaceSelector === undefined) return !isForeign(end) && selects(podSelector, end);
    if (!isForeign(end)) return false;
    return (
        selects(namespaceSelector, { "kubernetes.io/metadata.name": end.namespace }) && selects(podSelector, end.labels)
    );
};

/** Whether the policies of an end let it send (or receive) this. In Kubernetes, one rule of any policy is enough. */
function lets(direction: "Ingress" | "Egress", end: End, other: End, port: number, protocol: string): boolean {
    if (end === "elsewhere" || isForeign(end)) return true;
    const mine = ofKind("NetworkPolicy")
        .map(({ inputs }) => inputs.spec)
        .filter(({ podSelector, policyTypes }) => selects(podSelector, end) && policyTypes.includes(direction));
    const rules: Rule[] = mine.flatMap(({ ingress = [], egress = [] }) => (direction === "Ingress" ? ingress : egress));
    return rules.some(({ from, to, ports }) => {
        const peers = from ?? to;
        const isPeer = peers?.some((peer) => isSelected(peer, other)) ?? true;
        return isPeer && (ports?.some((open) => open.port === port && open.protocol === protocol) ?? true);
    });
}

function passes(from: Name, to: Name, port: number, protocol = "TCP"): boolean {
    const all = pods();
    return lets("Egress", all[from], all[to], port, protocol) && lets("Ingress", all[to], all[from], port, protocol);
}

describe("the NetworkPolicies of the program", () => {
    before(async () => {
        await startRecording();
        pulumi.runtime.setAllConfig(config);
        const { default: hopcost } = await import("../../index.ts");
        await hopcost();
        await settled();
    });

    it("deny everything first, to every Pod of the namespace", () => {
        const { metadata, spec } = theOne("NetworkPolicy", "default-deny").inputs;
        assert.equal(metadata.namespace, "hopcost-test");
        assert.deepEqual(spec, { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    });

    it("allow a run's traffic: uploads, control, DNS, the API server, metrics", () => {
        const flows: [Name, Name, number, string?][] = [
            ["sender", "receiver", 8080],
            ["sender", "farReceiver", 8080],
            ["sender", "elsewhere", 53, "UDP"],
            ["driver", "sender", 7070],
            ["driver", "receiver", 7070],
            ["driver", "farReceiver", 7070],
            ["driver", "volume", 7070],
            ["driver", "volume", 7071],
            ["driver", "prometheus", 9090],
            ["driver", "elsewhere", 6443],
            ["driver", "elsewhere", 443],
            ["driver", "elsewhere", 53, "UDP"],
            ["driver", "elsewhere", 53, "TCP"],
            ["driver", "dns", 1053, "UDP"],
            ["sender", "dns", 1053, "UDP"],
            ["driver", "openshiftDns", 5353, "UDP"],
            ["grafana", "dns", 1053, "TCP"],
            ["prometheus", "sender", 7070],
            ["prometheus", "receiver", 7070],
            ["prometheus", "volume", 7071],
            ["prometheus", "elsewhere", 6443],
            ["grafana", "prometheus", 9090],
            ["grafana", "elsewhere", 53, "UDP"],
        ];
        assert.deepEqual(
            flows.filter((flow) => !passes(...flow)),
            [],
        );
    });

    it("allow no other traffic", () => {
        const flows: [Name, Name, number, string?][] = [
            ["sender", "receiver", 7070],
            ["sender", "volume", 7070],
            ["sender", "elsewhere", 6443],
            ["sender", "elsewhere", 8080],
            ["receiver", "sender", 7070],
            ["receiver", "elsewhere", 53, "UDP"],
            ["volume", "receiver", 8080],
            ["volume", "elsewhere", 53, "UDP"],
            ["driver", "receiver", 8080],
            ["driver", "grafana", 3000],
            ["driver", "elsewhere", 80],
            ["driver", "neighborOfDns", 10250],
            ["driver", "likeDns", 1053, "UDP"],
            ["receiver", "dns", 1053, "UDP"],
            ["prometheus", "dns", 1053, "UDP"],
            ["prometheus", "elsewhere", 53, "UDP"],
            ["prometheus", "receiver", 8080],
            ["grafana", "sender", 7070],
            ["grafana", "elsewhere", 443],
            ["stranger", "receiver", 8080],
            ["stranger", "elsewhere", 443],
            ["elsewhere", "sender", 7070],
            ["elsewhere", "receiver", 8080],
            ["elsewhere", "volume", 7071],
            ["elsewhere", "driver", 7070],
            ["elsewhere", "prometheus", 9090],
        ];
        assert.deepEqual(
            flows.filter((flow) => passes(...flow)),
            [],
        );
    });
});
