import assert from "node:assert/strict";
import { fullName, imageOutcome } from "../../../cli/checks/image.ts";
import { configWith, node, outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/image");

describe("imageOutcome", () => {
    const config = configWith({
        "hopcost:image": "node:24",
        "hopcost:metrics": "true",
        "hopcost:prometheusImage": "prom/prometheus:v3",
    });

    it("counts the nodes that have each image, of those that can take Pods", () => {
        const images = ["docker.io/library/node:24"];
        const nodes = [node("a", { images }), node("b"), node("c", { images, unschedulable: true })];
        asOutcome(
            "imageOutcome: counts the nodes that have each image, of those that can take Pods",
            imageOutcome(config, nodes),
            "ok",
        );
    });

    it("names the images if the user isn't allowed to list nodes", () => {
        asOutcome(
            "imageOutcome: names the images if the user isn't allowed to list nodes",
            imageOutcome(config, undefined),
            "ok",
        );
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
