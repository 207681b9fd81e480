import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../../components/measured-pod-args.ts";
import { NetworkPair } from "../../components/network-pair.ts";
import { childrenOf, counts, ofKind, resolved, seen, settled, startRecording, theOne } from "./mocks.ts";

const good = { namespace: "bench", image: "registry.example/node:24.21.0" };
const labelsOf = (name: string) => theOne("apps/v1:Deployment", name).inputs.spec.template.metadata.labels;
const matches = (selector: Record<string, string>, labels: Record<string, string>) =>
    Object.entries(selector).every(([key, value]) => labels[key] === value);

describe("NetworkPair", () => {
    beforeEach(() => startRecording());

    it("is two Deployments, two Services, two NetworkPolicies and the code, all in the namespace given", async () => {
        new NetworkPair("net", good);
        await settled();
        assert.deepEqual(counts(), {
            "hopcost:index:NetworkPair": 1,
            "hopcost:index:WorkloadCode": 1,
            "kubernetes:apps/v1:Deployment": 2,
            "kubernetes:core/v1:ConfigMap": 1,
            "kubernetes:core/v1:Service": 2,
            "kubernetes:networking.k8s.io/v1:NetworkPolicy": 2,
        });
        for (const { name, type, inputs } of seen) {
            assert.ok(name === "net" || name.startsWith("net-"), name);
            if (type.startsWith("kubernetes:")) assert.equal(inputs.metadata.namespace, "bench", name);
        }
    });

    it("is the parent of all its resources", async () => {
        new NetworkPair("net", good);
        await settled();
        const roles = ["net-receiver", "net-sender"];
        assert.deepEqual(
            childrenOf("hopcost:index:NetworkPair::net").sort(),
            [...roles, ...roles, ...roles, "net-code"].sort(),
        );
        assert.deepEqual(childrenOf("WorkloadCode::net-code"), ["net-code-files"]);
    });

    it("passes deletedWith on, so that deleting the namespace is enough", async () => {
        const owner = new k8s.core.v1.Namespace("owner");
        const urn = await resolved(owner.urn);
        new NetworkPair("net", good, { deletedWith: owner });
        await settled();
        for (const { name, deletedWith } of seen.filter(({ name }) => name.startsWith("net"))) {
            assert.equal(deletedWith, urn, name);
        }
    });

    it("selects only the receiver with the receiver's Service", async () => {
        new NetworkPair("net", good);
        new NetworkPair("other", good);
        await settled();
        const { selector, ports, type } = theOne("Service", "net-receiver").inputs.spec;
        assert.equal(type, "ClusterIP");
        assert.ok(matches(selector, labelsOf("net-receiver")));
        for (const other of ["net-sender", "other-receiver", "other-sender"]) {
            assert.ok(!matches(selector, labelsOf(other)), other);
        }
        assert.deepEqual(ports, [
            { name: "agent", port: 7070, targetPort: 7070 },
            { name: "upload", port: 8080, targetPort: 8080 },
        ]);
    });

    it("reaches the sender through a Service with its agent port only", async () => {
        new NetworkPair("net", good);
        await settled();
        const { selector, ports } = theOne("Service", "net-sender").inputs.spec;
        assert.ok(matches(selector, labelsOf("net-sender")));
        assert.ok(!matches(selector, labelsOf("net-receiver")));
        assert.deepEqual(ports, [{ name: "agent", port: 7070, targetPort: 7070 }]);
    });

    it("mounts the code into each container, which starts its own role's", async () => {
        new NetworkPair("net", good);
        await settled();
        for (const role of ["sender", "receiver"]) {
            const { volumes, containers } = theOne("apps/v1:Deployment", `net-${role}`).inputs.spec.template.spec;
            const code = theOne("core/v1:ConfigMap", "net-code-files").inputs;
            assert.deepEqual(containers[0].command, ["node", `/hopcost/${role}.server.mjs`]);
            assert.ok(`${role}.server.mjs` in code.binaryData);
            assert.deepEqual(volumes, [{ name: "code", configMap: { name: code.metadata.name } }]);
            assert.deepEqual(containers[0].volumeMounts, [{ name: "code", mountPath: "/hopcost", readOnly: true }]);
        }
    });

    it("opens the upload port only in the receivers", async () => {
        new NetworkPair("net", { ...good, crossNode: true });
        await settled();
        const upload = ofKind("Deployment").flatMap(({ inputs }) =>
            inputs.spec.template.spec.containers.map(
                ({ name, ports, env }: Record<string, { name: string; value: string }[]>) => [
                    name,
                    ports?.some((port) => port.name === "upload"),
                    env?.find((variable) => variable.name === "HOPCOST_UPLOAD_PORT")?.value,
                ],
            ),
        );
        assert.deepEqual(upload.sort(), [
            ["receiver", true, "8080"],
            ["receiver", true, "8080"],
            ["sender", false, undefined],
        ]);
    });

    it("outputs its target, by its name in a plan, its image and its placement", async () => {
        assert.deepEqual(await resolved(pulumi.output(new NetworkPair("net", good).endpoints.targets.network)), {
            initiator: { agent: "http://net-sender:7070" },
            responder: { agent: "http://net-receiver:7070" },
            uploadUrl: "http://net-receiver:8080/upload",
        });
        const { image, placement } = new NetworkPair("other", { ...good, placement: "any" }).endpoints;
        assert.deepEqual([image, placement], [good.image, "any"]);
        await settled();
    });

    it("refuses all bad arguments at once, before anything is registered", async () => {
        const bad = {
            ...good,
            cpuRequest: "2",
            cpuLimit: "1",
            memory: "512MB",
            nodeFlags: ["max-old-space-size=64"],
            placement: "near" as Placement,
            startSeconds: 0,
        };
        assert.throws(() => new NetworkPair("bad", bad), {
            message: [
                'NetworkPair "bad": ',
                'nodeFlags must be flags such as "--max-semi-space-size=16", got "max-old-space-size=64"',
                'cpuLimit must be at least cpuRequest ("2"), got "1"',
                'memory must be a memory quantity above 0 such as "512Mi" or "1Gi", got "512MB"',
                'placement must be one of same-node, cross-node, any, got "near"',
                "startSeconds must be an integer from 10 to 3600, got 0",
            ].join("\n  "),
        });
        new NetworkPair("next", good);
        await settled();
        assert.ok(seen.length > 0);
        assert.deepEqual(
            seen.filter(({ name }) => name.startsWith("bad")),
            [],
        );
    });

    describe("with crossNode", () => {
        beforeEach(() => startRecording());
        const crossNode = { ...good, crossNode: true };

        it("adds a Deployment, a Service and a NetworkPolicy, but no code", async () => {
            new NetworkPair("net", crossNode);
            await settled();
            assert.deepEqual(counts(), {
                "hopcost:index:NetworkPair": 1,
                "hopcost:index:WorkloadCode": 1,
                "kubernetes:apps/v1:Deployment": 3,
                "kubernetes:core/v1:ConfigMap": 1,
                "kubernetes:core/v1:Service": 3,
                "kubernetes:networking.k8s.io/v1:NetworkPolicy": 3,
            });
            const [near, far] = ["net-receiver", "net-far-receiver"].map(
                (name) => theOne("apps/v1:Deployment", name).inputs.spec.template.spec,
            );
            assert.deepEqual([far.containers, far.volumes], [near.containers, near.volumes]);
            assert.ok(childrenOf("hopcost:index:NetworkPair::net").includes("net-far-receiver"));
        });

        it("selects each Pod only with its own Service", async () => {
            new NetworkPair("net", crossNode);
            await settled();
            const parts = ["net-sender", "net-receiver", "net-far-receiver"];
            for (const service of parts) {
                const { selector } = theOne("Service", service).inputs.spec;
                assert.deepEqual(
                    parts.filter((part) => matches(selector, labelsOf(part))),
                    [service],
                );
            }
        });

        it("doesn't wait for the far receiver, which might have no node", async () => {
            new NetworkPair("net", crossNode);
            await settled();
            const skipped = ofKind("apps/v1:Deployment").filter(
                ({ inputs }) => inputs.metadata.annotations?.["pulumi.com/skipAwait"] === "true",
            );
            assert.deepEqual(
                skipped.map(({ name }) => name),
                ["net-far-receiver"],
            );
        });

        it("outputs the target of sender and far receiver, which is absent without it", async () => {
            const pair = new NetworkPair("net", crossNode);
            assert.deepEqual(await resolved(pulumi.output(pair.endpoints.targets["cross-node"])), {
                initiator: { agent: "http://net-sender:7070" },
                responder: { agent: "http://net-far-receiver:7070" },
                uploadUrl: "http://net-far-receiver:8080/upload",
            });
            const other = new NetworkPair("other", { ...good, crossNode: false });
            assert.deepEqual(
                [pair, other].map(({ endpoints }) => Object.keys(endpoints.targets)),
                [["network", "cross-node"], ["network"]],
            );
            await settled();
            assert.equal(ofKind("Deployment").length, 5);
        });
    });
});
