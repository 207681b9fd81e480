import assert from "node:assert/strict";
import { Value } from "@sinclair/typebox/value";
import { BenchmarkJob, type BenchmarkJobArgs } from "../../components/benchmark-job.ts";
import type { BenchmarkPlan } from "../../components/benchmark-plan.ts";
import { codeHash } from "../../components/bundle.ts";
import type { Arm } from "../../model/arms.ts";
import { armsOf, Plan } from "../../model/plan.ts";
import packageJson from "../../package.json" with { type: "json" };
import { assertRestricted, plan, planCells, resultsData, resultsOf, targets } from "./fixtures.ts";
import { childrenOf, cluster, counts, resolved, seen, settled, startRecording, theOne } from "./mocks.ts";

const good: BenchmarkJobArgs = { namespace: "bench", plan, targets };
/** The plan with other arms, at the same sizes. */
const planWith = (...arms: Arm[]): BenchmarkPlan => ({ ...plan, cells: planCells({ arms }) });
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
        assert.equal(image, plan.image);
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
        assert.deepEqual(written, { ...plan, ...own, targets });
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
        await runWith({ plan: { ...plan, runId: "8" } });
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
        const { network } = targets;
        new BenchmarkJob("run", { namespace: "bench", plan: planWith("network/cluster-ip"), targets: { network } });
        await settled();
        const written = JSON.parse(planOf().data["plan.json"]);
        assert.deepEqual(written.targets, { network });
    });

    it("refuses arms without their topologies, before anything is registered", async () => {
        await startRecording();
        const { network, "cross-node": crossNode } = targets;
        const refused = (targets: BenchmarkJobArgs["targets"], plan: BenchmarkPlan, message: string) =>
            assert.throws(() => new BenchmarkJob("bad", { namespace: "bench", plan, targets }), { message });
        refused(
            { network },
            plan,
            'BenchmarkJob "bad": targets must have "volume", since the plan has the arm volume/chokidar',
        );
        refused(
            { network },
            planWith("network/cross-node", "network/localhost", "volume/pvc"),
            [
                'BenchmarkJob "bad": ',
                'targets must have "cross-node", since the plan has the arm network/cross-node',
                'targets must have "volume", since the plan has the arms network/localhost, volume/pvc',
            ].join("\n  "),
        );
        refused(
            { "cross-node": crossNode },
            planWith("network/cluster-ip"),
            'BenchmarkJob "bad": targets must have "network", since the plan has the arm network/cluster-ip',
        );
        await nothingOf("bad");
    });

    it("refuses an impossible plan, before anything is registered", async () => {
        await startRecording();
        const impossible = { ...plan, runId: "No", rounds: 0, cells: [] };
        assert.throws(
            () => new BenchmarkJob("bad", { ...good, plan: impossible }),
            /^Error: BenchmarkJob "bad": \n {2}plan\.runId: .*, got "No"\n {2}plan\.cells: .*, got \[\]\n {2}plan\.rounds: expected integer to be greater or equal to 1, got 0$/,
        );
        const unavailable = [{ arm: armsOf(plan)[1] as string, reason: "there is none" }];
        assert.throws(() => new BenchmarkJob("bad", { ...good, plan: { ...plan, maxRounds: 2, unavailable } }), {
            message: [
                'BenchmarkJob "bad": ',
                "plan.maxRounds must be at least rounds (3), got 2",
                'plan.unavailable must not name an arm of cells, got "volume/chokidar"',
            ].join("\n  "),
        });
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
