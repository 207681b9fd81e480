import assert from "node:assert/strict";
import { readDriverSettings, readServerSettings } from "../../workloads/settings.ts";

describe("settings", () => {
    it("have the ports and folders of the agent API as defaults", () => {
        const { podName, ...settings } = readServerSettings("receiver", {});
        assert.deepEqual(settings, {
            agentPort: 7070,
            uploadPort: 8080,
            volumes: { main: "/volume", disk: "/volume-disk", claim: "/volume-claim" },
            nodeName: "unknown",
            podIp: "",
        });
        assert.notEqual(podName, "");
        assert.equal(readServerSettings("reader", {}).agentPort, 7071);
    });

    it("read every volume and the Pod's address from the environment", () => {
        const { volumes, podIp } = readServerSettings("writer", {
            HOPCOST_VOLUME: "/a",
            HOPCOST_DISK_VOLUME: "/b",
            HOPCOST_CLAIM_VOLUME: "/c",
            HOPCOST_POD_IP: "10.0.0.7",
        });
        assert.deepEqual([volumes, podIp], [{ main: "/a", disk: "/b", claim: "/c" }, "10.0.0.7"]);
    });

    it("name every bad variable at once", () => {
        const env = { HOPCOST_AGENT_PORT: "0", HOPCOST_UPLOAD_PORT: "80a", HOPCOST_DISK_VOLUME: "volume" };
        assert.throws(() => readServerSettings("writer", env), {
            name: "SettingsError",
            message:
                'writer: HOPCOST_AGENT_PORT must be a port from 1 to 65535, got "0"; HOPCOST_UPLOAD_PORT must be a port from 1 to 65535, got "80a"; HOPCOST_DISK_VOLUME must be an absolute path, got "volume"',
        });
    });

    it("of the driver name every missing variable", () => {
        assert.throws(() => readDriverSettings({}), {
            message:
                "driver: HOPCOST_NAMESPACE must be the name of the namespace, but is not set; HOPCOST_KUBERNETES_URL must be the URL of the Kubernetes API (needed only outside a Pod; inside, KUBERNETES_SERVICE_HOST is used), but is not set",
        });
    });

    it("of the driver find the API server like every Pod", () => {
        const env = {
            HOPCOST_NAMESPACE: "hopcost",
            KUBERNETES_SERVICE_HOST: "fd00::1",
            KUBERNETES_SERVICE_PORT: "6443",
        };
        assert.equal(readDriverSettings(env).apiUrl, "https://[fd00::1]:6443");
    });
});
