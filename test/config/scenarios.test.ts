import assert from "node:assert/strict";
import { instancesOfEach } from "../../components/scenario-instances.ts";
import { lengthOf } from "../../components/scenario-length.ts";
import { profiles } from "../../model/profiles.ts";
import { usualSecondsOf } from "../../workloads/injections/duration.ts";
import { scenarios, scenarioWords } from "../../workloads/injections/scenarios.ts";
import { textsOf } from "../support/texts.ts";
import { config, problemsOf } from "./fixtures.ts";

const asText = textsOf("config/scenarios");
const namesOf = (words: string) => config({ "hopcost:scenarios": words }).plan.scenarios?.names;

describe("the scenarios of a stack", () => {
    it("are none by default", () => {
        assert.equal(config().plan.scenarios, undefined);
    });

    it("are named one by one, with all variants of a name, by group, or all, in the order of the list", () => {
        assert.deepEqual(namesOf("kill-process"), ["kill-process"]);
        assert.deepEqual(namesOf("delete-pod, kill-process"), [
            ...["kill-process", "delete-pod/grace-30", "delete-pod/grace-0", "delete-pod/claim"],
        ]);
        assert.deepEqual(namesOf("hang/blind-probe"), ["hang/blind-probe"]);
        const all = scenarios.map(({ name }) => name);
        assert.deepEqual(namesOf("all"), all);
        assert.deepEqual(namesOf("failures, rollouts, scaling"), all);
        assert.deepEqual(
            namesOf("rollouts"),
            all.filter((name) => name.includes("rollout") || name.startsWith("rolling-update")),
        );
    });

    it("are refused if there is none of that name, with those that there are", () => {
        const problems = problemsOf({ "hopcost:scenarios": "kill-proces" });
        assert.equal(problems.length, 1);
        for (const word of scenarioWords) assert.ok(problems[0]?.includes(word), word);
        asText("an unknown scenario", problems);
    });

    it("are injected as often as the profile or the stack says, with as many shams", () => {
        for (const profile of ["quick", "standard", "full"] as const) {
            const { scenarios: plan } = config({ "hopcost:scenarios": "hang", "hopcost:profile": profile }).plan;
            assert.equal(plan?.injections, profiles[profile].injections);
            assert.equal(plan.shams, plan.injections);
        }
        const own = config({ "hopcost:scenarios": "hang", "hopcost:injections": "7" }).plan.scenarios;
        assert.equal(own?.injections, 7);
    });

    it("are injected less often if they take long, however often the run injects others; shams as often as any", () => {
        const standard = { "hopcost:profile": "standard" };
        const both = config({ ...standard, "hopcost:scenarios": "bad-rollout,kill-process" }).plan.scenarios;
        assert.deepEqual([both?.injections, both?.fewer, both?.shams], [20, { "bad-rollout": 6 }, 20]);
        const slow = config({ ...standard, "hopcost:scenarios": "bad-rollout" }).plan.scenarios;
        assert.deepEqual([slow?.injections, slow?.fewer, slow?.shams], [6, undefined, 6]);
        const quick = config({ "hopcost:scenarios": "bad-rollout" }).plan.scenarios;
        assert.deepEqual([quick?.injections, quick?.fewer, quick?.shams], [3, undefined, 3]);
    });

    it("take less than 45 minutes by group, with the profile standard", () => {
        for (const group of ["rollouts", "scaling"]) {
            const { plan } = config({ "hopcost:profile": "standard", "hopcost:scenarios": group });
            const { seconds } = lengthOf(plan.scenarios, plan.seed);
            assert.ok(seconds > 600 && seconds < 45 * 60, `${group}: ${seconds} s`);
        }
    });

    it("carry what theory expects of each on each topology that it is done to", () => {
        const { expected = [] } = config({ "hopcost:scenarios": "kill-process,volume-full" }).plan.scenarios ?? {};
        assert.deepEqual(
            expected.map(({ scenario, topology }) => `${scenario} ${topology}`),
            ["kill-process network", "kill-process volume", "volume-full/tmpfs volume", "volume-full/disk volume"],
        );
    });

    it("that need a StorageClass are skipped without one, with the reason", () => {
        const without = config({ "hopcost:scenarios": "delete-pod/claim,kill-process" }).plan.scenarios;
        assert.deepEqual(
            without?.skipped?.map(({ scenario, topology }) => [scenario, topology]),
            [["delete-pod/claim", "volume"]],
        );
        assert.match(without.skipped[0]?.reason ?? "", /hopcost:storageClass/);
        assert.ok(without.expected.every(({ scenario }) => scenario === "kill-process"));
        const stored = { "hopcost:scenarios": "delete-pod/claim", "hopcost:storageClass": "fast" };
        const { skipped, expected } = config(stored).plan.scenarios ?? assert.fail();
        assert.equal(skipped, undefined);
        assert.deepEqual(
            expected.map(({ topology }) => topology),
            ["volume"],
        );
    });

    it("that meet all instances come after the others, each time as many at once as there are instances", () => {
        const { plan } = config({ "hopcost:scenarios": "api-server-down" });
        const { scenarios: planned = assert.fail(), seed } = plan;
        const lengthWith = (injections: number) => lengthOf({ ...planned, injections, shams: 0 }, seed).seconds;
        assert.ok(lengthWith(instancesOfEach) - lengthWith(1) < 60);
        assert.ok(lengthWith(instancesOfEach + 1) - lengthWith(instancesOfEach) > 100);
        const before = config({ "hopcost:scenarios": "kill-process" }).plan;
        const both = config({ "hopcost:scenarios": "kill-process,api-server-down" }).plan;
        const added = lengthOf(both.scenarios, seed).seconds - lengthOf(before.scenarios, seed).seconds;
        assert.ok(added > 100 && added < 200, `${added} s`);
    });

    it("that have the cluster to themselves come one by one, after the others", () => {
        const { plan } = config({ "hopcost:scenarios": "density" });
        const { scenarios: planned = assert.fail(), seed } = plan;
        const lengthWith = (injections: number) => lengthOf({ ...planned, injections, shams: 0 }, seed).seconds;
        const each = usualSecondsOf("density");
        assert.equal(lengthWith(2) - lengthWith(1), 2 * each); // one on each topology
        assert.equal(lengthWith(6) - lengthWith(1), 10 * each);
    });

    it("take their time from the deadline's default", () => {
        const without = config().plan.deadlineSeconds;
        const { plan } = config({ "hopcost:scenarios": "failures" });
        const { seconds } = lengthOf(plan.scenarios, plan.seed);
        assert.ok(seconds > 60 && seconds < 15 * 60, `${seconds} s for all failures of the profile quick`);
        assert.ok(Math.abs(plan.deadlineSeconds - without - 5 * seconds) <= 5);
    });
});
