import assert from "node:assert/strict";
import { NetworkPair } from "../../components/network-pair.ts";
import { SharedVolumePod } from "../../components/shared-volume-pod.ts";
import type { AvailabilityArgs } from "../../model/availability.ts";
import { textsOf } from "../support/texts.ts";
import { ofKind, seen, settled, startRecording, theOne } from "./mocks.ts";

const asText = textsOf("components/availability");
const good = { namespace: "bench", image: "registry.example/node:24.21.0" };
const specOf = (name: string) => theOne("apps/v1:Deployment", name).inputs.spec;

/** Both topologies, with the same availability. */
async function deployed(availability?: AvailabilityArgs): Promise<void> {
    await startRecording();
    const args = { ...good, ...(availability && { availability }) };
    new NetworkPair("net", args);
    new SharedVolumePod("vol", args);
    await settled();
}

describe("the availability of a topology", () => {
    it("is by default one Pod that nothing probes once it has started, replaces beside another, or protects", async () => {
        await deployed();
        for (const name of ["net-sender", "net-receiver", "vol-pod"]) {
            const { replicas, strategy, template } = specOf(name);
            assert.deepEqual([replicas, strategy], [1, { type: "Recreate" }], name);
            assert.equal(template.spec.terminationGracePeriodSeconds, 1, name);
            for (const container of template.spec.containers) {
                assert.ok(container.startupProbe, name);
                for (const absent of ["readinessProbe", "livenessProbe", "lifecycle"])
                    assert.ok(!(absent in container));
            }
        }
        assert.deepEqual(ofKind("PodDisruptionBudget"), []);
    });

    it("is that of receiver, writer and reader alike, and leaves the sender as it is", async () => {
        await deployed({
            replicas: 3,
            update: { maxSurge: 1, maxUnavailable: 0 },
            startup: { failureThreshold: 7 },
            readiness: {},
            liveness: { periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 4 },
            preStopSeconds: 5,
            graceSeconds: 30,
            minAvailable: 2,
        });
        for (const name of ["net-receiver", "vol-pod"]) {
            const { replicas, strategy, template } = specOf(name);
            assert.equal(replicas, 3);
            assert.deepEqual(strategy, { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
            assert.equal(template.spec.terminationGracePeriodSeconds, 30);
            for (const container of template.spec.containers) {
                const { startupProbe, readinessProbe, livenessProbe, lifecycle, ports } = container;
                const { httpGet: _, ...starting } = startupProbe;
                assert.deepEqual(starting, { periodSeconds: 1, timeoutSeconds: 5, failureThreshold: 7 });
                const get = (path: string) => ({ path, port: ports[0].containerPort });
                assert.deepEqual(readinessProbe, {
                    httpGet: get("/readyz"),
                    periodSeconds: 1,
                    timeoutSeconds: 1,
                    failureThreshold: 3,
                });
                assert.deepEqual(livenessProbe, {
                    httpGet: get("/livez"),
                    periodSeconds: 5,
                    timeoutSeconds: 2,
                    failureThreshold: 4,
                });
                assert.match(lifecycle.preStop.exec.command.join(" "), /^node .* 5000\)$/);
            }
            const { minAvailable, selector } = theOne("PodDisruptionBudget", name).inputs.spec;
            assert.equal(minAvailable, 2);
            assert.deepEqual(selector, specOf(name).selector);
        }
        assert.equal(ofKind("PodDisruptionBudget").length, 2);
        const { replicas, template } = specOf("net-sender");
        assert.equal(replicas, 1);
        assert.ok(!("livenessProbe" in template.spec.containers[0]));
    });

    it("is refused with everything that is wrong, before anything is registered", async () => {
        await startRecording();
        const bad = {
            replicas: -1,
            update: { maxSurge: 0, maxUnavailable: 0 },
            readiness: { periodSeconds: 0.5 },
            liveness: { timeoutSeconds: 61, failureThreshold: 0 },
            preStopSeconds: 301,
            graceSeconds: 1,
            minAvailable: 1,
        };
        for (const [what, make] of [
            ["NetworkPair", () => new NetworkPair("net", { ...good, availability: bad })],
            ["SharedVolumePod", () => new SharedVolumePod("vol", { ...good, availability: bad })],
        ] as const) {
            assert.throws(make, ({ message }: Error) => {
                asText(`${what} with a bad availability`, message);
                return true;
            });
        }
        await settled();
        assert.deepEqual(seen, []);
        const update = "Rolling" as "Recreate";
        assert.throws(() => new NetworkPair("net", { ...good, availability: { update } }), /update .*got "Rolling"$/);
    });
});
