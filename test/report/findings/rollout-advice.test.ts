import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { replacement, resolveAvailability, watchedProbes } from "../../../model/availability.ts";
import { undeliveredOf } from "../../../model/outcomes.ts";
import { type RolloutAdvice, rollouts, scenarioOfRollout } from "../../../model/rollouts.ts";
import type { ScenarioPlan } from "../../../model/scenarios.ts";
import { rolloutAdvice } from "../../../report/findings/rollout-advice.ts";
import { adviceByYaml, yamlOf } from "../../../report/findings/rollout-yaml.ts";
import { scenarioResultsOf } from "../../../report/findings/scenarios.ts";
import { type Observation, scenarioCellOf } from "../../../statistics/scenario-cell.ts";
import { scenarioOf } from "../../../workloads/injections/scenarios.ts";
import { textsOf } from "../../support/texts.ts";
import { about, plausible, rolloutJournal, rolloutPlanOf, type Truth } from "../rollouts.ts";

const asText = textsOf("report/findings/rollout-advice");

/** The advice of a simulated run; as the results have it, without what else they have. */
function adviceFor(plan: ScenarioPlan, truth: Truth, seed = 1): RolloutAdvice[] {
    const journal = rolloutJournal(plan, truth, seed).sort((one, other) => (one.topology < other.topology ? -1 : 1));
    const groups = Map.groupBy(journal, ({ scenario, topology }) => `${scenario} ${topology}`);
    return rolloutAdvice(
        [...groups.values()].map((injections) => {
            const observations = injections.flatMap((injection): Observation[] =>
                injection.flows.map((record) => ({ injection, record })),
            );
            return {
                cell: scenarioCellOf(observations as [Observation, ...Observation[]]),
                undelivered: observations.map(({ record }) => undeliveredOf(record.outcomes)),
            };
        }),
    );
}

const named = (...variants: string[]) => variants.map((variant) => `rolling-update/${variant}`);
const whole = "surge-prestop-ready-drain";
const short = ({ topology, setting, removes, fewer, pairs }: RolloutAdvice) =>
    `${topology} ${setting}${removes ? " removes" : ""} ${fewer}/${pairs}`;

describe("the advice of a whole matrix", () => {
    const found = adviceFor(rolloutPlanOf(), plausible);

    it("names the settings that help in truth, on both topologies, and no other", () => {
        assert.deepEqual(
            found.map(short),
            ["network", "volume"].flatMap((topology) => [
                `${topology} surge removes 8/8`,
                `${topology} surge removes 8/8`,
                `${topology} ready removes 4/12`,
                `${topology} preStop removes 4/12`,
            ]),
        );
        assert.ok(found.every(({ more, chance }) => more === 0 && chance < 0.002));
    });

    it("shows the pair that is left with the fewest messages, and differs in this setting only", () => {
        assert.deepEqual(new Set(found.map(({ scenario }) => scenario)), new Set(named(whole)));
        assert.deepEqual(
            found.slice(0, 4).map(({ reference }) => reference),
            named(
                "unavailable-prestop-ready-drain",
                "recreate-prestop-ready-drain",
                "surge-prestop-drain",
                "surge-ready-drain",
            ),
        );
    });

    it("says so in one line with the figures", () => {
        asText(
            "whole matrix",
            found.map(({ text }) => text),
        );
        assert.ok(found.every(({ text }) => text.includes("none in 20 rollouts (at most 3/20) instead of ")));
    });

    it("is the same from 6 rollouts each, as far as they show", () => {
        const few = adviceFor(rolloutPlanOf({ injections: 6 }), plausible);
        assert.deepEqual(new Set(few.map(({ setting }) => setting)), new Set(["surge", "ready", "preStop"]));
    });

    it("is part of the results, and absent if nothing follows", () => {
        const plan = rolloutPlanOf();
        assert.deepEqual(scenarioResultsOf(plan, rolloutJournal(plan, plausible)).advice, found);
        assert.equal(
            "advice" in
                scenarioResultsOf(
                    plan,
                    rolloutJournal(plan, () => 0),
                ),
            false,
        );
    });
});

