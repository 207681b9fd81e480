import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Cluster } from "../../../cli/cluster/cluster.ts";
import { KubectlConfig } from "../../../cli/cluster/kube-user.ts";
import { Outages, type StopApiServer } from "../../../cli/cluster/outages.ts";
import { RunWatch } from "../../../cli/cluster/run-watch.ts";
import { progressName } from "../../../model/names.ts";
import type { Wanted } from "../../../model/progress.ts";
import { config } from "../../config/fixtures.ts";
import { FakeApiServer } from "../../workloads/support/fake-api-server.ts";

const wantedAs = (id: string): Wanted => ({ what: "api-server-down", id, seconds: 60 });

/** A sandbox whose API server is away until `end`, or until the signal is aborted. */
function sandbox() {
    const outages: { seconds: number; isOver: boolean }[] = [];
    let end = () => {};
    const stop: StopApiServer = async (seconds, say, signal) => {
        const outage = { seconds, isOver: false };
        outages.push(outage);
        say(`The API server is stopped for ${seconds} s`);
        await new Promise<void>((resolve) => {
            end = resolve;
            signal.addEventListener("abort", () => resolve());
        });
        outage.isOver = true;
    };
    return { stop, outages, end: () => end() };
}

describe("an outage that a scenario asks for", () => {
    const lines: string[] = [];
    const show = (line: string) => void lines.push(line);
    beforeEach(() => {
        lines.length = 0;
    });

    it("is made once, and shown while it lasts; then the next", async () => {
        const { stop, outages, end } = sandbox();
        const served = new Outages(stop);
        for (let look = 0; look < 3; look++) served.serve(wantedAs("a"), show);
        assert.equal(served.line, "The API server is stopped for 60 s: scenario api-server-down");
        end();
        await sleep(10);
        assert.equal(served.line, undefined);
        served.serve(wantedAs("a"), show);
        served.serve(undefined, show);
        assert.deepEqual(outages, [{ seconds: 60, isOver: true }]);
        served.serve(wantedAs("b"), show);
        assert.equal(outages.length, 2);
    });

    it("is not made if the cluster is not the sandbox", async () => {
        const served = new Outages(undefined);
        served.serve(wantedAs("a"), show);
        assert.equal(served.line, undefined);
        await served.end(show);
        assert.deepEqual(lines, []);
    });

    it("ends at once with the run, which then begins no other", async () => {
        const { stop, outages } = sandbox();
        const served = new Outages(stop);
        served.serve(wantedAs("a"), show);
        await served.end(show);
        assert.deepEqual(outages, [{ seconds: 60, isOver: true }]);
        assert.deepEqual(lines, ["Starting the API server again"]);
        served.serve(wantedAs("b"), show);
        assert.equal(outages.length, 1);
    });

    it("that can't be made is shown with the reason, and not tried again", async () => {
        let tries = 0;
        const served = new Outages(async () => {
            tries++;
            throw new Error("the sandbox is down");
        });
        served.serve(wantedAs("a"), show);
        await sleep(10);
        served.serve(wantedAs("a"), show);
        assert.deepEqual([tries, lines], [1, ["Scenario api-server-down: the sandbox is down"]]);
        await served.end(show);
    });
});

describe("a watched run", function () {
    this.timeout(20_000);
    const api = new FakeApiServer();
    const run = config({ "hopcost:namespace": "test", "hopcost:runId": "a-run" });
    let cluster: Cluster;

    before(async () => {
        const kubeConfig = new KubectlConfig();
        kubeConfig.loadFromOptions({
            clusters: [{ name: "kind", server: await api.start(), skipTLSVerify: true }],
            users: [{ name: "me" }],
            contexts: [{ name: "kind", cluster: "kind", user: "me" }],
        });
        cluster = new Cluster(kubeConfig, "kind", undefined);
    });
    after(() => api.stop());

    const report = (wanted: Wanted | undefined) => {
        const injecting = { done: 0, planned: 2, current: ["api-server-down in hurt-net-1"], outcomes: {} };
        const progress = {
            ...{ phase: "injecting", trial: 0, trials: 0, cell: 0, cells: 2, remainingSeconds: 100 },
            injecting: { ...injecting, ...(wanted && { wanted }) },
        };
        const name = progressName("a-run");
        const data = { "progress.json": JSON.stringify(progress) };
        api.objects.set(`configmaps/${name}`, { metadata: { name }, data });
    };
    const until = async (what: string, holds: () => boolean) => {
        const deadline = performance.now() + 10_000;
        while (!holds()) {
            assert.ok(performance.now() < deadline, `waited for ${what}`);
            await sleep(20);
        }
    };

    it("stops the API server as the driver asks, asks it nothing meanwhile, and goes on", async () => {
        const { stop, outages, end } = sandbox();
        const shown: string[] = [];
        const watch = new RunWatch(cluster, run, () => {}, new Outages(stop));
        watch.start((line) => shown.push(line));
        try {
            report(wantedAs("a"));
            await until("the outage", () => outages.length === 1);
            let asked = 0;
            api.fault = () => {
                asked++;
                return -1;
            };
            const stopped = "The API server is stopped for 60 s: scenario api-server-down";
            await until("its line", () => shown.includes(stopped));
            const before = asked; // the last look may have gone on for a moment
            await sleep(2500);
            assert.equal(asked, before);
            assert.ok(
                shown.slice(shown.indexOf(stopped)).every((line) => line === stopped),
                shown.join("\n"),
            );
            api.fault = undefined; // with the wish still in it: the driver could not take it back
            end();
            await until("the run going on", () => shown.at(-1)?.startsWith("injecting") ?? false);
            await sleep(1200);
            assert.equal(outages.length, 1);
        } finally {
            watch.stop();
        }
        await watch.endOutage();
    });
});
