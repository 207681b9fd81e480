import assert from "node:assert/strict";
import { permissionsFor, permissionsGiven } from "../../components/permissions.ts";
import { readConfig } from "../../config/config.ts";
import { sandboxContext, sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { hopcost } from "../support/command.ts";
import { limitedUser, removeLimitedUser } from "./limited-user.ts";
import { minutes, removeNamespace, shortRun } from "./support.ts";

const namespace = "hopcost-limited";
const settings = {
    "hopcost:namespace": namespace,
    "hopcost:cpuRequest": shortRun["hopcost:cpuRequest"],
    "hopcost:storageClass": "local",
    "hopcost:arms": "network/cluster-ip, volume/pvc",
    "hopcost:clusterMetrics": "true",
    "hopcost:sizes": "64 B",
    "hopcost:rounds": "1",
    "hopcost:warmupSeconds": "0",
    "hopcost:cellSeconds": "0.1",
};

describe("a run by a user with few rights", function () {
    this.timeout(minutes(5));
    let folder = "";

    before(async () => void (await sandboxUp(() => {})));
    after(async () => {
        await removeLimitedUser();
        await removeNamespace(namespace); // if the run fails half-way
        removeCheckout(folder);
    });

    it("requires every permission that it needs, and only warns about what it isn't allowed to check", async () => {
        const config = readConfig("dev", { ...settings, "kubernetes:context": sandboxContext });
        folder = checkoutWith(settings);
        const enough = [...permissionsFor(config), ...permissionsGiven(config)];
        setConfig(folder, { "kubernetes:kubeconfig": await limitedUser(folder, enough) });
        const { code, stderr } = await hopcost(folder, "run").ended;
        assert.equal(code, 0, stderr);
        const warnings = stderr.match(/ {2}warning: .*?; /g) ?? [];
        const unchecked = [
            new RegExp(`get pods/portforward .*create pods/portforward in namespace ${namespace}`),
            new RegExp(`namespace "${namespace}" of context "${sandboxContext}".* list resourcequotas`),
            new RegExp(`namespace "${namespace}" of context "${sandboxContext}".* list limitranges`),
            new RegExp(`context "${sandboxContext}".* StorageClass "local".* list storageclasses\\.storage\\.k8s\\.io`),
        ];
        assert.equal(warnings.length, unchecked.length, stderr);
        for (const [index, pattern] of unchecked.entries()) assert.match(warnings[index] ?? "", pattern);
    });
});
