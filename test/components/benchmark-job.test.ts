import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Value } from "@sinclair/typebox/value";
import { BenchmarkJob, type BenchmarkJobArgs, imageOf } from "../../components/benchmark-job.ts";
import { codeHash } from "../../components/bundle.ts";
import type { Arm } from "../../model/arms.ts";
import { armsOf, Plan } from "../../model/plan.ts";
import { profiles } from "../../model/profiles.ts";
import packageJson from "../../package.json" with { type: "json" };
import {
    assertRestricted,
    image as imageOfAll,
    jobArgs,
    plan,
    planCells,
    resultsData,
    resultsOf,
    targets,
    topologies,
} from "./fixtures.ts";
import { childrenOf, cluster, counts, resolved, seen, settled, startRecording, theOne } from "./mocks.ts";

const good: BenchmarkJobArgs = { namespace: "bench", ...jobArgs(), ...topologies };
/** The plan's cells with other arms, at the same sizes. */
const cellsOf = (...arms: Arm[]) => planCells({ arms });
const jobOf = () => theOne("batch/v1:Job", "run-job").inputs;
const planOf = () => theOne("core/v1:ConfigMap", "run-plan").inputs;

async function runWith(args: Partial<BenchmarkJobArgs> = {}): Promise<BenchmarkJob> {
    await startRecording();
    const run = new BenchmarkJob("run", { ...good, ...args });
    await settled();
    return run;
}

