import assert from "node:assert/strict";
import { allArms, isMain, mainArms, repeatArm } from "../../model/arms.ts";
import { armsOf, type Mode, sizesOf } from "../../model/plan.ts";
import { profiles } from "../../model/profiles.ts";
import { expectedSeconds, expectedTrialSeconds, schedule } from "../../statistics/schedule.ts";
import { textsOf } from "../support/texts.ts";
import { config, problemsOf } from "./fixtures.ts";

const asText = textsOf("config/plan");

describe("arms", () => {
    const armsFor = (values: Record<string, string>) => {
        const { plan } = config(values);
        return { arms: armsOf(plan), unavailable: plan.unavailable };
    };
    const noClass = "hopcost:storageClass is not set, so there is no PersistentVolume";

    it("are those of the profile, and each can be chosen", () => {
        const standard = { "hopcost:profile": "standard", "hopcost:storageClass": "standard" };
        assert.deepEqual(armsFor(standard), { arms: [...allArms], unavailable: [] });
        for (const arm of allArms) {
            assert.ok(armsFor({ ...standard, "hopcost:arms": arm }).arms.includes(arm), arm);
        }
    });

    it("include the A/A arm once if the arm it repeats is there", () => {
        const both = ["network/cluster-ip", "network/cluster-ip-repeat"];
        assert.deepEqual(armsFor({ "hopcost:arms": "network/cluster-ip" }).arms, both);
        assert.deepEqual(armsFor({ "hopcost:arms": both.join(",") }).arms, both);
        assert.deepEqual(armsFor({ "hopcost:arms": "network/pod-ip" }).arms, ["network/pod-ip"]);
    });

    it("on a PersistentVolume are unavailable without a StorageClass, but not refused", () => {
        assert.deepEqual(armsFor({ "hopcost:arms": "volume/disk,volume/pvc" }), {
            arms: ["volume/disk"],
            unavailable: [{ arm: "volume/pvc", reason: noClass }],
        });
    });

    it("between two nodes are unavailable if the main arms are on two nodes", () => {
        const { arms, unavailable } = armsFor({
            "hopcost:profile": "standard",
            "hopcost:storageClass": "standard",
            "hopcost:placement": "cross-node",
        });
        assert.deepEqual(
            arms,
            allArms.filter((arm) => arm !== "network/cross-node"),
        );
        assert.deepEqual(unavailable, [
            {
                arm: "network/cross-node",
                reason: "hopcost:placement is cross-node, so network/cluster-ip crosses nodes already",
            },
        ]);
        const any = { "hopcost:arms": "network/cross-node", "hopcost:placement": "any" };
        assert.deepEqual(armsFor(any).arms, ["network/cross-node"]);
    });

    it("are refused if none of them is available", () => {
        const [problem = ""] = problemsOf({ "hopcost:arms": "volume/pvc" });
        assert.ok(problem.startsWith('hopcost:arms "volume/pvc": '), problem);
        assert.ok(problem.endsWith(`: volume/pvc: ${noClass}`), problem);
        asText("no arm is available", problem);
    });
});

describe("rounds", () => {
    const roundsOf = (values: Record<string, string>) => {
        const { rounds, maxRounds } = config({ "hopcost:profile": "standard", ...values }).plan;
        return [rounds, maxRounds];
    };
    const { rounds, maxRounds } = profiles.standard;

    it("include the profile's extra rounds if the stack doesn't set their number", () => {
        assert.ok(maxRounds > rounds);
        assert.deepEqual(roundsOf({}), [rounds, maxRounds]);
        assert.deepEqual(roundsOf({ "hopcost:rounds": String(rounds) }), [rounds, maxRounds]);
    });

    it("are as many as set, and more only if maxRounds is also set", () => {
        assert.deepEqual(roundsOf({ "hopcost:rounds": "3" }), [3, 3]);
        assert.deepEqual(roundsOf({ "hopcost:rounds": "40" }), [40, 40]);
        assert.deepEqual(roundsOf({ "hopcost:rounds": "3", "hopcost:maxRounds": "8" }), [3, 8]);
    });

    it("are refused if there are more than maxRounds", () => {
        assert.deepEqual(problemsOf({ "hopcost:maxRounds": "2" }), [
            'hopcost:maxRounds "2": must be at least hopcost:rounds (3)',
        ]);
    });
});

