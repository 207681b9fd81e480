import assert from "node:assert/strict";
import { Autoscaling } from "../../../../workloads/driver/scenarios/autoscaling.ts";
import { autoscale } from "../../../../workloads/injections/autoscale.ts";
import { Impossible, NotInjected, type Surge } from "../../../../workloads/injections/scenario.ts";
import { fakeStage, running, type World } from "../../injections/fake-stage.ts";

const surge = autoscale.surge as Surge;
/** When the load begins, when it falls to the usual one, and when it rises, on the clock of the tests. */
const [start, fall, zero] = [20, 63, 125];

/** A world whose responder uses so many cores without messages, and so many with them. */
function scalingOf(
    { usual = 0.012, higher = 0.03, topology = "network" }: { usual?: number; higher?: number; topology?: string },
    kube: World["kube"] = {},
) {
    const cpuSeconds = () =>
        0.003 * Math.min(start, world.seconds) +
        higher * Math.max(0, Math.min(fall, world.seconds) - start) +
        usual * Math.max(0, world.seconds - fall);
    const { stage, world } = fakeStage({
        topology,
        kube,
        answers: { "GET /counters": () => ({ cpuSeconds: cpuSeconds() }) },
    });
    const replicas = new Map<string, { readySeconds: number; endSeconds?: number }>([["a", { readySeconds: 0 }]]);
    const scaling = new Autoscaling({ ...stage, replicas }, surge, () => world.seconds);
    const prepare = async () => {
        await scaling.begin();
        await scaling.calibrate(start + 3);
        scaling.check();
        world.seconds = zero;
    };
    return { scaling, world, replicas, prepare };
}
/** A message every second. */
const every = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("the autoscaler of an injection", () => {
    it("aims between what the responder uses at both rates, and the need follows from that", async () => {
        const { scaling, world, prepare } = scalingOf({});
        await prepare();
        const { targetCores, idleCores, usualCores, higherCores, demand } = scaling.record(zero, new Map());
        assert.deepEqual(
            [targetCores, idleCores, usualCores, higherCores].map((cores) => Number(cores.toFixed(6))),
            [0.018974, 0.003, 0.012, 0.03],
        );
        assert.ok(world.calls.includes("autoscaler at 0.0190"));
        // 27m of work during the surge; each replica can take 20.9m - 3m of it.
        assert.deepEqual(
            demand.map(({ replicas }) => replicas),
            [1, 2, 1],
        );
    });

    it("is void if the higher load needs no replica more, and skipped without a figure of its CPU", async () => {
        await assert.rejects(scalingOf({ usual: 0.004, higher: 0.0045 }).prepare(), NotInjected);
        const { stage } = fakeStage({
            answers: { "GET /counters": () => ({ cpuSeconds: { unavailable: "no cgroup" } }) },
        });
        await assert.rejects(new Autoscaling({ ...stage, replicas: new Map() }, surge).begin(), Impossible);
    });

    it("is void if there is more than one replica before the load rises", async () => {
        const { scaling, world, prepare } = scalingOf({});
        await prepare();
        world.pods = [running, { ...running, uid: "b" }];
        assert.throws(() => scaling.check(), NotInjected);
    });

    it("has what it wanted, which Pods were ready, and which received messages of each flow", async () => {
        let wanted = 1;
        const { scaling, world, replicas, prepare } = scalingOf(
            {},
            { readAutoscaler: async () => ({ wanted, complaints: [] }) },
        );
        await prepare();
        await scaling.read();
        [world.seconds, wanted] = [zero + 31, 2];
        await scaling.read();
        world.seconds += 0.3; // too soon to ask again
        await scaling.read();
        replicas.set("b", { readySeconds: zero + 35, endSeconds: zero + 400 });
        const arrivals = new Map([
            ["once", [every(-40, 450), []]],
            ["once-fresh", [every(-40, 450), every(36, 399)]],
        ]);
        const found = scaling.record(zero, arrivals);
        assert.deepEqual(
            found.wanted.map(({ replicas: count }) => count),
            [1, 2],
        );
        assert.deepEqual(found.ready, [
            { atSeconds: -zero, replicas: 1 },
            { atSeconds: 35, replicas: 2 },
            { atSeconds: 400, replicas: 1 },
        ]);
        assert.deepEqual([found.firstPodSeconds, found.scaledDownSeconds], [35, 100]);
        const [once, fresh] = found.flows;
        // A kept connection stays with the first Pod: too few for all of the 300 s of 450.
        assert.deepEqual(once?.under, { timeShare: 0.666667, depth: 0.333333 });
        assert.deepEqual([fresh?.under.timeShare, fresh?.over.timeShare], [0.08, 0.22]);
        assert.deepEqual(world.marks, ["autoscaler wants 2"]);
    });

    it("counts one reader for a writer, however many pairs there are", async () => {
        const { scaling, prepare } = scalingOf({ topology: "volume" });
        await prepare();
        const { flows } = scaling.record(zero, new Map([["once", [every(-40, 450), every(40, 450), every(50, 450)]]]));
        assert.deepEqual(
            flows[0]?.receiving.map(({ replicas }) => replicas),
            [1],
        );
    });

    it("keeps each complaint once, and goes on while it can't be asked", async () => {
        const complaints = ["FailedGetResourceMetric: no metrics known"];
        let isAway = false;
        const readAutoscaler = async () => {
            if (isAway) throw new Error("no answer");
            return { wanted: 1, complaints };
        };
        const { scaling, world, prepare } = scalingOf({}, { readAutoscaler });
        await prepare();
        for (isAway of [false, true, false]) {
            world.seconds += 2;
            await scaling.read();
        }
        const { complaints: found, firstPodSeconds, scaledDownSeconds } = scaling.record(zero, new Map());
        assert.deepEqual([found, firstPodSeconds, scaledDownSeconds], [complaints, undefined, undefined]);
    });

    it("is removed at the end", async () => {
        const { scaling, world } = scalingOf({});
        await scaling.end();
        assert.deepEqual(world.calls, ["delete autoscaler"]);
    });
});
