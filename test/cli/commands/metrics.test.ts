import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { absentText, addressesText, parts } from "../../../cli/commands/metrics.ts";
import { projectRoot } from "../../../cli/project.ts";
import type { HopcostConfig } from "../../../config/config.ts";
import { metricNames } from "../../../model/metric-names.ts";

describe("addressesText", () => {
    const prometheus = ["prometheus", { url: "http://127.0.0.1:9090" }] as const;
    const grafana = ["grafana", { url: "http://127.0.0.1:41234" }] as const;

    it("has a line for each, with what to look at", () => {
        assert.equal(
            addressesText([[...prometheus], [...grafana]], false),
            [
                "Prometheus: http://127.0.0.1:9090   e.g. the CPU of each container: sum by (pod, container) (rate(hopcost_container_cpu_seconds_total[10s]))",
                "Grafana: http://127.0.0.1:41234   its dashboard: latency by arm and size, CPU, memory, I/O",
            ].join("\n"),
        );
    });

    it("is one line of JSON by part", () => {
        assert.equal(addressesText([[...prometheus]], true), '{"prometheus":"http://127.0.0.1:9090"}');
        assert.deepEqual(JSON.parse(addressesText([[...prometheus], [...grafana]], true)), {
            prometheus: "http://127.0.0.1:9090",
            grafana: "http://127.0.0.1:41234",
        });
    });

    it("proposes a query for a figure that there is", () => {
        assert.ok(parts.prometheus.look.includes(metricNames.cpuSeconds));
    });
});

describe("absentText", () => {
    const on = { clusterMetrics: false } as HopcostConfig["metrics"];
    const minikube = { options: "--stack minikube", source: "Pulumi.minikube.yaml" };
    const where = { stack: "minikube", context: "mini", namespace: "hopcost-minikube", kubeconfig: undefined };

    it("says that the stack is not deployed, and how to deploy it", () => {
        assert.equal(
            absentText(minikube, { ...where, metrics: on }, undefined, false),
            'Stack "minikube" is not deployed: there is no namespace "hopcost-minikube" in context "mini". Deploy it with: hopcost run --stack minikube --keep',
        );
    });

    it("says which key to set if metrics are off", () => {
        for (const deployed of [true, false]) {
            assert.equal(
                absentText(minikube, { ...where, metrics: undefined }, undefined, deployed),
                'Stack "minikube" has no Prometheus: hopcost:metrics is "false" in Pulumi.minikube.yaml. Set it to "true", then run: hopcost run --stack minikube --keep',
            );
        }
    });

    it("names the kubeconfig where the stack has one of its own", () => {
        assert.match(
            absentText(minikube, { ...where, kubeconfig: "/root/mini.yaml", metrics: on }, undefined, true),
            /; look with: kubectl --kubeconfig \/root\/mini\.yaml --context mini get pods --namespace hopcost-minikube$/,
        );
    });

    it("says how to look if it is lost or not ready, whatever the stack file says now", () => {
        const look = "kubectl --context mini get pods --namespace hopcost-minikube";
        assert.equal(
            absentText(minikube, { ...where, metrics: on }, undefined, true),
            `There is no Prometheus in namespace "hopcost-minikube" in context "mini"; look with: ${look}`,
        );
        assert.equal(
            absentText(minikube, { ...where, metrics: undefined }, { trouble: "Pod p is not ready (Pending)" }, true),
            `Prometheus of stack "minikube" can't be used: Pod p is not ready (Pending) in namespace "hopcost-minikube" in context "mini"; look with: ${look}`,
        );
    });
});

describe("hopcost metrics", () => {
    let folder = "";
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-metrics-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    /** The command with a kubeconfig whose only context has an unreachable server. */
    function hopcostMetrics(context: string, ...args: string[]) {
        const kubeconfig = join(folder, "kubeconfig.yaml");
        const named = (name: string, kind: string, value: object) => ({ [`${kind}s`]: [{ name, [kind]: value }] });
        const config = {
            ...{ apiVersion: "v1", kind: "Config" },
            ...named("nobody", "cluster", { server: "https://127.0.0.1:1" }),
            ...named("nobody", "user", { token: "none" }),
            ...named(context, "context", { cluster: "nobody", user: "nobody" }),
        };
        writeFileSync(kubeconfig, JSON.stringify(config));
        const command = [join(projectRoot, "cli", "hopcost.mjs"), "metrics", ...args];
        const env = { ...process.env, KUBECONFIG: kubeconfig };
        return spawnSync(process.execPath, command, { encoding: "utf8", env });
    }

    it("exits 2 for an unknown stack", () => {
        const { status, stdout, stderr } = hopcostMetrics("minikube", "--stack", "nowhere");
        assert.deepEqual([status, stdout], [2, ""]);
        assert.match(stderr, /^hopcost: There is no stack file \S+Pulumi\.nowhere\.yaml; stacks here: /);
    });

    it("exits 3 and names the known contexts for an unknown one", () => {
        const { status, stdout, stderr } = hopcostMetrics("other", "--stack", "minikube", "--json");
        assert.deepEqual([status, stdout], [3, ""]);
        assert.match(
            stderr,
            /^> Metrics of stack minikube\nhopcost: Context "minikube" is not in the kubeconfig .*; known contexts: other; choose one with --context, or set kubernetes:context in the stack file\n$/,
        );
    });

    it("ends with 3 and names the server that does not answer", () => {
        const { status, stdout, stderr } = hopcostMetrics("minikube", "--stack", "minikube");
        assert.deepEqual([status, stdout], [3, ""]);
        assert.match(
            stderr,
            /^> Metrics of stack minikube\nhopcost: Context "minikube": https:\/\/127\.0\.0\.1:1 can't be used \(.+\); check that /,
        );
    }).timeout(20_000);
});
