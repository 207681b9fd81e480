import assert from "node:assert/strict";
import { isIPv6 } from "node:net";
import { loadRun } from "../../cli/saved/run-folder.ts";
import { type IpFamily, sandboxDown } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout } from "../support/checkout.ts";
import { hopcost } from "../support/command.ts";
import { minutes, newestRun, sandboxClients, shortRun } from "./support.ts";

describe("hopcost sandbox up --ip-family", function () {
    this.timeout(minutes(40)); // the first start on a machine builds Kubernetes
    let folder = "";
    before(() => {
        folder = checkoutWith({ ...shortRun, "hopcost:rounds": 1 });
    });
    after(() => removeCheckout(folder));
    beforeEach(() => sandboxDown(() => {}));
    afterEach(() => sandboxDown(() => {}));

    for (const [family, addresses] of [
        ["ipv6", ["IPv6"]],
        ["dual", ["IPv4", "IPv6"]],
    ] as const satisfies [IpFamily, string[]][]) {
        it(`${family} gives nodes, Pods and Services such addresses, and a run measures with them`, async () => {
            const up = await hopcost(folder, "sandbox", "up", "--json", "--ip-family", family).ended;
            assert.equal(JSON.parse(up.stdout).ipFamily, family, up.stderr);
            const { core } = sandboxClients();
            const dns = await core.readNamespacedService({ namespace: "kube-system", name: "kube-dns" });
            assert.deepEqual(dns.spec?.ipFamilies, addresses);
            const { items: nodes } = await core.listNode();
            const internal = nodes[0]?.status?.addresses?.filter(({ type }) => type === "InternalIP");
            assert.deepEqual(internal?.map(familyOf), addresses);

            const { code, stderr } = await hopcost(folder, "run").ended;
            assert.equal(code, 0, stderr);
            const { trials } = loadRun(newestRun(folder));
            const pods = trials.flatMap(({ containers }) => containers.map(({ info }) => info.podIp));
            assert.ok(pods.length > 0);
            assert.deepEqual([...new Set(pods.map((address) => familyOf({ address })))], addresses.slice(0, 1));
        });
    }

    it("keeps the family of a sandbox that is up, and says so", async () => {
        await hopcost(folder, "sandbox", "up", "--ip-family", "ipv6").ended;
        const { code, stdout } = await hopcost(folder, "sandbox", "up", "--ip-family", "ipv4").ended;
        assert.equal(code, 0);
        assert.match(stdout, /\(IPv6\) and stays as it is\. For IPv4, first stop it/);
    });
});

function familyOf({ address }: { address: string }): string {
    return isIPv6(address) ? "IPv6" : "IPv4";
}
