import assert from "node:assert/strict";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeClient } from "../../../../workloads/driver/kube-client.ts";
import { PodWatch } from "../../../../workloads/driver/scenarios/pod-watch.ts";

const labels = { "app.kubernetes.io/instance": "hurt-net-1", "app.kubernetes.io/component": "receiver" };
const pod = (uid: string, ready = true) => ({
    metadata: { name: `pod-${uid}`, uid, labels, creationTimestamp: "2026-11-29T00:00:00Z" },
    status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
});
const event = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;

describe("the watch of Pods", () => {
    /** Open watches, the newest last; a test writes to them. */
    const open: ServerResponse[] = [];
    let refuses = false;
    const server = createServer((_request, response) => {
        if (refuses) return void response.writeHead(500).end("{}");
        response.writeHead(200, { "content-type": "application/json" });
        response.flushHeaders();
        open.push(response);
    });
    let kube: KubeClient;
    let watch: PodWatch;

    before(async () => {
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        kube = new KubeClient(url, "bench", "/nowhere", new AbortController().signal);
    });
    beforeEach(() => {
        open.length = 0;
        refuses = false;
        watch = new PodWatch(kube);
    });
    afterEach(() => watch.close());
    after(async () => {
        await kube.close();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
    });

    const until = async (what: string, holds: () => boolean) => {
        const deadline = performance.now() + 10_000;
        while (!holds()) {
            assert.ok(performance.now() < deadline, `waited for ${what}`);
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
    };
    const names = () => watch.of("hurt-net-1").map(({ metadata }) => metadata.name);
    const opened = async (count: number) => {
        await until(`watch ${count}`, () => open.length >= count);
        return open[count - 1] as ServerResponse;
    };

    it("knows each Pod until it is deleted, also if an event arrives in pieces", async () => {
        const first = await opened(1);
        const text = event("ADDED", pod("a"));
        first.write(text.slice(0, 40));
        first.write(text.slice(40) + event("ADDED", pod("b")));
        await until("both Pods", () => names().length === 2);
        first.write(event("DELETED", pod("a")));
        await until("one Pod", () => names().join() === "pod-b");
        assert.deepEqual(watch.of("another"), []);
    });

    it("reports what changed, with what was before", async () => {
        const changes: [string | undefined, boolean][] = [];
        watch.onChange((_pod, before, isGone) => changes.push([before?.metadata.name, isGone]));
        const first = await opened(1);
        first.write(event("ADDED", pod("a")) + event("MODIFIED", pod("a", false)) + event("DELETED", pod("a")));
        await until("three changes", () => changes.length === 3);
        assert.deepEqual(changes, [
            [undefined, false],
            ["pod-a", false],
            ["pod-a", true],
        ]);
    });

    it("goes on when the connection breaks or the server fails, and forgets what has gone meanwhile", async () => {
        const first = await opened(1);
        first.write(event("ADDED", pod("a")) + event("ADDED", pod("b")));
        await until("both Pods", () => names().length === 2);
        refuses = true;
        first.destroy();
        await new Promise((resolve) => setTimeout(resolve, 700)); // refused once
        assert.equal(names().length, 2);
        refuses = false;
        const second = await opened(2);
        second.write(event("ADDED", pod("b")));
        await until("the Pod that is left", () => names().join() === "pod-b");
    });

    it("ends a watch that reports an error, such as a resource version that is too old, and begins another", async () => {
        const first = await opened(1);
        first.write(event("ERROR", { kind: "Status", code: 410 }));
        const second = await opened(2);
        second.write(event("ADDED", pod("c")));
        await until("its Pod", () => names().join() === "pod-c");
    });
});