describe("sizes of the ablation arms and the diagnostics", () => {
    const sizesFor = (values: Record<string, string>) => {
        const { plan } = config({ "hopcost:profile": "standard", ...values });
        const main = (mode: Mode) => {
            const [network, volume] = Object.values(mainArms).map((arm) => sizesOf(plan, arm, mode));
            assert.deepEqual(network, volume);
            return network;
        };
        const ablations = armsOf(plan).filter((arm) => !isMain(arm) && arm !== repeatArm && arm !== "floor/noop");
        const [ablationSizes = [], ...others] = ablations.map((arm) => sizesOf(plan, arm));
        for (const other of others) assert.deepEqual(other, ablationSizes);
        assert.deepEqual(sizesOf(plan, "floor/noop"), [Math.min(...ablationSizes)]);
        return {
            ...{ sizes: main("closed-loop"), ablationSizes, phaseSizes: main("phases") },
            ...{ constantRateSizes: main("constant-rate"), throughputSizes: main("throughput") },
        };
    };

    it("are the profile's by default", () => {
        const { sizes, ablationSizes, phaseSizes, constantRateSizes, throughputSizes } = profiles.standard;
        assert.deepEqual(sizesFor({}), { sizes, ablationSizes, phaseSizes, constantRateSizes, throughputSizes });
    });

    it("are the main arms' sizes nearest to the profile's, if they are compared with the main arms", () => {
        const { ablationSizes, phaseSizes } = sizesFor({ "hopcost:sizes": "1 KiB, 2 KiB, 8 KiB, 128 KiB" });
        assert.deepEqual(ablationSizes, [1024, 2048, 131072]); // of 64 B, 4 KiB, and from 64 KiB on
        assert.deepEqual(phaseSizes, ablationSizes);
        assert.deepEqual(sizesFor({ "hopcost:sizes": "64, 64 KiB" }).ablationSizes, [64, 65536]);
        assert.deepEqual(sizesFor({ "hopcost:sizes": "16" }).ablationSizes, [16]);
    });

    it("are, under load, the profile's up to the user's largest, or else the user's smallest", () => {
        const loadOf = (sizes: string) => {
            const { constantRateSizes, throughputSizes } = sizesFor({ "hopcost:sizes": sizes });
            return [constantRateSizes, throughputSizes];
        };
        assert.deepEqual(loadOf("1 KiB, 4 KiB"), [[64], [64]]);
        assert.deepEqual(loadOf("16 MiB"), [
            [64, 65536],
            [64, 65536, 1024 ** 2],
        ]);
        assert.deepEqual(loadOf("32, 16"), [[16], [16]]);
    });

    it("are none if the profile has none", () => {
        const { plan } = config({ "hopcost:sizes": "32" });
        assert.deepEqual(sizesOf(plan, mainArms.volume, "throughput"), []);
        assert.ok(plan.cells.every(({ mode }) => mode !== "throughput"));
    });

    it("are those that are set for the ablation arms, even if larger than the others", () => {
        const { ablationSizes, phaseSizes } = sizesFor({ "hopcost:sizes": "64", "hopcost:ablationSizes": "1 MiB" });
        assert.deepEqual([ablationSizes, phaseSizes], [[1024 ** 2], [64]]);
    });
});

describe("the deadline", () => {
    it("is refused with the numbers if the plan doesn't fit; one second more is accepted", () => {
        const values = {
            "hopcost:sizes": "64",
            "hopcost:rounds": "10",
            "hopcost:arms": "network/pod-ip",
            "hopcost:cellSeconds": "0.4",
        };
        const expected = expectedSeconds(config(values).plan);
        const least = Math.ceil(1.1 * expected) + 30;
        const [problem = ""] = problemsOf({ ...values, "hopcost:deadlineSeconds": String(least - 1) });
        assert.ok(problem.startsWith(`hopcost:deadlineSeconds "${least - 1}": `), problem);
        assert.deepEqual(problem.match(/\d+/g)?.map(Number), [least - 1, Math.ceil(expected), 10, 30, least]);
        asText("a deadline that is too short", problem);
        assert.deepEqual(problemsOf({ ...values, "hopcost:deadlineSeconds": String(least) }), []);
    });

    it("leaves enough time by default for maxRounds", () => {
        for (const profile of Object.keys(profiles)) {
            const { plan } = config({ "hopcost:profile": profile });
            const trials = schedule(plan).map((trial) => expectedTrialSeconds(trial, plan));
            const longest = trials.reduce((sum, seconds) => sum + seconds, 0);
            assert.equal(plan.deadlineSeconds, 2 * Math.ceil(longest) + 120, profile);
        }
    });
});
