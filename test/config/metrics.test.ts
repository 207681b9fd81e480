import assert from "node:assert/strict";
import { defaultImages } from "../../config/metrics.ts";
import { config, problemsOf } from "./fixtures.ts";

describe("what watches a run", () => {
    const metricsOf = (values: Record<string, string>) => config(values).metrics;

    it("is upstream's Prometheus, which reads no more than its namespace, and no Grafana", () => {
        assert.deepEqual(metricsOf({}), { image: defaultImages.prometheus, clusterMetrics: false });
        assert.deepEqual(metricsOf({ "hopcost:metrics": "true", "hopcost:grafana": "false" }), metricsOf({}));
    });

    it("is what is set", () => {
        const values = {
            "hopcost:prometheusImage": "hopcost.local/prometheus:3.11.3",
            "hopcost:clusterMetrics": "true",
            "hopcost:grafana": "true",
        };
        const image = "hopcost.local/prometheus:3.11.3";
        assert.deepEqual(metricsOf(values), { image, clusterMetrics: true, grafana: { image: defaultImages.grafana } });
        const grafana = { ...values, "hopcost:grafanaImage": "mine/grafana:12" };
        assert.deepEqual(metricsOf(grafana)?.grafana, { image: "mine/grafana:12" });
    });

    it("is nothing where that is off; images may stay set, and no is no contradiction", () => {
        const off = { "hopcost:metrics": "false", "hopcost:prometheusImage": "mine/prom:3" };
        assert.equal(metricsOf(off), undefined);
        assert.equal(metricsOf({ ...off, "hopcost:grafana": "false", "hopcost:grafanaImage": "a:1" }), undefined);
    });

    it("is not off and wanted at once", () => {
        const values = { "hopcost:metrics": "false", "hopcost:clusterMetrics": "true", "hopcost:grafana": "true" };
        assert.deepEqual(problemsOf(values), [
            'hopcost:clusterMetrics "true": must not be set together with hopcost:metrics "false"',
            'hopcost:grafana "true": must not be set together with hopcost:metrics "false"',
        ]);
    });

    it("has mistakes that are all named, with a fitting example each", () => {
        const values = {
            "hopcost:metrics": "yes",
            "hopcost:clusterMetrics": "1",
            "hopcost:grafana": "on",
            "hopcost:prometheusImage": "prom/prometheus",
            "hopcost:grafanaImage": "grafana/grafana:latest",
        };
        const pinned = (example: string) => `must be an image pinned to a version, such as "${example}"`;
        assert.deepEqual([...problemsOf(values)].sort(), [
            'hopcost:clusterMetrics "1": must be one of true, false',
            'hopcost:grafana "on": must be one of true, false',
            `hopcost:grafanaImage "grafana/grafana:latest": ${pinned(defaultImages.grafana)}`,
            'hopcost:metrics "yes": must be one of true, false',
            `hopcost:prometheusImage "prom/prometheus": ${pinned(defaultImages.prometheus)}`,
        ]);
    });
});
