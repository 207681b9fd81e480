import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../../../../model/progress.ts";
import { Journal } from "../../../../workloads/driver/journal.ts";
import { KubeClient } from "../../../../workloads/driver/kube-client.ts";
import { LeaseLost, RunLease } from "../../../../workloads/driver/lease.ts";
import { ApiServer } from "../../../../workloads/driver/scenarios/api-server.ts";
import { Impossible, NotInjected } from "../../../../workloads/injections/scenario.ts";
import { injectionOf } from "../../../report/injections.ts";
import { FakeApiServer } from "../../support/fake-api-server.ts";

const cut = -1;
const justStarted = -2;
const progress: Progress = {
    ...{ phase: "injecting", trial: 0, trials: 0, cell: 0, cells: 1, remainingSeconds: 1 },
};

describe("an outage of the API server", function () {
    this.timeout(20_000);
    let api: FakeApiServer;
    let kube: KubeClient;
    const stopping = new AbortController();

    beforeEach(async () => {
        api = new FakeApiServer();
        kube = new KubeClient(await api.start(), "test", "/nowhere", stopping.signal);
    });
    afterEach(async () => {
        await kube.close();
        await api.stop();
    });

    const outageOf = (begin: number, end: number, signal = stopping.signal) =>
        new ApiServer(kube, signal, { begin, end });
    const fail = (status: number) => {
        api.fault = () => status;
    };
    const heal = () => {
        api.fault = undefined;
    };

    const wantedOf = (server: ApiServer) => server.wanted;

    it("is announced until it begins, and lasts until it answers again", async () => {
        const server = outageOf(5, 5);
        assert.equal(server.wanted, undefined);
        const down = server.goDown(60);
        const { id, ...wanted } = wantedOf(server) ?? { id: "" };
        assert.deepEqual(wanted, { what: "api-server-down", seconds: 60 });
        await sleep(600);
        assert.equal(wantedOf(server)?.id, id);
        fail(cut);
        await down;
        assert.equal(server.wanted, undefined);
        await sleep(1500);
        heal();
        const seconds = await server.comeBack();
        assert.ok(seconds > 1.4, `${seconds} s`);
        const again = server.goDown(60);
        assert.notEqual(wantedOf(server)?.id ?? id, id);
        fail(cut);
        await again;
    });

    it("is impossible if nobody stops it; the next is not even asked for", async () => {
        const server = outageOf(0.6, 5);
        await assert.rejects(server.goDown(60), Impossible);
        assert.equal(server.wanted, undefined);
        const next = server.goDown(60);
        assert.equal(server.wanted, undefined);
        await assert.rejects(next, Impossible);
    });

    it("is not a single request that fails, nor an answer that refuses", async () => {
        const server = outageOf(1.5, 5);
        let requests = 0;
        api.fault = () => (requests++ === 1 ? cut : 403);
        await assert.rejects(server.goDown(60), Impossible);
        assert.ok(requests > 3);
    });

    it("that does not end is void", async () => {
        const server = outageOf(5, 0.2);
        fail(cut);
        await server.goDown(0.5);
        await assert.rejects(server.comeBack(), NotInjected);
    });

    it("is not waited for any longer when the run is stopped", async () => {
        const stopped = AbortSignal.timeout(300);
        await assert.rejects(outageOf(10, 5, stopped).goDown(60), /abort|timeout/i);
    });

    it("ends neither the lease nor the progress, whatever a server says that stops or starts", async () => {
        const lease = new RunLease(kube, "run", "driver/1", 0);
        const journal = new Journal(kube, "run");
        await lease.acquire(() => {}, stopping.signal);
        const dueAgain = (one: RunLease) => sleep(4100).then(() => one.renew());
        fail(cut);
        await Promise.all([dueAgain(lease), journal.writeProgress(progress)]);
        // The answer to a renewal was lost, and the server that has just started knows no roles.
        api.fault = (method) => (method === "PUT" ? 409 : justStarted);
        await lease.renew();
        heal();
        await lease.renew();
        assert.equal(api.objects.get("leases/hopcost-run")?.spec?.holderIdentity, "driver/1");
        // Another driver has taken it: that is still noticed.
        const stored = api.objects.get("leases/hopcost-run");
        assert.ok(stored !== undefined);
        api.objects.set("leases/hopcost-run", {
            ...{ ...stored, metadata: { ...stored.metadata, resourceVersion: "another" } },
            spec: { ...stored.spec, holderIdentity: "driver/2" },
        });
        await assert.rejects(dueAgain(lease), LeaseLost);
    });

    it("delays the journal's entry, and does not lose it", async () => {
        const journal = new Journal(kube, "run");
        fail(cut);
        const scheduled = { index: 0, scenario: "api-server-down", topology: "network", phase: 0 };
        const written = journal.writeInjection({ ...injectionOf(scheduled, () => []), runId: "run" });
        await sleep(1000);
        heal();
        await written;
        assert.equal(api.named("configmaps", /injection/).length, 1);
    });
});
