import assert from "node:assert/strict";
import { instancesOfEach } from "../../components/scenario-instances.ts";
import { drainedLabel } from "../../model/names.ts";
import { ledgerPath, schedulePath } from "../../model/ports.ts";
import type { Instance } from "../../model/scenarios.ts";
import { good, program } from "../program.ts";
import { ofKind, theOne } from "./mocks.ts";

const hurt = () => ofKind("apps/v1:Deployment").filter(({ name }) => name.startsWith("hurt-"));
const rules = () => theOne("v1:Role", "run-driver").inputs.rules as { resources: string[]; verbs: string[] }[];
const verbsOn = (resource: string) => {
    const verbs = rules().flatMap(({ resources, verbs }) => (resources.includes(resource) ? verbs : []));
    return [...new Set(verbs)].sort();
};

describe("the instances that scenarios hurt", () => {
    it("are not there without scenarios, and the driver may do nothing for them", async () => {
        await program(good);
        assert.deepEqual(hurt(), []);
        assert.deepEqual(verbsOn("pods"), ["list"]);
        for (const resource of ["deployments/scale", "networkpolicies", "pods/resize"])
            assert.deepEqual(verbsOn(resource), []);
    });

    it("have no Pods until the driver wants some, and several of each topology may have them at once", async () => {
        await program({ ...good, "hopcost:scenarios": "kill-process" });
        const names = hurt().map(({ name }) => name);
        assert.equal(names.length, 3 * instancesOfEach); // sender and receiver, and the Pod of the volume
        assert.ok(hurt().every(({ inputs }) => inputs.spec.replicas === 0));
        assert.ok(hurt().every(({ inputs }) => inputs.metadata.annotations["pulumi.com/skipAwait"] === "true"));
        const plan = JSON.parse(theOne("v1:ConfigMap", "run-plan").inputs.data["plan.json"]);
        const deployments = plan.instances.flatMap(({ deployments }: { deployments: string[] }) => deployments);
        assert.deepEqual(
            deployments.sort(),
            hurt()
                .map(({ inputs }) => inputs.metadata.name)
                .sort(),
        );
    });

    it("are only of the topologies that the scenarios hurt", async () => {
        await program({ ...good, "hopcost:scenarios": "volume-full" });
        assert.ok(hurt().length > 0 && hurt().every(({ name }) => name.startsWith("hurt-vol-")));
    });

    it("are alike in both topologies: image, resources, probes, grace period, ledger and schedule", async () => {
        await program({ ...good, "hopcost:scenarios": "all", "hopcost:cpuLimit": "2" });
        const containers = hurt().flatMap(({ inputs }) => inputs.spec.template.spec.containers);
        assert.ok(containers.length > 0);
        const [first] = containers;
        for (const { image, resources, env, volumeMounts, startupProbe } of containers) {
            assert.equal(image, first.image);
            assert.deepEqual(resources, first.resources);
            assert.equal(startupProbe.periodSeconds, first.startupProbe.periodSeconds);
            const paths = volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
            assert.ok(paths.includes(ledgerPath) && paths.some((path: string) => schedulePath.startsWith(`${path}/`)));
            assert.ok(env.some(({ name }: { name: string }) => name === "HOPCOST_LEDGER"));
        }
        const responders = containers.filter(({ name }) => name === "receiver" || name === "reader");
        const probes = responders.map(({ readinessProbe, livenessProbe }) =>
            [readinessProbe, livenessProbe].map(({ httpGet, ...how }) => ({ path: httpGet.path, ...how })),
        );
        assert.equal(new Set(probes.map((probe) => JSON.stringify(probe))).size, 1);
        const graces = hurt()
            .filter(({ name }) => !name.endsWith("sender"))
            .map(({ inputs }) => inputs.spec.template.spec.terminationGracePeriodSeconds);
        assert.deepEqual([...new Set(graces)], [5]);
    });

    it("don't count as measured, are gathered with each other if that is possible, and avoid a node from which they were drained", async () => {
        await program({ ...good, "hopcost:scenarios": "all" });
        for (const { inputs } of hurt()) {
            const { metadata, spec } = inputs.spec.template;
            assert.equal(metadata.labels["hopcost.io/measured"], undefined);
            assert.equal(metadata.labels["hopcost.io/scenario"], "true");
            const { podAffinity, podAntiAffinity } = spec.affinity;
            const [{ podAffinityTerm }] = podAffinity.preferredDuringSchedulingIgnoredDuringExecution;
            assert.deepEqual(podAffinityTerm.labelSelector.matchLabels, { "hopcost.io/scenario": "true" });
            const [away] = podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;
            const instance = metadata.labels["app.kubernetes.io/instance"];
            assert.deepEqual(away.labelSelector.matchLabels, { [drainedLabel]: instance });
            assert.equal(away.topologyKey, "kubernetes.io/hostname");
        }
    });

    it("keep a pair apart with the placement cross-node, and leave all to the scheduler with any", async () => {
        const antiAffinities = async (placement: string) => {
            await program({ ...good, "hopcost:scenarios": "kill-process", "hopcost:placement": placement });
            return hurt().map(({ inputs }) => {
                const { podAffinity, podAntiAffinity } = inputs.spec.template.spec.affinity;
                const avoided = podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.flatMap(
                    ({ labelSelector }: { labelSelector: { matchLabels: object } }) =>
                        Object.keys(labelSelector.matchLabels),
                );
                const part = inputs.metadata.labels["app.kubernetes.io/component"];
                return { part, avoided, isGathered: podAffinity !== undefined };
            });
        };
        for (const { part, avoided, isGathered } of await antiAffinities("cross-node")) {
            assert.deepEqual(avoided, part === "receiver" ? [drainedLabel, "hopcost.io/initiator"] : [drainedLabel]);
            assert.equal(isGathered, part !== "receiver");
        }
        for (const { avoided, isGathered } of await antiAffinities("any")) {
            assert.deepEqual([avoided, isGathered], [[drainedLabel], false]);
        }
    });

    it("have a PodDisruptionBudget, which allows evictions, only for scenarios that evict", async () => {
        await program({ ...good, "hopcost:scenarios": "kill-process" });
        assert.deepEqual(ofKind("v1:PodDisruptionBudget"), []);
        await program({ ...good, "hopcost:scenarios": "drain" });
        const budgets = ofKind("v1:PodDisruptionBudget");
        assert.equal(budgets.length, 2 * instancesOfEach);
        assert.ok(budgets.every(({ inputs }) => inputs.spec.minAvailable === 0));
        const plan = JSON.parse(theOne("v1:ConfigMap", "run-plan").inputs.data["plan.json"]);
        assert.deepEqual(
            plan.instances.map(({ budget }: { budget: string }) => budget).sort(),
            budgets.map(({ inputs }) => inputs.metadata.name).sort(),
        );
    });

    it("have the volumes that the scenarios need; one with a claim is apart, and keeps its ledger on it", async () => {
        await program({ ...good, "hopcost:scenarios": "delete-pod,volume-full", "hopcost:storageClass": "fast" });
        const plan = JSON.parse(theOne("v1:ConfigMap", "run-plan").inputs.data["plan.json"]);
        const volumes = plan.instances.map(({ name, volumes }: { name: string; volumes?: string[] }) => [
            name,
            volumes,
        ]);
        for (const [name, of] of volumes) {
            const kinds: Record<string, string[] | undefined> = { vol: ["main", "disk"], claim: ["claim"] };
            assert.deepEqual(of, kinds[name.split("-")[1]], name);
        }
        assert.equal(volumes.length, 2 * instancesOfEach + 1);
        const [claim] = hurt().filter(({ name }) => name.startsWith("hurt-claim"));
        for (const { env, volumeMounts } of claim?.inputs.spec.template.spec.containers ?? assert.fail()) {
            const { value } = env.find(({ name }: { name: string }) => name === "HOPCOST_LEDGER");
            assert.ok(
                volumeMounts.some(({ mountPath, name }: { mountPath: string; name: string }) => {
                    return name === "shared-claim" && value.startsWith(`${mountPath}/`);
                }),
            );
        }
        const claims = ofKind("v1:PersistentVolumeClaim").map(({ inputs }) => inputs.spec.storageClassName);
        assert.deepEqual(claims, ["fast"]);
    });

    it("may have several Pods where scenarios need them, in some of them; a native sidecar has one of its own", async () => {
        const instancesFor = async (scenarios: string): Promise<Instance[]> => {
            await program({ ...good, "hopcost:scenarios": scenarios });
            return JSON.parse(theOne("v1:ConfigMap", "run-plan").inputs.data["plan.json"]).instances;
        };
        const several = (await instancesFor("scaling")).filter(({ replicas }) => replicas === 4);
        assert.deepEqual(several.map(({ topology }) => topology).sort(), ["network", "volume"]);
        const two = (await instancesFor("drain/budget-of-two")).filter(({ replicas }) => replicas === 2);
        assert.equal(two.length, 4);
        const scaled = (await instancesFor("scaling")).filter(({ replicas }) => replicas === 3);
        assert.deepEqual(scaled.map(({ topology }) => topology).sort(), [
            "network",
            "network",
            "network",
            "volume",
            "volume",
            "volume",
        ]);
        assert.ok((await instancesFor("kill-process")).every(({ replicas }) => replicas === undefined));
        const rolled = await instancesFor("rolling-update-sidecar");
        assert.deepEqual(
            rolled.filter(({ sidecar }) => sidecar).map(({ name }) => name),
            ["hurt-sidecar"],
        );
        assert.equal(rolled.length, instancesOfEach + 1);
        const [deployment] = hurt().filter(({ name }) => name.startsWith("hurt-sidecar"));
        const { initContainers, containers } = deployment?.inputs.spec.template.spec ?? assert.fail();
        assert.deepEqual(
            [initContainers, containers].map(([{ name }]) => name),
            ["reader", "writer"],
        );
    });

    it("give the driver exactly the verbs of the chosen scenarios", async () => {
        const may = async (scenarios: string) => {
            await program({ ...good, "hopcost:scenarios": scenarios });
            return {
                pods: verbsOn("pods"),
                scale: verbsOn("deployments/scale"),
                resize: verbsOn("pods/resize"),
                policies: verbsOn("networkpolicies"),
            };
        };
        const least = { pods: ["list", "watch"], scale: ["patch"], resize: [], policies: [] };
        assert.deepEqual(await may("kill-process,hang"), least);
        assert.deepEqual(await may("cpu-starved"), { ...least, resize: ["patch"] });
        assert.deepEqual(await may("partition"), { ...least, policies: ["get", "patch"] });
        assert.deepEqual((await may("delete-pod")).pods, ["delete", "list", "watch"]);
        assert.deepEqual((await may("drain/no-budget")).pods, ["list", "patch", "watch"]);
        assert.deepEqual(verbsOn("pods/eviction"), ["create"]);
        assert.deepEqual(verbsOn("poddisruptionbudgets"), []);
        for (const rollout of ["rolling-update/surge", "rolling-update-both", "rolling-update-sidecar"]) {
            await may(rollout);
            assert.deepEqual(verbsOn("deployments"), ["patch"]);
        }
        assert.deepEqual(await may("scale-out,scale-in"), least);
        assert.deepEqual(verbsOn("deployments"), []);
        assert.deepEqual(await may("density"), least);
        await may("autoscale");
        assert.deepEqual(verbsOn("horizontalpodautoscalers"), ["create", "delete", "get"]);
        assert.deepEqual(verbsOn("deployments"), ["get"]);
        await may("drain/budget");
        assert.deepEqual(verbsOn("deployments"), []);
        assert.deepEqual(verbsOn("poddisruptionbudgets"), ["get", "patch"]);
    });
});
