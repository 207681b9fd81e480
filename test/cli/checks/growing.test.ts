import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { addsNodes } from "../../../cli/checks/growing.ts";

const status = "/api/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status";
const groups = (...names: string[]) => ({
    kind: "APIGroupList",
    groups: names.map((name) => ({ name, versions: [] })),
});

describe("addsNodes", () => {
    /** What it finds if these paths answer with an object or a status, and all others with 404. */
    const found = async (answers: Record<string, object | number>): Promise<boolean> => {
        const server = createServer(({ url = "" }, response) => {
            const answer = answers[url] ?? 404;
            response.setHeader("content-type", "application/json");
            response.statusCode = typeof answer === "number" ? answer : 200;
            response.end(JSON.stringify(typeof answer === "number" ? {} : answer));
        }).listen(0, "127.0.0.1");
        await once(server, "listening");
        const config = new KubeConfig();
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
        config.loadFromClusterAndUser({ name: "c", server: url, skipTLSVerify: true }, { name: "u" });
        try {
            return await addsNodes(config);
        } finally {
            server.closeAllConnections();
            server.close();
        }
    };

    it("knows a cluster with Karpenter", async () => {
        assert.equal(await found({ "/apis": groups("apps", "karpenter.sh") }), true);
    });

    it("knows one with the Cluster Autoscaler", async () => {
        assert.equal(await found({ "/apis": groups("apps"), [status]: { metadata: {} } }), true);
    });

    it("assumes that other clusters don't add nodes, nor those it can't look into", async () => {
        assert.equal(await found({ "/apis": groups("apps") }), false);
        assert.equal(await found({ "/apis": 403, [status]: 403 }), false);
    });
});
