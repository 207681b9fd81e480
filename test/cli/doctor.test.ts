import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Check } from "../../cli/checks/check.ts";
import { checkoutWith, hopcost, removeCheckout, setConfig } from "../e2e/support.ts";

/** What a doctor looks at in the cluster alone. */
const ofCluster = [
    ...["server", "permissions", "namespace", "quota", "limit-range", "storage-class", "nodes", "image", "probe"],
    ...["metrics-api", "leftovers"],
];

describe("hopcost doctor without a cluster", function () {
    this.timeout(30_000);
    let folder = "";
    beforeEach(() => {
        folder = checkoutWith({ "kubernetes:context": "nowhere" });
    });
    afterEach(() => removeCheckout(folder));

    const doctor = async (...args: string[]) => {
        const { code, stdout, stderr } = await hopcost(folder, "doctor", "--json", ...args).ended;
        const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Check[] };
        const of = (state: Check["state"]) => checks.filter((it) => it.state === state).map(({ id }) => id);
        return { code, ok, failed: of("failure"), skipped: of("skipped"), checks, stderr };
    };
    const detailOf = (checks: readonly Check[], id: string) => checks.find((it) => it.id === id)?.detail;

    it("names every mistake of the configuration, looks at the tools all the same, and exits 2", async () => {
        setConfig(folder, { "hopcost:rounds": 0, "hopcost:profil": "quick" });
        const { code, ok, failed, skipped, checks } = await doctor();
        assert.deepEqual(
            { code, ok, failed, skipped },
            { code: 2, ok: false, failed: ["configuration"], skipped: ["state", "context", ...ofCluster] },
        );
        assert.match(
            detailOf(checks, "configuration") ?? "",
            /^The configuration of stack "dev" \(Pulumi\.dev\.yaml\) has 2 mistakes; nothing was deployed:\n {2}hopcost:profil "quick": .*\n {2}hopcost:rounds "0"/,
        );
        assert.equal(checks[0]?.id, "node");
    });

    it("names the stacks there are, for one there is not, and exits 2", async () => {
        const { code, failed, checks } = await doctor("--stack", "nowhere");
        assert.deepEqual({ code, failed }, { code: 2, failed: ["configuration"] });
        assert.equal(
            detailOf(checks, "configuration"),
            `There is no stack file ${join(folder, "Pulumi.nowhere.yaml")}; stacks here: dev, eks, k3d, minikube. Choose one with --stack, or copy one`,
        );
    });

    it("says that a kubeconfig is none, and exits 3", async () => {
        const kubeconfig = join(folder, "garbage.yaml");
        writeFileSync(kubeconfig, "}{\u0000");
        setConfig(folder, { "kubernetes:kubeconfig": kubeconfig });
        const { code, failed, skipped, checks } = await doctor();
        assert.deepEqual({ code, failed, skipped }, { code: 3, failed: ["context"], skipped: ofCluster });
        assert.ok(detailOf(checks, "context")?.startsWith(`Kubeconfig ${kubeconfig} can't be read (`));
    });

    it("looks at no cluster where manifests are only rendered", async () => {
        const none = { "kubernetes:context": undefined, "kubernetes:kubeconfig": undefined };
        setConfig(folder, { ...none, "kubernetes:renderYamlToDirectory": "manifests" });
        const { code, ok, failed, skipped } = await doctor();
        assert.deepEqual(
            { code, ok, failed, skipped },
            { code: 0, ok: true, failed: [], skipped: ["context", ...ofCluster] },
        );
    });

    it("says how to free a stack whose run is dead", async () => {
        const locks = join(folder, ".hopcost", "state", ".pulumi", "locks", "organization", "hopcost", "dev");
        mkdirSync(locks, { recursive: true });
        const lock = { pid: 2 ** 22 + 1, username: "root", hostname: hostname(), timestamp: "2026-11-24T11:00:00Z" };
        writeFileSync(join(locks, "1.json"), JSON.stringify(lock));
        const { code, failed, checks } = await doctor();
        assert.deepEqual({ code, failed }, { code: 3, failed: ["state", "context"] });
        const state = checks.find(({ id }) => id === "state");
        assert.equal(
            state?.detail,
            `Stack "dev" is locked by a run whose process is gone (created by root@${hostname()} (pid ${lock.pid}) at ${lock.timestamp})`,
        );
        const [, command] = state?.remedy?.split("\n  ") ?? [];
        assert.ok(
            command?.startsWith(
                `cd ${folder} && PULUMI_BACKEND_URL='file://${folder}/.hopcost/state' PULUMI_CONFIG_PASSPHRASE='' `,
            ),
        );
        assert.ok(command?.endsWith("pulumi cancel --yes --stack dev"), command);
    });
});
