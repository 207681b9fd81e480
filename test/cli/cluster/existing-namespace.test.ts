import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Cluster } from "../../../cli/cluster/cluster.ts";
import { refuseExisting } from "../../../cli/cluster/existing-namespace.ts";
import { KubectlConfig } from "../../../cli/cluster/kube-user.ts";
import { exitCodes } from "../../../cli/terminal/exit.ts";
import { textsOf } from "../../support/texts.ts";
import { configWith } from "../checks/fixtures.ts";

const asText = textsOf("cli/cluster/existing-namespace");
const config = configWith({ "kubernetes:kubeconfig": "/root/kind.yaml" });

/** Asks an API server that answers every request with this. */
async function refused(status: number, body: object): Promise<void> {
    const server = createServer((_request, response) => {
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const kubeConfig = new KubectlConfig();
    kubeConfig.loadFromOptions({
        clusters: [
            { name: "kind", server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, skipTLSVerify: true },
        ],
        users: [{ name: "me" }],
        contexts: [{ name: "kind", cluster: "kind", user: "me" }],
    });
    try {
        await refuseExisting(config, new Cluster(kubeConfig, "kind", "/root/kind.yaml"));
    } finally {
        server.closeAllConnections();
        server.close();
    }
}

describe("refuseExisting", () => {
    it("accepts a namespace that doesn't exist, and one that the user isn't allowed to read", async () => {
        for (const status of [404, 403]) await refused(status, { kind: "Status", code: status });
    });

    for (const [what, metadata] of [
        ["exists", {}],
        ["is being deleted", { deletionTimestamp: "2026-11-24T11:59:00Z" }],
    ] as const) {
        it(`refuses a namespace that ${what}`, async () => {
            await assert.rejects(refused(200, { metadata: { name: config.namespace, ...metadata } }), (error) => {
                const { exitCode, message } = error as { exitCode: number; message: string };
                assert.equal(exitCode, exitCodes.preflight);
                asText(`a namespace that ${what}`, message);
                return true;
            });
        });
    }
});
