import assert from "node:assert/strict";
import { metricsApiOutcome } from "../../../cli/checks/metrics-api.ts";

describe("metricsApiOutcome says of", () => {
    it("one that answers that it does", () => {
        assert.deepEqual(metricsApiOutcome(200), { state: "ok", detail: "v1beta1.metrics.k8s.io answers" });
    });

    it("none what is lost", () => {
        assert.deepEqual(metricsApiOutcome(404), {
            state: "warning",
            detail: "There is no v1beta1.metrics.k8s.io: its figures will be unavailable in the results, all else is there",
            remedy: "install metrics-server, or do without",
        });
    });

    it("one that is ill where to look", () => {
        assert.deepEqual(metricsApiOutcome(503), {
            state: "warning",
            detail: "v1beta1.metrics.k8s.io does not answer (HTTP 503): its figures will be unavailable in the results, all else is there",
            remedy: "look after metrics-server: kubectl get apiservice v1beta1.metrics.k8s.io",
        });
    });
});
