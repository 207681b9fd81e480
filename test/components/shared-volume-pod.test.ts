import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { SharedVolumePod, type SharedVolumePodArgs, type VolumeMedium } from "../../components/shared-volume-pod.ts";
import { childrenOf, counts, resolved, seen, settled, startRecording, theOne } from "./mocks.ts";

const good = { namespace: "bench", image: "registry.example/node:24.21.0" };
const podOf = (name: string) => theOne("apps/v1:Deployment", name).inputs.spec.template;

async function podWith(args: Partial<SharedVolumePodArgs> = {}) {
    await startRecording();
    new SharedVolumePod("vol", { ...good, ...args });
    await settled();
    return podOf("vol-pod").spec;
}

/** The volumes of a Pod, without code. */
const sharedVolumesOf = ({ volumes }: { volumes: { name: string; emptyDir?: object }[] }) =>
    volumes.filter(({ name }) => name !== "code");
/** The volume variables of each container. */
const volumeVariablesOf = ({ containers }: { containers: { env: { name: string; value: string }[] }[] }) =>
    containers.map(({ env }) =>
        env.filter(({ name }) => name.endsWith("VOLUME")).map(({ name, value }) => [name, value]),
    );

describe("SharedVolumePod", () => {
    it("can have its reader as a native sidecar, with the same settings", async () => {
        const { containers: plain, initContainers: none } = await podWith();
        assert.equal(none, undefined);
        const { containers, initContainers } = await podWith({ readerSidecar: true });
        assert.deepEqual(containers, [plain[0]]);
        assert.deepEqual(initContainers, [{ ...plain[1], restartPolicy: "Always" }]);
    });

    it("is one Deployment of one Pod with both containers, one Service, one NetworkPolicy, and the code", async () => {
        const { containers } = await podWith();
        assert.deepEqual(
            containers.map(({ name }: { name: string }) => name),
            ["writer", "reader"],
        );
        assert.deepEqual(counts(), {
            "hopcost:index:SharedVolumePod": 1,
            "hopcost:index:WorkloadCode": 1,
            "kubernetes:apps/v1:Deployment": 1,
            "kubernetes:core/v1:ConfigMap": 1,
            "kubernetes:core/v1:Service": 1,
            "kubernetes:networking.k8s.io/v1:NetworkPolicy": 1,
        });
        assert.deepEqual(childrenOf("hopcost:index:SharedVolumePod::vol").sort(), [
            "vol-code",
            "vol-pod",
            "vol-pod",
            "vol-pod",
        ]);
        for (const { type, inputs } of seen) {
            if (type.startsWith("kubernetes:")) assert.equal(inputs.metadata.namespace, "bench", type);
        }
    });

    it("shares the declared volume, and nothing else, between its containers", async () => {
        const pod = await podWith({ medium: "Memory", sizeLimit: "64Mi" });
        assert.deepEqual(sharedVolumesOf(pod), [
            { name: "shared-main", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
        ]);
        for (const container of pod.containers) {
            assert.deepEqual(container.volumeMounts, [
                { name: "code", mountPath: "/hopcost", readOnly: true },
                { name: "shared-main", mountPath: "/volume" },
            ]);
        }
        assert.deepEqual(volumeVariablesOf(pod), Array(2).fill([["HOPCOST_VOLUME", "/volume"]]));
    });

    it("is on tmpfs of 128 MiB by default, and on the node's disk if medium is Disk", async () => {
        const emptyDirOf = async (args: Partial<SharedVolumePodArgs>) =>
            sharedVolumesOf(await podWith(args)).map(({ emptyDir }) => emptyDir);
        assert.deepEqual(await emptyDirOf({}), [{ medium: "Memory", sizeLimit: "128Mi" }]);
        assert.deepEqual(await emptyDirOf({ medium: "Disk" }), [{ sizeLimit: "128Mi" }]);
    });

    it("lists in an annotation the volumes on the node's disk", async () => {
        const saidOf = async (args: Partial<SharedVolumePodArgs>) => {
            await podWith(args);
            const { annotations } = theOne("apps/v1:Deployment", "vol-pod").inputs.spec.template.metadata;
            return annotations?.["hopcost.io/disk-volumes"];
        };
        assert.equal(await saidOf({}), undefined);
        assert.equal(await saidOf({ disk: true }), "shared-disk");
        assert.equal(await saidOf({ medium: "Disk", disk: true, storageClass: "fast" }), "shared-main,shared-disk");
    });

    it("has a second volume on the node's disk if disk is set", async () => {
        const pod = await podWith({ disk: true, sizeLimit: "64Mi" });
        assert.deepEqual(sharedVolumesOf(pod), [
            { name: "shared-main", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
            { name: "shared-disk", emptyDir: { sizeLimit: "64Mi" } },
        ]);
        const variables = [
            ["HOPCOST_VOLUME", "/volume"],
            ["HOPCOST_DISK_VOLUME", "/volume-disk"],
        ];
        assert.deepEqual(volumeVariablesOf(pod), [variables, variables]);
        for (const { volumeMounts } of pod.containers) {
            assert.deepEqual(volumeMounts.slice(1), [
                { name: "shared-main", mountPath: "/volume" },
                { name: "shared-disk", mountPath: "/volume-disk" },
            ]);
        }
        assert.equal(counts()["kubernetes:core/v1:PersistentVolumeClaim"], undefined);
    });

    describe("with a storageClass", () => {
        it("claims a volume of that class and of the size limit, for one node, without waiting for it", async () => {
            await podWith({ storageClass: "fast.example", sizeLimit: "64Mi" });
            const { inputs, parent } = theOne("core/v1:PersistentVolumeClaim", "vol-claim");
            assert.match(parent, /SharedVolumePod::vol$/);
            assert.equal(inputs.metadata.namespace, "bench");
            // The provider would wait for a volume that is bound only with the Pod.
            assert.equal(inputs.metadata.annotations["pulumi.com/skipAwait"], "true");
            assert.deepEqual(inputs.spec, {
                storageClassName: "fast.example",
                accessModes: ["ReadWriteOnce"],
                resources: { requests: { storage: "64Mi" } },
            });
        });

        it("mounts that claim into both containers", async () => {
            const pod = await podWith({ storageClass: "standard" });
            const { name } = theOne("core/v1:PersistentVolumeClaim", "vol-claim").inputs.metadata;
            assert.deepEqual(sharedVolumesOf(pod)[1], {
                name: "shared-claim",
                persistentVolumeClaim: { claimName: name },
            });
            const variables = [
                ["HOPCOST_VOLUME", "/volume"],
                ["HOPCOST_CLAIM_VOLUME", "/volume-claim"],
            ];
            assert.deepEqual(volumeVariablesOf(pod), [variables, variables]);
            for (const { volumeMounts } of pod.containers) {
                assert.deepEqual(volumeMounts.at(-1), { name: "shared-claim", mountPath: "/volume-claim" });
            }
        });

        it("creates a new claim for another class or size, which can't be changed, and keeps it otherwise", async () => {
            const nameOf = async (args: Partial<SharedVolumePodArgs>) => {
                await podWith(args);
                return theOne("core/v1:PersistentVolumeClaim", "vol-claim").inputs.metadata.name;
            };
            const name = await nameOf({ storageClass: "standard" });
            assert.match(name, /^vol-claim-[0-9a-f]{12}$/);
            assert.equal(await nameOf({ storageClass: "standard", disk: true }), name);
            assert.notEqual(await nameOf({ storageClass: "other" }), name);
            assert.notEqual(await nameOf({ storageClass: "standard", sizeLimit: "1Gi" }), name);
        });
    });

    it("mounts the code, from which each container starts its own role's", async () => {
        const { volumes, containers } = await podWith();
        const code = theOne("core/v1:ConfigMap", "vol-code-files").inputs;
        const volume = volumes.find(({ name }: { name: string }) => name === "code");
        assert.deepEqual(volume.configMap, { name: code.metadata.name });
        for (const { name, command } of containers) {
            assert.deepEqual(command, ["node", `/hopcost/${name}.server.mjs`]);
            assert.ok(`${name}.server.mjs` in code.binaryData);
        }
    });

    it("has a Service that selects its own Pod, with a port for each agent", async () => {
        await startRecording();
        new SharedVolumePod("vol", good);
        new SharedVolumePod("other", good);
        await settled();
        const { selector, ports } = theOne("Service", "vol-pod").inputs.spec;
        const matches = (name: string) =>
            Object.entries(selector).every(([key, value]) => podOf(name).metadata.labels[key] === value);
        assert.deepEqual([matches("vol-pod"), matches("other-pod")], [true, false]);
        assert.deepEqual(ports, [
            { name: "writer", port: 7070, targetPort: 7070 },
            { name: "reader", port: 7071, targetPort: 7071 },
        ]);
        const listening = podOf("vol-pod").spec.containers.map(({ env }: { env: { name: string; value: string }[] }) =>
            Number(env.find(({ name }) => name === "HOPCOST_AGENT_PORT")?.value),
        );
        assert.deepEqual(listening, [7070, 7071]);
    });

    it("outputs its image, its placement, and its volumes", async () => {
        await startRecording();
        const all = { ...good, disk: true, storageClass: "local", medium: "Disk" } as const;
        const [{ targets: _, ...plain }, { targets: __, ...full }] = [
            new SharedVolumePod("vol", good).endpoints,
            new SharedVolumePod("other", all).endpoints,
        ];
        const alike = { image: good.image, placement: "same-node" };
        assert.deepEqual(plain, { ...alike, medium: "Memory", volumes: ["main"] });
        assert.deepEqual(full, { ...alike, medium: "Disk", volumes: ["main", "disk", "claim"] });
        await settled();
    });

    it("outputs its target, by its name in a plan", async () => {
        await startRecording();
        assert.deepEqual(await resolved(pulumi.output(new SharedVolumePod("vol", good).endpoints.targets.volume)), {
            initiator: { agent: "http://vol-pod:7070" },
            responder: { agent: "http://vol-pod:7071" },
        });
        await settled();
    });

    it("refuses all bad arguments at once, before anything is registered", async () => {
        await startRecording();
        const medium = "tmpfs" as VolumeMedium;
        const bad = { ...good, memory: "0", medium, sizeLimit: "big", storageClass: "Local_1" };
        assert.throws(() => new SharedVolumePod("bad", bad), {
            message: [
                'SharedVolumePod "bad": ',
                'memory must be a memory quantity above 0 such as "512Mi" or "1Gi", got "0"',
                'medium must be one of Memory, Disk, got "tmpfs"',
                'sizeLimit must be a memory quantity above 0 such as "512Mi" or "1Gi", got "big"',
                'storageClass must be the name of a StorageClass such as "standard" (`kubectl get storageclass` lists them), got "Local_1"',
            ].join("\n  "),
        });
        new SharedVolumePod("next", good);
        await settled();
        assert.ok(seen.length > 0);
        assert.deepEqual(
            seen.filter(({ name }) => name.startsWith("bad")),
            [],
        );
    });
});