describe("BenchmarkJob", () => {
    beforeEach(() => {
        cluster.configMapData = resultsData();
    });

    it("consists of the Job, its identity, plan, code and results, all its own children", async () => {
        await runWith();
        assert.deepEqual(counts(), {
            "hopcost:index:BenchmarkJob": 1,
            "hopcost:index:WorkloadCode": 1,
            "kubernetes:batch/v1:Job": 1,
            "kubernetes:core/v1:ConfigMap": 3,
            "kubernetes:core/v1:ServiceAccount": 1,
            "kubernetes:networking.k8s.io/v1:NetworkPolicy": 1,
            "kubernetes:rbac.authorization.k8s.io/v1:Role": 1,
            "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": 1,
        });
        const ofDriver = Array.from({ length: 4 }, () => "run-driver");
        const names = ["run-code", ...ofDriver, "run-job", "run-plan", "run-results"];
        assert.deepEqual(childrenOf("hopcost:index:BenchmarkJob::run").sort(), names);
    });

    it("allows the driver exactly what it needs, only in its namespace", async () => {
        await runWith();
        const { metadata, rules } = theOne(":Role", "run-driver").inputs;
        assert.equal(metadata.namespace, "bench");
        assert.deepEqual(rules, [
            { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "create", "update"] },
            { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
            { apiGroups: ["metrics.k8s.io"], resources: ["pods"], verbs: ["list"] },
            { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
        ]);
    });

    it("gives that Role only to the driver's account, whose token only the Job's Pod mounts", async () => {
        await runWith();
        const binding = theOne(":RoleBinding", "run-driver").inputs;
        assert.deepEqual(binding.roleRef, { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "run-driver" });
        assert.deepEqual(binding.subjects, [{ kind: "ServiceAccount", name: "run-driver", namespace: "bench" }]);
        assert.equal(theOne(":ServiceAccount", "run-driver").inputs.automountServiceAccountToken, false);
        const { serviceAccountName, automountServiceAccountToken } = jobOf().spec.template.spec;
        assert.deepEqual([serviceAccountName, automountServiceAccountToken], ["run-driver", true]);
    });

    it("runs the Job once within its deadline, keeps it until destroyed, and recreates it after a failure", async () => {
        await runWith();
        const { metadata, spec } = jobOf();
        assert.equal(metadata.name, "hopcost-7");
        assert.equal(metadata.annotations["pulumi.com/replaceUnready"], "true");
        assert.equal(metadata.labels["hopcost.io/run-id"], "7");
        assert.deepEqual([spec.backoffLimit, spec.activeDeadlineSeconds], [0, 240]);
        assert.equal(spec.template.spec.restartPolicy, "Never");
        assert.equal(spec.ttlSecondsAfterFinished, undefined);
    });

    it("gives the driver time for its last writes when it is stopped", async () => {
        await runWith();
        assert.ok(jobOf().spec.template.spec.terminationGracePeriodSeconds >= 25); // it takes up to 20
    });

    it("waits for the Job beyond its deadline, so that the Job's own reason is shown", async () => {
        await runWith();
        assert.equal(theOne("batch/v1:Job", "run-job").createTimeout, "300s");
    });

    it("passes PSS restricted, with memory request = limit", async () => {
        await runWith();
        const { spec } = jobOf().spec.template;
        assertRestricted(spec);
        assert.equal(spec.containers.length, 1);
        const { requests, limits } = spec.containers[0].resources;
        assert.equal(requests.memory, limits.memory);
    });

    it("mounts its code and its plan where the driver looks, read-only", async () => {
        await runWith();
        const { containers, volumes } = jobOf().spec.template.spec;
        const { command, image, volumeMounts, env } = containers[0];
        assert.deepEqual(command, ["node", "/hopcost/driver.mjs"]);
        assert.equal(image, imageOfAll);
        assert.deepEqual(volumeMounts, [
            { name: "code", mountPath: "/hopcost", readOnly: true },
            { name: "plan", mountPath: "/hopcost-plan", readOnly: true },
        ]);
        const code = theOne("core/v1:ConfigMap", "run-code-files").inputs;
        assert.ok("driver.mjs" in code.binaryData);
        assert.deepEqual(volumes, [
            { name: "code", configMap: { name: code.metadata.name } },
            { name: "plan", configMap: { name: planOf().metadata.name } },
        ]);
        const names = env.map(({ name }: { name: string }) => name);
        assert.deepEqual(names, ["HOPCOST_NAMESPACE", "HOPCOST_POD_NAME", "HOPCOST_NETWORK_POLICY"]);
    });

    it("writes a plan that fits the schema, with the settings and the targets", async () => {
        await runWith();
        const { metadata, immutable, data } = planOf();
        assert.equal(metadata.name, "hopcost-7-plan");
        assert.equal(immutable, true);
        const written = JSON.parse(data["plan.json"]);
        assert.ok(Value.Check(Plan, written), JSON.stringify([...Value.Errors(Plan, written)]));
        const own = { schemaVersion: 3, hopcostVersion: packageJson.version, codeHash: codeHash() };
        assert.deepEqual(written, { ...plan, ...own, image: imageOfAll, targets });
    });

    it("puts the URL of Prometheus into the plan, if there is one", async () => {
        const prometheusUrl = "http://metrics-prometheus:9090";
        await runWith({ prometheusUrl });
        const written = JSON.parse(planOf().data["plan.json"]);
        assert.ok(Value.Check(Plan, written), JSON.stringify([...Value.Errors(Plan, written)]));
        assert.equal(written.prometheusUrl, prometheusUrl);
        await runWith();
        assert.equal("prometheusUrl" in JSON.parse(planOf().data["plan.json"]), false);
    });

    it("replaces only the Job and the plan for a new run id", async () => {
        const first = await runWith().then(() => [...seen]);
        cluster.configMapData = resultsData({ runId: "8" });
        await runWith({ runId: "8" });
        const changed = seen.filter(({ type, name, inputs }) => {
            const before = first.find((other) => other.type === type && other.name === name);
            return JSON.stringify(before?.inputs) !== JSON.stringify(inputs);
        });
        // The component itself shows its arguments; the results are only read.
        const made = changed.filter(({ read, type }) => !read && type.startsWith("kubernetes:"));
        assert.deepEqual(made.map(({ name }) => name).sort(), ["run-job", "run-plan"]);
        assert.equal(jobOf().metadata.name, "hopcost-8");
        assert.equal(planOf().metadata.name, "hopcost-8-plan");
    });

    it("changes nothing if the arguments are the same", async () => {
        const inputs = () => JSON.stringify(seen.map(({ type, name, inputs }) => [type, name, inputs]).sort());
        const first = await runWith().then(inputs);
        assert.equal(await runWith().then(inputs), first);
    });

    it("outputs the results that the driver wrote for this run", async () => {
        const run = await runWith();
        assert.deepEqual(await resolved(run.results), resultsOf(plan));
        assert.equal(await resolved(run.summary), "Nothing was measured.");
        const { read, id } = theOne("core/v1:ConfigMap", "run-results");
        assert.deepEqual([read, id], [true, "bench/hopcost-7-results"]);
    });

    it("outputs an outline of results that are too large for a stack output, and the complete results", async () => {
        const warnings = Array.from({ length: 1000 }, (_, index) => `${index}: ${"x".repeat(100)}`);
        cluster.configMapData = resultsData({ warnings });
        const run = await runWith();
        assert.deepEqual((await resolved(run.results)).warnings, warnings);
        const outlined = await resolved(run.outline);
        assert.ok(JSON.stringify(outlined).length <= 64 * 1024);
        assert.deepEqual(outlined.environment, resultsOf(plan).environment);
    });

    it("reads nothing if manifests are only rendered", async () => {
        const run = await runWith({ readResults: false });
        assert.deepEqual([run.results, run.outline, run.summary], [undefined, undefined, undefined]);
        assert.equal(seen.filter(({ read }) => read).length, 0);
    });

    it("needs only the topologies of its arms", async () => {
        await startRecording();
        const { network } = topologies;
        new BenchmarkJob("run", { namespace: "bench", network, overrides: { cells: cellsOf("network/cluster-ip") } });
        await settled();
        const written = JSON.parse(planOf().data["plan.json"]);
        assert.deepEqual(Object.keys(written.targets), ["network", "cross-node"]);
    });

    it("measures what its profile says, as far as the topologies have it, in an order of its own for each run id", async () => {
        await startRecording();
        const { network, volume } = topologies;
        const planned = async (name: string, args: Partial<BenchmarkJobArgs>) => {
            new BenchmarkJob(name, { namespace: "bench", ...args });
            await settled();
            return JSON.parse(theOne("core/v1:ConfigMap", `${name}-plan`).inputs.data["plan.json"]);
        };
        const both = await planned("both", { network, volume });
        assert.ok(Value.Check(Plan, both), JSON.stringify([...Value.Errors(Plan, both)]));
        assert.deepEqual(armsOf(both), [...profiles.quick.arms]);
        assert.deepEqual([both.runId, both.profile, both.rounds, both.maxRounds], ["1", "quick", 3, 3]);
        const next = await planned("next", { network, volume, runId: "2" });
        assert.notEqual(next.seed, both.seed);
        const { network: near } = network.targets;
        const alone = { ...network, targets: { network: near } };
        const full = await planned("full", { network: alone, profile: "full", overrides: { rounds: 5 } });
        assert.deepEqual(armsOf(full), [
            "network/cluster-ip",
            "network/cluster-ip-repeat",
            "network/pod-ip",
            "floor/noop",
        ]);
        assert.deepEqual([full.rounds, full.maxRounds], [5, 5]);
        const main = { ...volume, volumes: ["main"] } as const;
        const files = armsOf(await planned("files", { volume: main, profile: "standard" }));
        assert.ok(files.includes("volume/fs-watch") && files.includes("network/localhost"));
        assert.ok(!files.includes("volume/disk") && !files.includes("volume/pvc"));
    });

    it("takes its image from the topologies, also if it is not known yet", async () => {
        const image = pulumi.output(Promise.resolve(imageOfAll));
        const { network, volume } = topologies;
        await runWith({ network: { ...network, image }, volume: { ...volume, image } });
        assert.equal(jobOf().spec.template.spec.containers[0].image, imageOfAll);
        assert.equal(JSON.parse(planOf().data["plan.json"]).image, imageOfAll);
    });

    it("refuses arms that the topologies don't have, before anything is registered", async () => {
        await startRecording();
        const { network, volume } = topologies;
        const refused = (args: Partial<BenchmarkJobArgs>, ...problems: string[]) =>
            assert.throws(() => new BenchmarkJob("bad", { namespace: "bench", ...args }), {
                message: `BenchmarkJob "bad": ${problems.length === 1 ? problems[0] : problems.map((it) => `\n  ${it}`).join("")}`,
            });
        refused(
            { network, overrides: { cells: plan.cells } },
            "volume must be the endpoints of a SharedVolumePod, which the arm volume/chokidar must have",
        );
        const { network: near } = network.targets;
        refused(
            {
                network: { ...network, targets: { network: near } },
                volume: { ...volume, volumes: ["main"] },
                overrides: { cells: cellsOf("network/cross-node", "volume/disk", "volume/disk-fsync", "volume/pvc") },
            },
            "network must be a NetworkPair with crossNode, which the arm network/cross-node must have",
            "volume must be a SharedVolumePod with disk, which the arms volume/disk, volume/disk-fsync must have",
            "volume must be a SharedVolumePod with storageClass, which the arm volume/pvc must have",
        );
        refused(
            { volume, overrides: { cells: cellsOf("network/cluster-ip") } },
            "network must be the endpoints of a NetworkPair, which the arm network/cluster-ip must have",
        );
        refused({}, "network or volume must be given: the endpoints of a NetworkPair, of a SharedVolumePod, or both");
        await nothingOf("bad");
    });

    it("refuses topologies that differ in more than the channel, before anything is registered", async () => {
        await startRecording();
        const { network, volume } = topologies;
        assert.throws(
            () => new BenchmarkJob("bad", { ...good, volume: { ...volume, image: "node:25", placement: "any" } }),
            /the same placement, .*; got "same-node" and "any"\n.*the same image, .*; got "registry\..*" and "node:25"$/,
        );
        await nothingOf("bad");
        const late = pulumi.output(Promise.resolve("node:25"));
        const image = imageOf({ network, volume: { ...volume, image: late } });
        const known = (pulumi.output(image) as unknown as { promise(): Promise<string> }).promise();
        await assert.rejects(known, /the same image, got registry\.example\S+ and node:25/);
    });

    it("refuses an impossible plan, before anything is registered", async () => {
        await startRecording();
        const bad = (args: Partial<BenchmarkJobArgs>) => () => new BenchmarkJob("bad", { ...good, ...args });
        assert.throws(
            bad({ runId: "No", overrides: { rounds: 0, cells: [] } }),
            /^Error: BenchmarkJob "bad": \n {2}runId: .*, got "No"\n {2}overrides\.cells: .*, got \[\]\n {2}overrides\.rounds: expected integer to be greater or equal to 1, got 0\n/,
        );
        const unavailable = [{ arm: armsOf(plan)[1] as string, reason: "there is none" }];
        assert.throws(bad({ overrides: { ...jobArgs().overrides, maxRounds: 2, unavailable } }), {
            message: [
                'BenchmarkJob "bad": ',
                "overrides.maxRounds must be at least rounds (3), got 2",
                'overrides.unavailable must not name an arm of cells, got "volume/chokidar"',
            ].join("\n  "),
        });
        assert.throws(bad({ profile: "fast" as "quick" }), /profile must be one of quick, standard, full, got "fast"$/);
        await nothingOf("bad");
    });
});

/** Asserts that a component of that name created nothing, although a later one did. */
async function nothingOf(name: string): Promise<void> {
    new BenchmarkJob("next", good);
    await settled();
    assert.ok(seen.length > 0);
    assert.deepEqual(
        seen.filter((resource) => resource.name.startsWith(name)),
        [],
    );
}
