import assert from "node:assert/strict";
import { profiles } from "../../config/profiles.ts";
import { allArms, isMain, mainArms, repeatArm } from "../../model/arms.ts";
import { armsOf, type Mode, sizesOf } from "../../model/plan.ts";
import { expectedSeconds, expectedTrialSeconds, schedule } from "../../statistics/schedule.ts";
import { config, problemsOf } from "./fixtures.ts";

describe("arms", () => {
    const armsFor = (values: Record<string, string>) => {
        const { plan } = config(values);
        return { arms: armsOf(plan), unavailable: plan.unavailable };
    };
    const noClass = "hopcost:storageClass is not set, so there is no PersistentVolume";

    it("are those of the profile, and each may be asked for", () => {
        const standard = { "hopcost:profile": "standard", "hopcost:storageClass": "standard" };
        assert.deepEqual(armsFor(standard), { arms: [...allArms], unavailable: [] });
        for (const arm of allArms) {
            assert.ok(armsFor({ ...standard, "hopcost:arms": arm }).arms.includes(arm), arm);
        }
    });

    it("have the A/A arm wherever there is the one that it repeats, once", () => {
        const both = ["network/cluster-ip", "network/cluster-ip-repeat"];
        assert.deepEqual(armsFor({ "hopcost:arms": "network/cluster-ip" }).arms, both);
        assert.deepEqual(armsFor({ "hopcost:arms": both.join(",") }).arms, both);
        assert.deepEqual(armsFor({ "hopcost:arms": "network/pod-ip" }).arms, ["network/pod-ip"]);
    });

    it("on a PersistentVolume are unavailable without a class, which is no mistake", () => {
        assert.deepEqual(armsFor({ "hopcost:arms": "volume/disk,volume/pvc" }), {
            arms: ["volume/disk"],
            unavailable: [{ arm: "volume/pvc", reason: noClass }],
        });
    });

    it("between two nodes are unavailable where the main arms are on two", () => {
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

    it("are refused where none of them is available", () => {
        assert.deepEqual(problemsOf({ "hopcost:arms": "volume/pvc" }), [
            `hopcost:arms "volume/pvc": none of them can be measured on this stack: volume/pvc: ${noClass}`,
        ]);
    });
});

describe("rounds", () => {
    const roundsOf = (values: Record<string, string>) => {
        const { rounds, maxRounds } = config({ "hopcost:profile": "standard", ...values }).plan;
        return [rounds, maxRounds];
    };
    const { rounds, maxRounds } = profiles.standard;

    it("have the profile's further ones where their number is the profile's", () => {
        assert.ok(maxRounds > rounds);
        assert.deepEqual(roundsOf({}), [rounds, maxRounds]);
        assert.deepEqual(roundsOf({ "hopcost:rounds": String(rounds) }), [rounds, maxRounds]);
    });

    it("are as many as were asked for, and no more unless that is asked for as well", () => {
        assert.deepEqual(roundsOf({ "hopcost:rounds": "3" }), [3, 3]);
        assert.deepEqual(roundsOf({ "hopcost:rounds": "40" }), [40, 40]);
        assert.deepEqual(roundsOf({ "hopcost:rounds": "3", "hopcost:maxRounds": "8" }), [3, 8]);
    });

    it("are refused where there are more of them than at most", () => {
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

    it("are the profile's", () => {
        const { sizes, ablationSizes, phaseSizes, constantRateSizes, throughputSizes } = profiles.standard;
        assert.deepEqual(sizesFor({}), { sizes, ablationSizes, phaseSizes, constantRateSizes, throughputSizes });
    });

    it("are such as the main arms have where they are compared with those: the nearest to the profile's", () => {
        const { ablationSizes, phaseSizes } = sizesFor({ "hopcost:sizes": "1 KiB, 2 KiB, 8 KiB, 128 KiB" });
        assert.deepEqual(ablationSizes, [1024, 2048, 131072]); // of 64 B, 4 KiB, and from 64 KiB on
        assert.deepEqual(phaseSizes, ablationSizes);
        assert.deepEqual(sizesFor({ "hopcost:sizes": "64, 64 KiB" }).ablationSizes, [64, 65536]);
        assert.deepEqual(sizesFor({ "hopcost:sizes": "16" }).ablationSizes, [16]);
    });

    it("are the profile's up to the user's largest where load is shown, or else the user's smallest", () => {
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

    it("stay none where the profile has none", () => {
        const { plan } = config({ "hopcost:sizes": "32" });
        assert.deepEqual(sizesOf(plan, mainArms.volume, "throughput"), []);
        assert.ok(plan.cells.every(({ mode }) => mode !== "throughput"));
    });

    it("are those that are set for the ablation arms, above the others as well", () => {
        const { ablationSizes, phaseSizes } = sizesFor({ "hopcost:sizes": "64", "hopcost:ablationSizes": "1 MiB" });
        assert.deepEqual([ablationSizes, phaseSizes], [[1024 ** 2], [64]]);
    });
});

describe("the deadline", () => {
    it("is refused where the plan does not fit it, with the numbers; a second more and it is not", () => {
        const values = {
            "hopcost:sizes": "64",
            "hopcost:rounds": "10",
            "hopcost:arms": "network/pod-ip",
            "hopcost:cellSeconds": "0.4",
        };
        const expected = expectedSeconds(config(values).plan);
        const least = Math.ceil(1.1 * expected) + 30;
        assert.deepEqual(problemsOf({ ...values, "hopcost:deadlineSeconds": String(least - 1) }), [
            `hopcost:deadlineSeconds "${least - 1}": the plan takes about ${Math.ceil(expected)} s, and 10% more and 30 s to start are kept free; set at least ${least}, or fewer hopcost:rounds, hopcost:arms or hopcost:sizes, or a smaller hopcost:cellSeconds`,
        ]);
        assert.deepEqual(problemsOf({ ...values, "hopcost:deadlineSeconds": String(least) }), []);
    });

    it("leaves time by default for every round that there may be", () => {
        for (const profile of Object.keys(profiles)) {
            const { plan } = config({ "hopcost:profile": profile });
            const trials = schedule(plan).map((trial) => expectedTrialSeconds(trial, plan));
            const longest = trials.reduce((sum, seconds) => sum + seconds, 0);
            assert.equal(plan.deadlineSeconds, 2 * Math.ceil(longest) + 120, profile);
        }
    });
});
