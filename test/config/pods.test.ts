import assert from "node:assert/strict";
import { ConfigError, readConfig } from "../../config/config.ts";
import { mirrored } from "../../config/pods.ts";

const context = { "kubernetes:context": "kind" };
const read = (values: Record<string, string>) => {
    const config = readConfig("test", {
        ...context,
        ...Object.fromEntries(Object.entries(values).map(([key, value]) => [`hopcost:${key}`, value])),
    });
    const { pod, imagePullSecret, apiServerPort, image, metrics } = config;
    return { pod, imagePullSecret, apiServerPort, image, prometheus: metrics?.image };
};

describe("the configuration for a cluster's peculiarities", () => {
    it("is empty by default", () => {
        const { pod, imagePullSecret, apiServerPort } = read({});
        assert.deepEqual(
            { pod, imagePullSecret, apiServerPort },
            {
                pod: { userIds: "fixed" },
                imagePullSecret: undefined,
                apiServerPort: undefined,
            },
        );
    });

    it("takes lists as YAML or texts", () => {
        const expected = {
            nodeSelector: { pool: "bench", "topology.kubernetes.io/zone": "a" },
            tolerations: [
                { key: "dedicated", operator: "Equal", value: "bench", effect: "NoSchedule" },
                { key: "spot", operator: "Exists" },
            ],
            userIds: "cluster",
        };
        for (const [nodeSelector, tolerations] of [
            ["pool=bench, topology.kubernetes.io/zone=a", "dedicated=bench:NoSchedule,spot"],
            ['["pool=bench","topology.kubernetes.io/zone=a"]', '["dedicated=bench:NoSchedule","spot"]'],
        ] as const) {
            assert.deepEqual(read({ nodeSelector, tolerations, userIds: "cluster" }).pod, expected);
        }
    });

    it("takes the Secret, the port and the registry", () => {
        const config = read({
            imagePullSecret: "ci/registry",
            apiServerPort: "16443",
            registry: "mirror.example:5000/hub",
        });
        assert.deepEqual(config.imagePullSecret, { namespace: "ci", name: "registry" });
        assert.equal(config.apiServerPort, 16_443);
        assert.equal(config.image, "mirror.example:5000/hub/library/node:24.21.0-bookworm-slim");
        assert.equal(config.prometheus, "mirror.example:5000/hub/prom/prometheus:v3.11.3");
    });

    it("names every mistake", () => {
        const values = {
            nodeSelector: "pool",
            tolerations: "a:Never",
            userIds: "root",
            imagePullSecret: "registry",
            registry: "https://mirror.example",
            apiServerPort: "0",
        };
        assert.throws(
            () => read(values),
            (error: ConfigError) => {
                assert.deepEqual(
                    error.problems.map((problem) => /^hopcost:(\w+)/.exec(problem)?.[1]).sort(),
                    Object.keys(values).sort(),
                );
                return error instanceof ConfigError;
            },
        );
    });
});

describe("an image in a mirror", () => {
    it("keeps its path and version, without the registry it came from", () => {
        const images: Record<string, string> = {
            "docker.io/library/node:24.21.0": "mirror/library/node:24.21.0",
            "registry.example:5000/team/app@sha256:0": "mirror/team/app@sha256:0",
            "localhost/app:1": "mirror/app:1",
            "library/node:24": "mirror/library/node:24",
            "node:24": "mirror/node:24",
        };
        for (const [image, expected] of Object.entries(images)) assert.equal(mirrored(image, "mirror"), expected);
        assert.equal(mirrored("node:24", undefined), "node:24");
    });
});
