import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import { allArms } from "../../../model/arms.ts";
import { resultsOpenMetrics } from "../../../report/formats/openmetrics.ts";
import { prometheusPrograms } from "../../../sandbox/images/prometheus.ts";
import { saysNothing } from "../../../sandbox/say.ts";
import { journalOf, planOf, resultsOf } from "../../model/fixtures.ts";
import { buildMs } from "../../support/build-limit.ts";

describe("the results as OpenMetrics", function () {
    this.timeout(buildMs);

    it("are accepted by promtool, of one run and of several", async () => {
        const plan = planOf({ arms: allArms });
        const results = resultsOf(plan, journalOf(plan));
        const promtool = join(await prometheusPrograms(saysNothing), "promtool");
        for (const runs of [[results], [results, { ...results, runId: 'another "run"' }]]) {
            const input = await resultsOpenMetrics(runs);
            const { exitCode, all } = await execa(promtool, ["check", "metrics"], { input, all: true, reject: false });
            assert.deepEqual({ exitCode, all }, { exitCode: 0, all: "" });
        }
    });
});
