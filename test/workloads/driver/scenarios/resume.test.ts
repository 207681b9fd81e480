import assert from "node:assert/strict";
import { injectionName, kindLabel, runIdLabel } from "../../../../model/names.ts";
import { sha256 } from "../../../../model/parse.ts";
import type { Plan } from "../../../../model/plan.ts";
import type { Injection, ScenarioPlan } from "../../../../model/scenarios.ts";
import { injectionSchedule } from "../../../../statistics/injection-schedule.ts";
import { usualSecondsOf } from "../../../../workloads/injections/duration.ts";
import { injectionOf, scenarioPlanOf } from "../../../report/injections.ts";
import { DriverRig } from "../../support/driver-rig.ts";

describe("a driver that finds injections in the journal", function () {
    this.timeout(120_000);
    let rig: DriverRig;
    const scenarios: ScenarioPlan = scenarioPlanOf({ names: ["kill-process"], injections: 2, shams: 1 });

    before(async () => {
        rig = await DriverRig.start();
        rig.addPods();
    });
    after(() => rig.stop());

    /** A plan without instances: whatever is left to inject stays undone. */
    const planned = (): Plan => ({
        ...rig.plan({ rounds: 1, maxRounds: 1, sizes: [64], ablationSizes: [64] }),
        scenarios,
        instances: [],
    });
    const schedule = ({ seed }: Plan) => injectionSchedule(scenarios, seed, usualSecondsOf);
    const write = ({ runId }: Plan, injection: Injection, damage = (text: string) => text) => {
        const text = JSON.stringify({ ...injection, runId });
        const name = injectionName(runId, injection.index);
        rig.api.objects.set(`configmaps/${name}`, {
            metadata: { name, labels: { [runIdLabel]: runId, [kindLabel]: "injection" } },
            data: { "injection.json": damage(text), sha256: sha256(text) },
        });
    };
    const resultsOf = async (plan: Plan) => {
        const driver = rig.driver(plan);
        const code = await driver.ended();
        return { code, output: driver.output, ...rig.results(plan.runId) };
    };

    it("makes none of them again, and judges all", async () => {
        const plan = planned();
        for (const one of schedule(plan))
            write(
                plan,
                injectionOf(one, () => []),
            );
        const { code, output, results } = await resultsOf(plan);
        assert.equal(code, 0, output);
        assert.ok(results.complete);
        const kills = results.scenarios?.cells.filter(({ scenario }) => scenario === "kill-process") ?? [];
        assert.deepEqual([...new Set(kills.map(({ injections }) => injections))], [2]);
    });

    it("is incomplete without some of them, and says how many", async () => {
        const plan = planned();
        for (const one of schedule(plan).slice(2))
            write(
                plan,
                injectionOf(one, () => []),
            );
        const { code, results } = await resultsOf(plan);
        assert.equal(code, 4);
        assert.match(results.incompleteReason ?? "", /\b2 of 6 injections\b/);
    });

    it("refuses those of another plan", async () => {
        const plan = planned();
        const [first] = schedule(plan);
        assert.ok(first !== undefined);
        write(
            plan,
            injectionOf({ ...first, scenario: "not-ready" }, () => []),
        );
        const { code, results } = await resultsOf(plan);
        assert.equal(code, 1);
        assert.match(results.stopReason ?? "", /belongs to another plan: injection 0 is not-ready/);
    });

    it("leaves a damaged one out, and names it", async () => {
        const plan = planned();
        for (const [at, one] of schedule(plan).entries()) {
            const damage = (text: string) => (at === 1 ? text.replace('"ok"', '"OK"') : text);
            write(
                plan,
                injectionOf(one, () => []),
                damage,
            );
        }
        const { code, results } = await resultsOf(plan);
        assert.equal(code, 4);
        assert.match(results.incompleteReason ?? "", /injection-0001: its SHA-256 is /);
    });
});
