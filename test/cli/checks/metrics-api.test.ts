import { metricsApiOutcome } from "../../../cli/checks/metrics-api.ts";
import { outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/metrics-api");

describe("metricsApiOutcome says of", () => {
    it("one that answers that it does", () => {
        asOutcome("metricsApiOutcome says of: one that answers that it does", metricsApiOutcome(200), "ok");
    });

    it("none what is lost", () => {
        asOutcome("metricsApiOutcome says of: none what is lost", metricsApiOutcome(404), "warning");
    });

    it("one that is ill where to look", () => {
        asOutcome("metricsApiOutcome says of: one that is ill where to look", metricsApiOutcome(503), "warning");
    });
});
