import { metricsApiOutcome } from "../../../cli/checks/metrics-api.ts";
import { outcomesOf } from "./fixtures.ts";

const asOutcome = outcomesOf("cli/checks/metrics-api");

describe("metricsApiOutcome", () => {
    it("accepts an API that answers", () => {
        asOutcome("metricsApiOutcome: accepts an API that answers", metricsApiOutcome(200), "ok");
    });

    it("warns of a missing API, saying what is lost", () => {
        asOutcome("metricsApiOutcome: warns of a missing API, saying what is lost", metricsApiOutcome(404), "warning");
    });

    it("warns of a failing API, saying where to look", () => {
        asOutcome("metricsApiOutcome: warns of a failing API, saying where to look", metricsApiOutcome(503), "warning");
    });
});
