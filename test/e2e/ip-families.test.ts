import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { loadRun } from "../../cli/saved/run-folder.ts";
import { sandboxContext, sandboxDown, sandboxKubeconfig } from "../../sandbox/cluster/cluster.ts";
import { controlNode, logFolder } from "../../sandbox/layout.ts";
import { createRestrictedNamespace } from "../sandbox/restricted-pod.ts";
import { buildMs } from "../support/build-limit.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { hopcost } from "../support/command.ts";
import { createListener, reachableFrom } from "./reach.ts";
import { newestResults, newestRun, sandboxClients, shortRun } from "./support.ts";

const farArm = "network/cross-node";
/** A namespace with a NetworkPolicy. */
const closed = "hopcost-closed";

describe("hopcost sandbox up --ip-family", function () {
    this.timeout(buildMs);
    let folder = "";
    before(() => {
        folder = checkoutWith({ ...shortRun, "hopcost:rounds": 1 });
    });
    after(() => removeCheckout(folder));
    beforeEach(() => sandboxDown(() => {}));
    afterEach(() => sandboxDown(() => {}));

    const sandbox = async (...args: string[]) => {
        const { code, stdout, stderr } = await hopcost(folder, "sandbox", ...args).ended;
        assert.equal(code, 0, stderr);
        return stdout;
    };
    /** The answers to `--json`, which are only the state, whether it was changed or not. */
    const up = (started: boolean, nodes: number, ipFamily: string) => {
        const reached = { context: sandboxContext, kubeconfig: sandboxKubeconfig };
        return `${JSON.stringify({ state: "up", started, nodes, ipFamily, ...reached })}\n`;
    };
    const down = (wasUp: boolean) => `${JSON.stringify({ state: "down", wasUp })}\n`;
    /** The families of the nodes' addresses and of the cluster DNS, each the same. */
    const familiesOfCluster = async () => {
        const { core } = sandboxClients();
        const dns = await core.readNamespacedService({ namespace: "kube-system", name: "kube-dns" });
        const { items: nodes } = await core.listNode();
        for (const { status } of nodes) {
            const internal = status?.addresses?.filter(({ type }) => type === "InternalIP");
            assert.deepEqual(internal?.map(familyOf), dns.spec?.ipFamilies);
        }
        return dns.spec?.ipFamilies;
    };
    const measure = async () => {
        const { code, stdout, stderr } = await hopcost(folder, "run", "--json").ended;
        assert.equal(code, 0, stderr);
        return stdout;
    };
    /** Those of the addresses of the measured Pods. */
    const familiesOfPods = () => {
        const { trials } = loadRun(newestRun(folder));
        const pods = trials.flatMap(({ containers }) => containers.map(({ info }) => info.podIp));
        return [...new Set(pods.map((address) => familyOf({ address })))];
    };
    /** A NetworkPolicy lets only Pods labelled "friend" reach another. */
    const checkEnforcement = async (families: readonly string[]) => {
        const { core, networking } = sandboxClients();
        await createRestrictedNamespace(core, closed);
        const spec = {
            podSelector: { matchLabels: { app: "server" } },
            ingress: [{ _from: [{ podSelector: { matchLabels: { app: "friend" } } }], ports: [{ port: 8080 }] }],
        };
        const policy = { metadata: { name: "friends" }, spec };
        await networking.createNamespacedNetworkPolicy({ namespace: closed, body: policy });
        await createListener(core, closed, "server", { app: "server" });
        const { status } = await core.readNamespacedPod({ namespace: closed, name: "server" });
        const addresses = (status?.podIPs ?? []).map(({ ip = "" }) => [familyOf({ address: ip }), `${ip}:8080`]);
        const reachedBy = (app: string) => reachableFrom(core, closed, { app }, Object.fromEntries(addresses));
        assert.deepEqual(await Promise.all(["friend", "stranger"].map(reachedBy)), [families, []]);
        const log = readFileSync(join(logFolder, `${controlNode.name}-kube-router.log`), "utf8");
        assert.doesNotMatch(log, /Aborting sync|^E\d/m);
    };

    it("ipv6 measures on two nodes that have no other addresses, and from one to the other", async () => {
        assert.equal(await sandbox("up", "--json", "--ip-family", "ipv6", "--nodes", "2"), up(true, 2, "ipv6"));
        const kept = await sandbox("up", "--ip-family", "ipv4");
        assert.match(kept, /\(IPv6\) and stays as it is\. For IPv4, first stop it/);
        assert.deepEqual(await familiesOfCluster(), ["IPv6"]);
        setConfig(folder, { "hopcost:arms": `network/cluster-ip, volume/chokidar, ${farArm}` });
        const [stdout] = await Promise.all([measure(), checkEnforcement(["IPv6"])]);
        assert.equal(stdout, readFileSync(join(newestRun(folder), "results.json"), "utf8"), "results and nothing else");
        assert.deepEqual(familiesOfPods(), ["IPv6"]);
        const { unavailable, cells, environment } = newestResults(folder);
        assert.deepEqual(unavailable, []);
        assert.equal(cells.filter(({ arm }) => arm === farArm).length, 2);
        assert.equal(environment.placement.sameNode, true, "of the main arms");
        const { sender, receiver, "receiver (cross-node)": far } = environment.placement.nodes;
        assert.equal(receiver, sender);
        assert.ok(far !== undefined && far !== sender);
    });

    it("dual measures where nodes, Pods and Services have both", async () => {
        assert.equal(await sandbox("up", "--json", "--ip-family", "dual"), up(true, 1, "dual"));
        assert.equal(await sandbox("up", "--json"), up(false, 1, "dual"));
        assert.deepEqual(await familiesOfCluster(), ["IPv4", "IPv6"]);
        setConfig(folder, { "hopcost:arms": "network/cluster-ip, volume/chokidar" });
        await Promise.all([measure(), checkEnforcement(["IPv4", "IPv6"])]);
        assert.deepEqual(familiesOfPods(), ["IPv4"]);
        assert.equal(await sandbox("down", "--json"), down(true));
        assert.equal(await sandbox("down", "--json"), down(false));
    });
});

function familyOf({ address }: { address: string }): string {
    return isIPv6(address) ? "IPv6" : "IPv4";
}
