import assert from "node:assert/strict";
import { AgentClient } from "../../workloads/driver/agent-client.ts";
import { freePort, Server } from "./support/processes.ts";

describe("the addresses of a Pod", function () {
    this.timeout(30_000);
    let receiver: Server;
    let uploadPort = 0;

    before(async () => {
        uploadPort = await freePort();
        receiver = await Server.start("receiver", { HOPCOST_UPLOAD_PORT: String(uploadPort) });
        const trial = { arm: "network/cluster-ip", index: 0, maxSize: 64, payload: "repeated", seed: 1 };
        await receiver.ok("PUT", "/trial", trial);
        await receiver.ok("POST", "/prepare", { size: 64, mode: "closed-loop", concurrency: 1 });
    });
    after(() => receiver.kill());

    for (const [family, host] of Object.entries({ IPv4: "127.0.0.1", IPv6: "[::1]" })) {
        it(`are served by ${family}: the agent for probes and the driver, the upload port for the sender`, async () => {
            const agent = `http://${host}:${new URL(receiver.url).port}`;
            assert.equal((await fetch(`${agent}/healthz`)).status, 200);
            const client = new AgentClient(agent, new AbortController().signal, "run-driver");
            assert.equal((await client.info()).nodeName, "node-1");
            await client.close();
            const body = Buffer.alloc(64);
            body.writeUInt32LE(1);
            const { status } = await fetch(`http://${host}:${uploadPort}/upload`, { method: "POST", body });
            assert.equal(status, 200);
        });
    }
});
