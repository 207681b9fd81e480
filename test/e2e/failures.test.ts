import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { hopcost, start } from "../support/command.ts";
import { eventually, minutes, namespace, namespaces, newestResults, sandboxClients, shortRun } from "./support.ts";

const oneRound = { ...shortRun, "hopcost:sizes": "64 B", "hopcost:rounds": 1 };

describe("hopcost run, when things go wrong", function () {
    this.timeout(minutes(5));
    let folder = "";

    before(async () => void (await sandboxUp(() => {})));
    beforeEach(() => {
        folder = checkoutWith(oneRound);
    });
    afterEach(() => removeCheckout(folder));

    it("shows the results if removal is denied, exits 4 and shows how to remove the stack", async () => {
        const allow = await denyRemoval();
        try {
            const { code, stdout, stderr } = await hopcost(folder, "run", "--json").ended;
            assert.equal(code, 4, stderr);
            const results = newestResults(folder);
            assert.equal(results.complete, true);
            assert.deepEqual(JSON.parse(stdout), results);
            const [, reason, command = "no command"] =
                /\nhopcost: .* namespace hopcost-dev of context hopcost-sandbox \((.*)\)\. Remove it with:\n {2}(cd .*)\n$/s.exec(
                    stderr,
                ) ?? [];
            assert.match(reason ?? stderr, /not before Monday/);
            await allow();
            await eventually("the command to remove it", 60, async () =>
                (await start("sh", ["-c", command], folder).ended).code === 0 ? true : undefined,
            );
            assert.ok(!(await namespaces()).includes(namespace));
        } finally {
            await allow();
        }
    });

    it("names every mistake of the configuration at once, exits 2 and deploys nothing", async () => {
        setConfig(folder, {
            "hopcost:profil": "quick",
            "hopcost:sizes": ["65 B", "64 B", "17 MB"],
            "hopcost:rounds": 0,
        });
        const { code, stderr, stdout } = await hopcost(folder, "run", "--profile", "fast").ended;
        assert.equal(code, 2, stderr);
        for (const key of ["hopcost:profil", "hopcost:sizes", "hopcost:rounds", "hopcost:profile"]) {
            assert.match(stderr, new RegExp(`${key}\\b`), stderr);
        }
        assert.equal(stdout, "");
        assert.ok(!(await namespaces()).includes(namespace));
    });

    it("refuses a plan that exceeds memory, volume and deadline, with the numbers, and deploys nothing", async () => {
        setConfig(folder, {
            "hopcost:arms": "volume/chokidar",
            "hopcost:sizes": "64 MiB",
            "hopcost:volumeSize": "64Mi",
            "hopcost:deadlineSeconds": 10,
        });
        const { code, stderr } = await hopcost(folder, "run").ended;
        assert.equal(code, 2, stderr);
        for (const key of ["memory", "volumeSize", "deadlineSeconds"]) {
            assert.match(stderr, new RegExp(`hopcost:${key} .* (at least|least) \\d+`), stderr);
        }
        assert.ok(!(await namespaces()).includes(namespace));
    });

    it("lists all failed checks at once, such as a missing StorageClass, and exits 3", async () => {
        setConfig(folder, { "hopcost:storageClass": "fast", "hopcost:cpuRequest": "100" });
        const { code, stderr } = await hopcost(folder, "run").ended;
        assert.equal(code, 3, stderr);
        assert.match(
            stderr,
            /\nhopcost: 2 .*:\n {2}Context "hopcost-sandbox" has no StorageClass "fast" \(it has local\).*\n {2}Placement same-node: 0\/1 nodes of .*\(together 400 CPU and 2048Mi of memory\): hopcost-node-1 Insufficient cpu \(.* free\); /,
        );
        assert.ok(!(await namespaces()).includes(namespace));
    });

    it("refuses a missing context, lists the existing ones, and exits 3", async () => {
        setConfig(folder, { "kubernetes:context": "nowhere" });
        const { code, stderr } = await hopcost(folder, "run").ended;
        assert.equal(code, 3, stderr);
        assert.match(stderr, /Context "nowhere" is not in .*known contexts: hopcost-sandbox/);
    });

    it("gives up on a server that doesn't answer, names context and server, and exits 3", async () => {
        const kubeconfig = join(folder, "dead.yaml");
        const cluster = { name: "dead", cluster: { server: "https://127.0.0.1:65534" } };
        const context = { name: "dead", context: { cluster: "dead", user: "nobody" } };
        const user = { name: "nobody", user: {} };
        writeFileSync(kubeconfig, stringify({ clusters: [cluster], contexts: [context], users: [user] }));
        setConfig(folder, { "kubernetes:context": "dead", "kubernetes:kubeconfig": kubeconfig });
        const { code, stderr } = await hopcost(folder, "run").ended;
        assert.equal(code, 3, stderr);
        assert.match(stderr, /Context "dead": https:\/\/127\.0\.0\.1:65534 can't be used \(.*ECONNREFUSED/);
    });

    it("reports that the sandbox needs root, and exits 3", async () => {
        chmodSync(folder, 0o755);
        const args = ["--reuid=65534", "--regid=65534", "--clear-groups", process.execPath];
        const command = [...args, join(folder, "cli", "hopcost.mjs"), "sandbox", "up"];
        const { code, stderr } = await start("setpriv", command, folder, { HOME: folder }).ended;
        assert.equal(code, 3, stderr);
        assert.match(stderr, /root.*\n.*k3d cluster create hopcost.*\n.*minikube start.*\n.* hopcost run --context /);
    });

    it("refuses a foreign namespace, exits 3, and doesn't delete it", async () => {
        const { core } = sandboxClients();
        await core.createNamespace({ body: { metadata: { name: "somebody-elses" } } });
        try {
            setConfig(folder, { "hopcost:namespace": "somebody-elses" });
            const { code, stderr } = await hopcost(folder, "run").ended;
            assert.equal(code, 3, stderr);
            assert.match(
                stderr,
                /Namespace "somebody-elses" in context "hopcost-sandbox" .* kubectl .* --namespace somebody-elses\n$/,
            );
            assert.ok((await namespaces()).includes("somebody-elses"));
        } finally {
            await core.deleteNamespace({ name: "somebody-elses" });
        }
    });
});

/** Makes the sandbox refuse to delete {@link namespace}. @returns an idempotent function that ends that */
async function denyRemoval(): Promise<() => Promise<void>> {
    const { admission } = sandboxClients();
    const name = "freeze";
    const rule = {
        apiGroups: [""],
        apiVersions: ["v1"],
        operations: ["DELETE"],
        resources: ["namespaces"],
        resourceNames: [namespace],
    };
    const validations = [{ expression: "false", message: "not before Monday" }];
    await admission.createValidatingAdmissionPolicy({
        body: { metadata: { name }, spec: { matchConstraints: { resourceRules: [rule] }, validations } },
    });
    await admission.createValidatingAdmissionPolicyBinding({
        body: { metadata: { name }, spec: { policyName: name, validationActions: ["Deny"] } },
    });
    return async () => {
        await admission.deleteValidatingAdmissionPolicyBinding({ name }).catch(() => {});
        await admission.deleteValidatingAdmissionPolicy({ name }).catch(() => {});
    };
}
