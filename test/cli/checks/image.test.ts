import assert from "node:assert/strict";
import { fullName, imageOutcome } from "../../../cli/checks/image.ts";
import { configWith, node } from "./fixtures.ts";

describe("imageOutcome", () => {
    const config = configWith({
        "hopcost:image": "node:24",
        "hopcost:metrics": "true",
        "hopcost:prometheusImage": "prom/prometheus:v3",
    });

    it("counts the nodes that have each image, of those that can take Pods", () => {
        const images = ["docker.io/library/node:24"];
        const nodes = [node("a", { images }), node("b"), node("c", { images, unschedulable: true })];
        const detail =
            "nodes that are known to have them: node:24: 1 of 2; prom/prometheus:v3: 0 of 2; the others pull them";
        assert.deepEqual(imageOutcome(config, nodes), { state: "ok", detail });
    });

    it("names them where nodes may not be listed", () => {
        const detail = "node:24, prom/prometheus:v3: pulled where they are missing (you may not list nodes)";
        assert.deepEqual(imageOutcome(config, undefined), { state: "ok", detail });
    });

    it("knows the full names of images", () => {
        const names = {
            "node:24": "docker.io/library/node:24",
            "prom/prometheus:v3": "docker.io/prom/prometheus:v3",
            "quay.io/a/b:1": "quay.io/a/b:1",
            "localhost/b:1": "localhost/b:1",
            "registry:5000/b:1": "registry:5000/b:1",
        };
        assert.deepEqual(Object.keys(names).map(fullName), Object.values(names));
    });
});
