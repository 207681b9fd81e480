import assert from "node:assert/strict";
import { basename } from "node:path";
import type { BatchV1Api, CoreV1Api, NetworkingV1Api, V1NetworkPolicySpec } from "@kubernetes/client-node";
import { labelsOf } from "../../components/measured-pod.ts";
import { jobName, planName, resultsName, runIdLabel } from "../../model/names.ts";
import { sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { createRestrictedNamespace } from "../sandbox/restricted-pod.ts";
import { checkoutWith, removeCheckout } from "../support/checkout.ts";
import { type Ended, hopcost } from "../support/command.ts";
import { createListener, reachableFrom } from "./reach.ts";
import {
    eventually,
    inControlNode,
    minutes,
    namespaces,
    newestRun,
    removeNamespace,
    sandboxClients,
    shortRun,
} from "./support.ts";

const namespace = "hopcost-enforced";
const outside = "hopcost-enforced-outside";
/** The stack whose API server is said to listen on another port. */
const otherPort = "hopcost-enforced-port";

type Rules = V1NetworkPolicySpec;

describe("the NetworkPolicies of a run, enforced by the sandbox", function () {
    this.timeout(minutes(5));
    let folder = "";
    let onOtherPort = "";
    let runId = "";
    let onOtherPortEnded: Ended;
    let core: CoreV1Api;
    let batch: BatchV1Api;
    let networking: NetworkingV1Api;

    before(async () => {
        await sandboxUp(() => {});
        ({ core, batch, networking } = sandboxClients());
        const settings = { ...shortRun, "hopcost:rounds": 1 };
        folder = checkoutWith({ ...settings, "hopcost:namespace": namespace, "hopcost:metrics": true });
        const other = { "hopcost:namespace": otherPort, "hopcost:apiServerPort": 16_443 };
        onOtherPort = checkoutWith({ ...settings, ...other });
        const [{ code, stderr }, otherEnded] = await Promise.all([
            hopcost(folder, "run", "--keep").ended,
            hopcost(onOtherPort, "run").ended,
        ]);
        assert.equal(code, 0, stderr);
        onOtherPortEnded = otherEnded;
        runId = basename(newestRun(folder));
        await createRestrictedNamespace(core, outside);
    });
    after(async () => {
        await Promise.all([namespace, otherPort, outside].map((name) => removeNamespace(name)));
        for (const checkout of [folder, onOtherPort]) removeCheckout(checkout);
    });

    /** Address and port of a Service's port, e.g. `10.96.3.4:7070`. */
    const service = async (name: string, port: number, space = namespace) => {
        const { spec } = await core.readNamespacedService({ name, namespace: space });
        return `${spec?.clusterIP}:${port}`;
    };
    /** Address and port of the Pods of a component, behind its Service. */
    const pod = async (labelSelector: string, port: number, space = namespace) => {
        const { items } = await core.listNamespacedPod({ namespace: space, labelSelector });
        return `${items[0]?.status?.podIP ?? assert.fail(labelSelector)}:${port}`;
    };
    const all = async () => ({
        sender: await service("net-sender", 7070),
        "sender's Pod": await pod("app.kubernetes.io/component=sender", 7070),
        receiver: await pod("app.kubernetes.io/component=receiver,!listens", 7070),
        upload: await pod("listens=upload", 8080),
        writer: await service("vol-pod", 7070),
        "writer's Pod": await pod("app.kubernetes.io/component=shared-volume", 7070),
        reader: await service("vol-pod", 7071),
        "reader's Pod": await pod("app.kubernetes.io/component=shared-volume", 7071),
        prometheus: await service("metrics-prometheus", 9090),
        api: await service("kubernetes", 443, "default"),
        "another namespace": await pod("k8s-app=metrics-server", 10_250, "kube-system"),
        node: "198.19.213.11:10250",
        host: "198.19.213.1:22",
    });

    describe("between Pods", () => {
        /** What a Pod like each of these reaches, and a stranger outside. */
        const reached: Record<string, string[]> = {};
        before(async () => {
            // The receiver's upload port is open only in a trial, so this Pod like it is always listening.
            await createListener(core, namespace, "listener", { ...labelsOf("net", "receiver"), listens: "upload" });
            const addresses = await all();
            const reach = async (name: string, labels: Record<string, string>, space = namespace) => {
                reached[name] = await reachableFrom(core, space, labels, addresses);
            };
            await Promise.all([
                reach("stranger", { app: "stranger" }),
                reach("outsider", { app: "stranger" }, outside),
                reach("driver", labelsOf("run", "driver")),
            ]);
            // These become endpoints of our Services, where nobody listens, so the others come first.
            await Promise.all([
                reach("sender", labelsOf("net", "sender")),
                reach("receiver", labelsOf("net", "receiver")),
                reach("volume Pod", labelsOf("vol", "shared-volume")),
            ]);
        });
        after(async () => {
            await core.deleteNamespacedPod({ namespace, name: "listener", gracePeriodSeconds: 0 });
        });

        it("let a stranger in the namespace reach nothing, and one outside neither an agent nor the upload port", () => {
            assert.deepEqual(reached.stranger, []);
            assert.deepEqual(reached.outsider, ["api", "another namespace", "node"]); // what this cluster lets any Pod reach
        });

        it("let our Pods reach only what they need", () => {
            assert.deepEqual(reached.sender, ["upload"]);
            assert.deepEqual(reached.receiver, []);
            assert.deepEqual(reached["volume Pod"], []);
            const agents = ["sender", "sender's Pod", "receiver", "writer", "writer's Pod", "reader", "reader's Pod"];
            assert.deepEqual(reached.driver, [...agents, "prometheus", "api"]);
        });
    });

    /** The node's firewall rules. kube-router names the chains anew each time it makes them. */
    const rules = async () => {
        const all = await inControlNode(["iptables-save", "-t", "filter"]);
        return all
            .split("\n")
            .filter((line) => line.startsWith("-A"))
            .join("\n");
    };

    /** Starts a driver with the plan of the run under another id, as a new run of one round would. @returns why it ended */
    const driveAgain = async (id: string): Promise<string> => {
        const found = await core.readNamespacedConfigMap({ namespace, name: planName(runId) });
        const plan = JSON.parse(found.data?.["plan.json"] ?? "");
        const labels = { ...found.metadata?.labels, [runIdLabel]: id };
        const data = { "plan.json": JSON.stringify({ ...plan, runId: id, maxRounds: 1 }) };
        await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: planName(id), labels }, data } });
        const job = await batch.readNamespacedJob({ namespace, name: jobName(runId) });
        const template = JSON.parse(JSON.stringify(job.spec?.template).replaceAll(planName(runId), planName(id)));
        for (const key of Object.keys(template.metadata.labels)) {
            if (/controller-uid|job-name/.test(key)) delete template.metadata.labels[key];
        }
        template.metadata.labels[runIdLabel] = id;
        const spec = { backoffLimit: 0, template };
        await batch.createNamespacedJob({ namespace, body: { metadata: { name: jobName(id), labels }, spec } });
        const ended = await eventually(`the end of driver ${id}`, 60, async () => {
            const { items } = await core.listNamespacedPod({ namespace, labelSelector: `job-name=${jobName(id)}` });
            return items[0]?.status?.containerStatuses?.[0]?.state?.terminated;
        });
        await batch.deleteNamespacedJob({ namespace, name: jobName(id), propagationPolicy: "Background" });
        assert.equal(ended.exitCode === 0, (ended.message ?? "") === "", JSON.stringify(ended));
        return ended.message ?? "";
    };

    describe("around a driver", () => {
        it("let a driver with the same plan run", async () => {
            assert.equal(await driveAgain("open"), "");
            const { data } = await core.readNamespacedConfigMap({ namespace, name: resultsName("open") });
            assert.equal(data?.complete, "true");
        });

        const port = (number: number) => (rule: { ports?: { port?: unknown }[] }) =>
            rule.ports?.some((open) => open.port === number) ?? false;
        const without =
            (direction: "ingress" | "egress", closes: (rule: { ports?: { port?: unknown }[] }) => boolean) =>
            (spec: Rules): Rules => ({ ...spec, [direction]: (spec[direction] ?? []).filter((rule) => !closes(rule)) });
        const dns = (rule: { ports?: { port?: unknown }[] }) => rule.ports === undefined || port(53)(rule);

        const ways: [string, string, (spec: Rules) => Rules, RegExp][] = [
            ["the driver's to DNS", "run-driver", without("egress", dns), /run-driver must let it out/],
            ["the driver's to the agents", "run-driver", without("egress", port(7070)), /run-driver must let it out/],
            ["to an agent", "net-receiver", without("ingress", port(7070)), /net-receiver must let it in/],
            ["the sender's to the receiver", "net-sender", without("egress", port(8080)), /net-sender must let it out/],
            ["the sender's to DNS", "net-sender", without("egress", dns), /EAI_AGAIN.* net-sender must let it out/s],
            ["to the upload port", "net-receiver", without("ingress", port(8080)), /net-receiver must let it in/],
        ];
        for (const [index, [way, name, close, message]] of ways.entries()) {
            it(`need the way ${way}: closed, the run ends within a minute and names ${name}`, async () => {
                const policy = await networking.readNamespacedNetworkPolicy({ namespace, name });
                const spec = policy.spec ?? assert.fail(name);
                const closed = close(spec);
                assert.notDeepEqual(closed, spec);
                const put = async (wanted: Rules) => {
                    const before = await rules();
                    const body = [{ op: "replace", path: "/spec", value: wanted }];
                    await networking.patchNamespacedNetworkPolicy({ namespace, name, body });
                    const isInForce = async () => ((await rules()) === before ? undefined : true);
                    await eventually(`the rules of ${name}`, 90, isInForce);
                };
                try {
                    await put(closed);
                    assert.match(await driveAgain(`closed-${index}`), message);
                } finally {
                    await put(spec);
                }
            });
        }

        it("need the way to the API server: with another port, the run fails, names the port's key, and is removed", async () => {
            // On a busy machine the driver can be there before kube-router's rules, see reach.ts: then it does reach it.
            let ended = onOtherPortEnded;
            for (let more = 2; more > 0 && ended.code === 0; more--) ended = await hopcost(onOtherPort, "run").ended;
            const { code, stderr } = ended;
            assert.equal(code, 4, stderr);
            const text =
                "API server at https://10\\.96\\.0\\.1:443 can't be reached .* hopcost:apiServerPort: .* run-driver must";
            assert.match(stderr, new RegExp(text));
            assert.ok(!(await namespaces()).includes(otherPort));
        });
    });
});