describe("advice from a few variants", () => {
    const pair = rolloutPlanOf({ names: named("surge-prestop-drain", whole), injections: 6 });
    const ready: Truth = (rollout, _, random) => (rollout.ready ? about(3, random) : about(40, random));

    it("reduces failures if some are left", () => {
        const [first, second, ...others] = adviceFor(pair, ready);
        assert.deepEqual(
            [first, second].map((one) => one && short(one)),
            ["network ready 1/1", "volume ready 1/1"],
        );
        assert.deepEqual(others, []);
        asText("reduces", first?.text ?? "");
    });

    it("says nothing with fewer than 6 rollouts, whatever they show", () => {
        const nothing: Truth = ({ ready }) => (ready ? 0 : 100);
        assert.equal(adviceFor(pair, nothing).length, 2);
        assert.deepEqual(adviceFor({ ...pair, injections: 5 }, nothing), []);
    });

    it("leaves out a pair of which one side has fewer than 6, and other flows", () => {
        const names = named("surge-ready", "surge", "surge-prestop-ready", "surge-prestop");
        const plan = rolloutPlanOf({ names, injections: 6 });
        const journal = rolloutJournal(plan, ready);
        const pairsFrom = (injections: typeof journal) =>
            scenarioResultsOf(plan, injections)
                .advice?.filter(({ topology, setting }) => topology === "network" && setting === "ready")
                .map(({ pairs, fewer }) => [pairs, fewer]);
        assert.deepEqual(pairsFrom(journal), [[2, 2]]);
        const first = journal.find(({ scenario, topology }) => scenario === names[1] && topology === "network");
        assert.deepEqual(pairsFrom(journal.filter((injection) => injection !== first)), [[1, 1]]);
        const retried = journal.map((injection) => ({
            ...injection,
            flows: injection.flows.map((flow) => ({ ...flow, flow: "retry" })),
        }));
        assert.equal(pairsFrom(retried), undefined);
    });

    it("says nothing of variants that differ in two settings", () => {
        const names = named("surge-prestop", whole);
        assert.deepEqual(adviceFor(rolloutPlanOf({ names }), plausible), []);
    });

    it("says nothing if intervals overlap everywhere, however many pairs differ a little", () => {
        const slight: Truth = ({ ready }, _, random) => Math.floor(40 * random()) + (ready ? 0 : 8);
        const found = adviceFor(rolloutPlanOf({ injections: 8 }), slight, 2);
        assert.deepEqual(found, []);
    });

    it("says in how many pairs there are more with it", () => {
        const mixed: Truth = ({ update, ready }, _, random) => about((update === "surge") === ready ? 5 : 90, random);
        const [first] = adviceFor(rolloutPlanOf(), mixed).filter(({ setting }) => setting === "ready");
        assert.equal(first, undefined); // 8 of 12 pairs have more
        const names = named(
            "surge",
            "surge-ready",
            "surge-drain",
            "surge-ready-drain",
            "surge-prestop",
            "surge-prestop-ready",
        );
        const oneWorse: Truth = ({ preStop, ready: isOn }, _, random) =>
            about(preStop === isOn ? 50 : isOn ? 5 : 30, random);
        const [other] = adviceFor(rolloutPlanOf({ names }), oneWorse).filter(({ setting }) => setting === "ready");
        assert.deepEqual([other?.fewer, other?.more, other?.pairs], [2, 1, 3]);
        asText("more in one", other?.text ?? "");
    });
});

describe("advice of a native sidecar", () => {
    const variants = [whole, "recreate-prestop-ready-drain"];
    const names = [...named(...variants), ...variants.map((variant) => `rolling-update-sidecar/${variant}`)];
    const plan = rolloutPlanOf({ names, injections: 6 });
    const helps: Truth = ({ kind, update }, _, random) =>
        update === "recreate" ? about(150, random) : kind === "sidecar" ? 0 : about(4, random) + 1;

    it("compares the variants that differ only in it", () => {
        const found = adviceFor(plan, helps).filter(
            ({ topology, setting }) => topology === "volume" && setting === "sidecar",
        );
        assert.deepEqual(found.map(short), ["volume sidecar removes 1/2"]);
        assert.equal(found[0]?.scenario, `rolling-update-sidecar/${whole}`);
        assert.equal(found[0]?.reference, `rolling-update/${whole}`);
        asText("native sidecar", found[0]?.text ?? "");
    });

    it("is not given if it changes nothing, and adds its pairs to those of other settings", () => {
        const settings = adviceFor(plan, plausible)
            .filter(({ topology }) => topology === "volume")
            .map(short);
        assert.deepEqual(settings, ["volume surge removes 2/2"]);
    });
});

describe("advice of all settings together", () => {
    it("is given if only they were measured beside the default, and no rollout with them failed", () => {
        const plan = rolloutPlanOf({ names: named("surge", whole, "recreate") });
        const found = adviceFor(plan, plausible);
        assert.deepEqual(found.filter(({ setting }) => setting === "all").map(short), [
            "network all removes 1/1",
            "volume all removes 1/1",
        ]);
        const [first] = found.filter(({ setting }) => setting === "all");
        assert.equal(first?.reference, "rolling-update/surge");
        asText("all together", first?.text ?? "");
    });

    it("is not given if a message failed, if the default failed none, or if a single setting removes them", () => {
        const plan = rolloutPlanOf({ names: named("surge", whole) });
        assert.equal(
            adviceFor(plan, (rollout, _, random) => (rollout.ready ? Math.round(0.6 * random()) : 30)).length,
            0,
        );
        assert.equal(adviceFor(plan, () => 0).length, 0);
        const more = rolloutPlanOf({ names: named("surge", "surge-ready-drain", whole) });
        const settings = adviceFor(more, plausible).map(({ setting }) => setting);
        assert.deepEqual(settings, ["preStop", "preStop"]);
    });

    it("is given beside settings that only reduce failures", () => {
        const plan = rolloutPlanOf({ names: named("surge", "surge-ready", whole) });
        assert.deepEqual(
            adviceFor(plan, plausible)
                .filter(({ topology }) => topology === "network")
                .map(short),
            ["network ready 1/1", "network all removes 1/1"],
        );
    });
});

