import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseResults } from "../../model/parse.ts";
import { sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { languageHostFolder, pulumiTools } from "../../sandbox/toolchain/pulumi-tools.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { type Ended, hopcost, type Running, start } from "../support/command.ts";
import { eventually, minutes, namespaces, removeNamespace, sandboxClients, shortRun } from "./support.ts";

const namespace = "hopcost-plain-up";
const small = { ...shortRun, "hopcost:namespace": namespace, "hopcost:rounds": 1 };

const up = ["up", "--yes", "--stack", "dev", "--skip-preview"];

describe("plain pulumi up --stack dev", function () {
    this.timeout(minutes(10));
    let folder = "";
    let pulumi: (...args: string[]) => Running;
    const succeeds = async (...args: string[]): Promise<string> => {
        const { code, stdout, stderr }: Ended = await pulumi(...args).ended;
        assert.equal(code, 0, `pulumi ${args.join(" ")}\n${stdout}\n${stderr}`);
        return stdout;
    };

    before(async () => {
        await sandboxUp(() => {});
        folder = checkoutWith({ ...small, "hopcost:runId": "first" });
        const tools = await pulumiTools(() => {});
        const state = join(folder, ".hopcost", "plain-state");
        mkdirSync(state, { recursive: true });
        const env = {
            ...tools.env,
            TMPDIR: state, // the provider leaves copies of the kubeconfig there
            PULUMI_BACKEND_URL: pathToFileURL(state).href,
            PULUMI_CONFIG_PASSPHRASE: "",
            PATH: [await languageHostFolder(() => {}), dirname(process.execPath), process.env.PATH].join(":"),
        };
        pulumi = (...args) => start(tools.command, [...args, "--non-interactive"], folder, env);
        await succeeds("stack", "init", "dev");
    });
    after(async () => {
        await pulumi("destroy", "--yes", "--stack", "dev").ended; // if a test failed half-way
        await removeNamespace(namespace);
        removeCheckout(folder);
    });

    const jobs = async () => {
        const { items } = await sandboxClients().batch.listNamespacedJob({ namespace });
        return items.map(({ metadata }) => ({ name: metadata?.name, uid: metadata?.uid }));
    };
    const pods = async () => (await sandboxClients().core.listNamespacedPod({ namespace })).items;
    const measuredPods = async () =>
        (await pods()).filter((pod) => pod.metadata?.labels?.["hopcost.io/measured"] === "true");
    const output = async (name: string, ...options: string[]) =>
        await succeeds("stack", "output", name, ...options, "--stack", "dev");
    const results = async () => parseResults(await output("results", "--json"));

    it("refuses a namespace that exists, and leaves it as it is", async () => {
        const { core } = sandboxClients();
        await core.createNamespace({ body: { metadata: { name: namespace, labels: { mine: "yes" } } } });
        const { code, stdout, stderr } = await pulumi(...up).ended;
        assert.notEqual(code, 0);
        assert.match(stdout + stderr, new RegExp(`"${namespace}".* delete namespace ${namespace}`));
        await succeeds("destroy", "--yes", "--stack", "dev");
        const { labels } = (await core.readNamespace({ name: namespace })).metadata ?? {};
        assert.deepEqual(labels, { mine: "yes", "kubernetes.io/metadata.name": namespace });
        assert.equal((await core.listNamespacedConfigMap({ namespace })).items.length, 1); // the cluster's own
        await removeNamespace(namespace);
    });

    it("outputs the results in the published schema", async () => {
        await succeeds("up", "--yes", "--stack", "dev");
        const { runId, complete, cells, summary } = await results();
        assert.equal(runId, "first");
        assert.equal(complete, true);
        assert.equal(cells.length, 6); // of both main arms, and of the noise floor
        assert.equal((await output("summary")).trim(), summary);
        assert.equal((await output("context")).trim(), "hopcost-sandbox");
    });

    it("runs both topologies in a namespace that enforces PSS restricted, with memory request = limit, on one node", async () => {
        const found = await sandboxClients().core.readNamespace({ name: namespace });
        assert.equal(found.metadata?.labels?.["pod-security.kubernetes.io/enforce"], "restricted");
        const measured = await measuredPods();
        const containers = measured.flatMap((pod) => pod.spec?.containers ?? []);
        assert.deepEqual(containers.map(({ name }) => name).sort(), ["reader", "receiver", "sender", "writer"]);
        for (const { resources } of containers) {
            assert.ok(resources?.requests?.memory);
            assert.equal(resources.requests.memory, resources.limits?.memory);
        }
        assert.equal(new Set(measured.map((pod) => pod.spec?.nodeName)).size, 1);
    });

    it("deploys no metrics if they are turned off, as hopcost metrics says", async () => {
        const { items } = await sandboxClients().apps.listNamespacedDeployment({ namespace });
        assert.deepEqual(items.map(({ metadata }) => metadata?.name).sort(), ["net-receiver", "net-sender", "vol-pod"]);
        assert.equal((await results()).metrics, undefined);
        const { code, stderr } = await hopcost(folder, "metrics").ended;
        assert.equal(code, 3, stderr);
        assert.match(stderr, /hopcost:metrics is "false"/);
    });

    it("changes nothing when it is called again", async () => {
        const before = await jobs();
        await succeeds(...up, "--expect-no-changes");
        assert.deepEqual(await jobs(), before);
    });

    it("replaces only the Job for a new run id, and resumes after the last finished trial if the driver Pod was killed", async () => {
        const before = (await measuredPods()).map((pod) => pod.metadata?.uid).sort();
        setConfig(folder, { "hopcost:runId": "second", "hopcost:rounds": 4 });
        const killed = pulumi(...up);
        const labelSelector = "hopcost.io/run-id=second,hopcost.io/kind=trial";
        const journal = async () => {
            const { items } = await sandboxClients().core.listNamespacedConfigMap({ namespace, labelSelector });
            return new Map(items.map(({ metadata, data }) => [metadata?.name, data?.["trial.json"]]));
        };
        const finished = await eventually("two finished trials", 120, async () => {
            const found = await journal().catch(() => undefined);
            return found && found.size >= 2 ? found : undefined;
        });
        const driver = (await pods()).find((pod) => pod.metadata?.name?.startsWith("hopcost-second"));
        await sandboxClients().core.deleteNamespacedPod({
            namespace,
            name: driver?.metadata?.name ?? "",
            gracePeriodSeconds: 0,
        });
        assert.notEqual((await killed.ended).code, 0);
        await succeeds(...up);
        const afterwards = await journal();
        assert.equal(afterwards.size, 12);
        for (const [name, trial] of finished) assert.equal(afterwards.get(name), trial);
        const { runId, complete, trials } = await results();
        assert.deepEqual([runId, complete, trials.ok + trials.noisy], ["second", true, 12]);
        assert.deepEqual(
            (await jobs()).map(({ name }) => name),
            ["hopcost-second"],
        );
        assert.deepEqual((await measuredPods()).map((pod) => pod.metadata?.uid).sort(), before);
    });

    it("leaves no namespace after destroy", async () => {
        await succeeds("destroy", "--yes", "--stack", "dev");
        assert.ok(!(await namespaces()).includes(namespace));
    });
});
