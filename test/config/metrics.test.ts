import assert from "node:assert/strict";
import { defaultImages } from "../../config/metrics.ts";
import { textsOf } from "../support/texts.ts";
import { config, problemsOf } from "./fixtures.ts";

const asText = textsOf("config/metrics");

describe("the metrics of a run", () => {
    const metricsOf = (values: Record<string, string>) => config(values).metrics;

    it("come by default from upstream's Prometheus, which reads only its namespace, without Grafana", () => {
        assert.deepEqual(metricsOf({}), { image: defaultImages.prometheus, clusterMetrics: false });
        assert.deepEqual(metricsOf({ "hopcost:metrics": "true", "hopcost:grafana": "false" }), metricsOf({}));
    });

    it("come from what is set", () => {
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

    it("are none if off; then images and `false` are still accepted", () => {
        const off = { "hopcost:metrics": "false", "hopcost:prometheusImage": "mine/prom:3" };
        assert.equal(metricsOf(off), undefined);
        assert.equal(metricsOf({ ...off, "hopcost:grafana": "false", "hopcost:grafanaImage": "a:1" }), undefined);
    });

    it("can't be off while Grafana or cluster metrics are on", () => {
        const values = { "hopcost:metrics": "false", "hopcost:clusterMetrics": "true", "hopcost:grafana": "true" };
        const found = problemsOf(values);
        assert.deepEqual(
            found.map((problem) => problem.split(": ")[0]),
            ['hopcost:clusterMetrics "true"', 'hopcost:grafana "true"'],
        );
        for (const problem of found) assert.match(problem, /hopcost:metrics/);
        asText("metrics off, parts of them on", found);
    });

    it("are refused with every mistake, each with a valid example", () => {
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