describe("advice without an effect", () => {
    const runs = 100;
    const alarms = (plan: ScenarioPlan, truths: readonly Truth[], helps: readonly string[] = []) => {
        const seeds = Array.from({ length: runs }, (_, seed) => seed);
        const isFalse = ({ setting }: RolloutAdvice) => !helps.includes(setting);
        const adviceOf = (seed: number) => adviceFor(plan, truths[seed % truths.length] as Truth, seed);
        return seeds.filter((seed) => adviceOf(seed).some(isFalse)).length / runs;
    };
    const noisy: Truth = (_rollout, _topology, random) => (random() < 0.7 ? 0 : Math.floor(30 * random()));
    const busy: Truth = (_rollout, _topology, random) => Math.floor(60 * random());

    for (const [what, plan] of [
        ["a whole matrix, 6 times each", rolloutPlanOf({ injections: 6 })],
        [
            "two variants, 6 times each",
            rolloutPlanOf({ names: named("surge-ready", "surge-prestop-ready"), injections: 6 }),
        ],
        ["three variants, 12 times each", rolloutPlanOf({ names: named("surge", "recreate", whole), injections: 12 })],
    ] as const) {
        it(`is given in at most 5% of ${runs} runs with ${what}`, () => {
            const share = alarms(plan, [noisy, busy]);
            assert.ok(share <= 0.05, `${share}`);
        }).timeout(120_000); // other tests may share the processors
    }

    it(`is given for a setting without one in at most 5% of ${runs} runs in which another has one`, () => {
        const names = rollouts.filter(({ update, preStop }) => update === "surge" && preStop).map(scenarioOfRollout);
        const share = alarms(rolloutPlanOf({ names, injections: 6 }), [plausible], ["ready"]);
        assert.ok(share <= 0.05, `${share}`);
    }).timeout(120_000);

    it("does not depend on the order of the variants, or on what else was measured", () => {
        const plan = rolloutPlanOf({ names: named("surge", "surge-ready", "surge-prestop-ready"), injections: 8 });
        const all = rolloutJournal(plan, plausible);
        const expected = scenarioResultsOf(plan, all).advice;
        assert.ok(expected !== undefined);
        fc.assert(
            fc.property(fc.shuffledSubarray(plan.names, { minLength: 3 }), (names) => {
                const strange = { ...(all[0] as (typeof all)[0]), index: 9999, scenario: "rolling-update/from-above" };
                const found = scenarioResultsOf({ ...plan, names }, [...all, strange]).advice;
                assert.deepEqual(found?.toSorted(byText), expected.toSorted(byText));
            }),
            { numRuns: 5 },
        );
    });
});

function byText(one: RolloutAdvice, other: RolloutAdvice): number {
    return one.text < other.text ? -1 : 1;
}

describe("the YAML of advice", () => {
    const everything = scenarioOf(scenarioOfRollout(rollouts[7] as (typeof rollouts)[0])).availability;
    const availability = resolveAvailability(everything);
    const { lifecycle, readinessProbe } = watchedProbes(availability, 8080);

    it("sets in a Deployment what the driver had set", () => {
        assert.deepEqual(parse(yamlOf(["surge"])), { strategy: replacement(availability).strategy });
        assert.deepEqual(parse(yamlOf(["drain"])), { terminationGracePeriodSeconds: availability.graceSeconds });
        const { readinessProbe: probe } = parse(yamlOf(["ready"]));
        const { timeoutSeconds, ...expected } = readinessProbe ?? {};
        assert.equal(timeoutSeconds, 1); // Kubernetes' default
        assert.deepEqual(probe, expected);
        const { seconds } = parse(yamlOf(["preStop"])).lifecycle.preStop.sleep;
        assert.deepEqual(parse(yamlOf(["sidecar"])), { initContainers: [{ name: "reader", restartPolicy: "Always" }] });
        assert.equal(lifecycle?.preStop.exec.command.at(-1), `setTimeout(() => {}, ${1000 * seconds})`);
    });

    it("of all settings has each once, and of advice with the same YAML is shown once", () => {
        assert.deepEqual(Object.keys(parse(yamlOf(["surge", "preStop", "ready", "drain"]))), [
            ...["strategy", "lifecycle", "readinessProbe", "terminationGracePeriodSeconds"],
        ]);
        const groups = adviceByYaml(adviceFor(rolloutPlanOf(), plausible));
        assert.deepEqual(
            groups.map(({ texts }) => texts.length),
            [4, 2, 2],
        );
        assert.deepEqual(adviceByYaml(undefined), []);
    });
});
