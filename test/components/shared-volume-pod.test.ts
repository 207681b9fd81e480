import assert from "node:assert/strict";
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

describe("SharedVolumePod", () => {
    it("is one Deployment of one Pod with both containers, one Service, and the code of both roles", async () => {
        const { containers } = await podWith();
        assert.deepEqual(
            containers.map(({ name }: { name: string }) => name),
            ["writer", "reader"],
        );
        assert.deepEqual(counts(), {
            "hopcost:index:SharedVolumePod": 1,
            "hopcost:index:WorkloadCode": 2,
            "kubernetes:apps/v1:Deployment": 1,
            "kubernetes:core/v1:ConfigMap": 2,
            "kubernetes:core/v1:Service": 1,
        });
        assert.deepEqual(childrenOf("hopcost:index:SharedVolumePod::vol").sort(), [
            "vol-control",
            "vol-pod",
            "vol-reader-code",
            "vol-writer-code",
        ]);
        for (const { type, inputs } of seen) {
            if (type.startsWith("kubernetes:")) assert.equal(inputs.metadata.namespace, "bench", type);
        }
    });

    it("shares the declared volume, and nothing else, between its containers", async () => {
        const { containers, volumes } = await podWith({ medium: "Memory", sizeLimit: "64Mi" });
        const shared = volumes.filter(({ emptyDir }: { emptyDir?: object }) => emptyDir);
        assert.deepEqual(shared, [{ name: "shared", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } }]);
        const mounts: { name: string; mountPath: string }[][] = containers.map(
            ({ volumeMounts }: { volumeMounts: object[] }) => volumeMounts,
        );
        for (const [index, role] of ["writer", "reader"].entries()) {
            assert.deepEqual(mounts[index], [
                { name: `${role}-code`, mountPath: "/hopcost", readOnly: true },
                { name: "shared", mountPath: "/volume" },
            ]);
        }
        for (const { env } of containers) {
            assert.equal(env.find(({ name }: { name: string }) => name === "HOPCOST_VOLUME").value, "/volume");
        }
    });

    it("is on tmpfs of 128 MiB by default, and on the node's disk where that is asked for", async () => {
        const volumeOf = ({ volumes }: { volumes: { name: string }[] }) =>
            volumes.find(({ name }) => name === "shared");
        assert.deepEqual(volumeOf(await podWith()), {
            name: "shared",
            emptyDir: { medium: "Memory", sizeLimit: "128Mi" },
        });
        assert.deepEqual(volumeOf(await podWith({ medium: "Disk" })), {
            name: "shared",
            emptyDir: { sizeLimit: "128Mi" },
        });
    });

    it("mounts the code of its own role into each container", async () => {
        const { volumes } = await podWith();
        for (const role of ["writer", "reader"]) {
            const code = theOne("core/v1:ConfigMap", `vol-${role}-code-files`).inputs;
            assert.ok(`${role}.server.mjs.br` in code.binaryData);
            const volume = volumes.find(({ name }: { name: string }) => name === `${role}-code`);
            assert.deepEqual(volume.configMap, { name: code.metadata.name });
        }
    });

    it("selects its own Pod with the Service, which has a port for each control server", async () => {
        await startRecording();
        new SharedVolumePod("vol", good);
        new SharedVolumePod("other", good);
        await settled();
        const { selector, ports } = theOne("Service", "vol-control").inputs.spec;
        const matches = (name: string) =>
            Object.entries(selector).every(([key, value]) => podOf(name).metadata.labels[key] === value);
        assert.deepEqual([matches("vol-pod"), matches("other-pod")], [true, false]);
        assert.deepEqual(ports, [
            { name: "writer", port: 7070, targetPort: 7070 },
            { name: "reader", port: 7071, targetPort: 7071 },
        ]);
        const listening = podOf("vol-pod").spec.containers.map(({ env }: { env: { name: string; value: string }[] }) =>
            Number(env.find(({ name }) => name === "HOPCOST_CONTROL_PORT")?.value),
        );
        assert.deepEqual(listening, [7070, 7071]);
    });

    it("says where it is reached, as a plan names it", async () => {
        await startRecording();
        assert.deepEqual(await resolved(new SharedVolumePod("vol", good).endpoints), {
            initiator: { control: "http://vol-control:7070" },
            responder: { control: "http://vol-control:7071" },
        });
        await settled();
    });

    it("refuses all bad arguments at once, before anything is registered", async () => {
        await startRecording();
        const bad = { ...good, memory: "0", medium: "tmpfs" as VolumeMedium, sizeLimit: "big" };
        assert.throws(() => new SharedVolumePod("bad", bad), {
            message: [
                'SharedVolumePod "bad": ',
                'memory must be a memory quantity above 0 such as "512Mi" or "1Gi", got "0"',
                'medium must be one of Memory, Disk, got "tmpfs"',
                'sizeLimit must be a memory quantity above 0 such as "512Mi" or "1Gi", got "big"',
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
