import assert from "node:assert/strict";
import { Waiting } from "../../../workloads/injections/batches.ts";
import { secondsUntilDone, usualSecondsOf } from "../../../workloads/injections/duration.ts";
import { undone } from "../../../workloads/injections/partition.ts";
import type { PodView } from "../../../workloads/injections/scenario.ts";
import { Impossible, NotInjected } from "../../../workloads/injections/scenario.ts";
import {
    canServe,
    expectationsOf,
    scenarioOf,
    scenarios,
    shamScenario,
} from "../../../workloads/injections/scenarios.ts";
import { hurtVolumeMib } from "../../../workloads/injections/volume-full.ts";
import { fakeStage, running, type World } from "./fake-stage.ts";

/** A world in which a request to the responder's agent restarts its container. */
const restarting = (request: string, exitCode: number, reason = "Error") => {
    const answers: World["answers"] = {
        [request]: () => {
            world.pod = { ...running, restarts: (world.pod?.restarts ?? 0) + 1, lastEnd: { reason, exitCode } };
        },
    };
    const { stage, world } = fakeStage({ answers });
    return { stage, world };
};
const fault = "POST /scenario/fault";

describe("the list of scenarios", () => {
    it("has distinct names, and an expectation on at least one topology for each", () => {
        assert.equal(new Set(scenarios.map(({ name }) => name)).size, scenarios.length);
        for (const { name, watchSeconds, usualSeconds } of scenarios) {
            assert.ok(expectationsOf([name]).length > 0, name);
            assert.ok(watchSeconds >= 30 && usualSeconds <= watchSeconds, name);
        }
    });

    it("watches every event for longer than it lasts, or recovery could not be seen", () => {
        for (const { name, watchSeconds, usualSeconds } of scenarios)
            if (name !== "hang/blind-probe") assert.ok(watchSeconds >= usualSeconds + 30, name);
    });
});

describe("which injection comes next", () => {
    const instances = [
        { topology: "network", replicas: 4 },
        { topology: "network", replicas: 3 },
        { topology: "volume", volumes: ["main"], replicas: 4 },
    ] as const;
    const planned = (...scenarios: string[]) => scenarios.map((scenario) => ({ scenario, topology: "network" }));
    const next = (instance: number, ...scenarios: string[]) => {
        const waiting = new Waiting<(typeof instances)[number], { scenario: string; topology: string }>(
            instances,
            planned(...scenarios),
        );
        return waiting.take(instances[instance] ?? assert.fail())?.scenario;
    };

    it("is what the fewest instances can serve, so that it is not left over; else the first that was planned", () => {
        assert.equal(next(0, "kill-process", "autoscale", "scale-out", "scale-in"), "scale-out");
        assert.equal(next(1, "kill-process", "autoscale", "scale-out"), "kill-process");
        assert.equal(next(0, "autoscale", "kill-process"), "autoscale");
    });

    it("is none if the instance can serve none", () => {
        assert.equal(next(2, "kill-process"), undefined);
        assert.equal(next(1, "scale-out"), undefined);
        assert.equal(next(0), undefined);
    });

    it("takes all that is planned, in the time that this order takes", () => {
        const busy = instances.map((instance) => ({ instance, seconds: 0 }));
        const [long, short] = [usualSecondsOf("autoscale"), usualSecondsOf("scale-out")];
        assert.ok(long > 2 * short);
        const all = planned("autoscale", "autoscale", "autoscale", "scale-out", "scale-out");
        // The first instance scales out twice, then does one of the three; in the order of the plan it would be the last to end.
        assert.equal(secondsUntilDone(busy, all), 2 * long);
    });
});

describe("an injection proves that it happened", () => {
    it("kill-process: by a restart with the exit code of SIGKILL", async () => {
        const { stage } = restarting(fault, 137);
        assert.match(await scenarioOf("kill-process").inject(stage), /137/);
    });

    it("kill-process is void without a restart, or if the process ended otherwise", async () => {
        await assert.rejects(scenarioOf("kill-process").inject(fakeStage({}).stage), NotInjected);
        await assert.rejects(scenarioOf("kill-process").inject(restarting(fault, 1).stage), NotInjected);
    });

    it("crash-loop: by four restarts", async () => {
        const { stage, world } = restarting(fault, 137);
        await scenarioOf("crash-loop").inject(stage);
        assert.equal(world.pod?.restarts, 4);
    });

    it("autoscale: by the messages that were offered while the load was higher, also if the initiator is busy for a moment", async () => {
        let [offered, asked] = [100, 0];
        const answers: World["answers"] = {
            "GET /scenario/records": () => {
                asked += 1;
                if (asked === 2) throw new Error("no answer in 5 s");
                offered += 50;
                return { next: offered };
            },
        };
        const { stage, world } = fakeStage({ answers });
        assert.match(await scenarioOf("autoscale").inject(stage), /^50 messages/);
        assert.deepEqual([asked, world.marks], [3, ["load as before"]]);
        const silent = fakeStage({ answers: { "GET /scenario/records": () => ({ next: 7 }) } });
        await assert.rejects(scenarioOf("autoscale").inject(silent.stage), NotInjected);
    });

    it("oom: by the reason OOMKilled, not by any restart", async () => {
        assert.match(await scenarioOf("oom").inject(restarting(fault, 137, "OOMKilled").stage), /OOMKilled/);
        await assert.rejects(scenarioOf("oom").inject(restarting(fault, 137).stage), NotInjected);
    });

    it("hang: by the state T of the process; void if it runs", async () => {
        const world = (state: string): World => ({ answers: { "GET /scenario/process": () => ({ state }) } });
        const stopped = fakeStage(world("T"));
        await scenarioOf("hang/blind-probe").inject(stopped.stage);
        assert.ok(stopped.world.calls.includes("responder PUT /scenario/liveness"));
        await assert.rejects(scenarioOf("hang/blind-probe").inject(fakeStage(world("S")).stage), NotInjected);
        await assert.rejects(scenarioOf("hang/liveness-probe").inject(fakeStage(world("S")).stage), NotInjected);
    });

    it("delete-pod: by another Pod, with the grace period of its name", async () => {
        for (const grace of [0, 30]) {
            const { stage, world } = fakeStage({
                kube: {
                    deletePod: async () => {
                        world.pod = { ...running, name: "another", uid: "b" };
                    },
                },
            });
            assert.match(await scenarioOf(`delete-pod/grace-${grace}`).inject(stage), /another/);
            assert.deepEqual(world.calls, [`delete ${running.name} ${grace}`]);
        }
        await assert.rejects(scenarioOf("delete-pod/grace-0").inject(fakeStage({}).stage), NotInjected);
    });

    it("volume-full/disk: by a Pod that was evicted, and another in its place", async () => {
        const answers = { "POST /scenario/fill": () => ({ bytes: 5 }) };
        const { stage, world } = fakeStage({ answers });
        await assert.rejects(scenarioOf("volume-full/disk").inject(stage), NotInjected);
        const evicting = fakeStage({
            answers: {
                "POST /scenario/fill": (body) => {
                    assert.ok((body as { bytes: number }).bytes > hurtVolumeMib * 2 ** 20);
                    evicting.world.evicted.push(running.name);
                    evicting.world.pod = { ...running, name: "another", uid: "b" };
                    return { bytes: 5 };
                },
            },
        });
        assert.match(await scenarioOf("volume-full/disk").inject(evicting.stage), /another replaced it/);
        assert.deepEqual(world.calls, ["initiator POST /scenario/fill"]);
    });

    it("drain/no-budget: by another Pod on another node; the label comes first; skipped if it came back", async () => {
        const evictedTo = (node: string) => {
            const world = fakeStage({
                kube: {
                    evictPod: async () => {
                        world.world.pod = { ...running, name: "another", uid: "b", node };
                        return undefined;
                    },
                },
            });
            return world;
        };
        const { stage, world } = evictedTo("two");
        assert.match(await scenarioOf("drain/no-budget").inject(stage), /from one.* on two/);
        assert.deepEqual(world.calls, [
            `label ${running.name} {"hopcost.io/drained":"hurt-net-1"}`,
            `evict ${running.name}`,
        ]);
        await assert.rejects(scenarioOf("drain/no-budget").inject(evictedTo("one").stage), Impossible);
        const refused = fakeStage({ kube: { evictPod: async () => "no" } });
        await assert.rejects(scenarioOf("drain/no-budget").inject(refused.stage), NotInjected);
    });

    it("drain/budget: by refusals for 30 s; void if one is allowed; the budget allows evictions again in any case", async () => {
        const { stage, world } = fakeStage({ kube: { evictPod: async () => "it would violate the budget" } });
        assert.match(await scenarioOf("drain/budget").inject(stage), /refused 7 times.*violate/);
        assert.ok(world.seconds >= 30);
        const allowed = fakeStage({});
        await assert.rejects(scenarioOf("drain/budget").inject(allowed.stage), NotInjected);
        const slow = fakeStage({ kube: { disruptionsAllowed: async () => 1 } });
        await assert.rejects(scenarioOf("drain/budget").inject(slow.stage), NotInjected);
        for (const { calls } of [world, allowed.world, slow.world]) {
            assert.equal(calls[0], "budget b 1");
            assert.equal(calls.at(-1), "budget b 0");
        }
    });

    it("drain/budget-of-two: by another Pod elsewhere, once the budget allows one eviction; it allows all again in any case", async () => {
        const counts = [undefined, 2, 1];
        const { stage, world } = fakeStage({
            kube: {
                disruptionsAllowed: async () => counts.shift(),
                evictPod: async () => {
                    world.pod = { ...running, name: "another", uid: "c", node: "two" };
                    return undefined;
                },
            },
        });
        world.pods = [{ ...running, uid: "b" }, running];
        assert.match(await scenarioOf("drain/budget-of-two").inject(stage), /from one.* on two/);
        assert.deepEqual(world.calls, [
            "budget b 1",
            `label ${running.name} {"hopcost.io/drained":"hurt-net-1"}`,
            `evict ${running.name}`,
            "budget b 0",
        ]);
        const never = fakeStage({ kube: { disruptionsAllowed: async () => 2 } });
        await assert.rejects(scenarioOf("drain/budget-of-two").inject(never.stage), NotInjected);
        assert.deepEqual(never.world.calls, ["budget b 1", "budget b 0"]);
    });

    it("rolling-update: by the new Pod, once it is ready and the only one", async () => {
        const rolled = fakeStage({
            kube: {
                patchResponder: async () => {
                    rolled.world.pod = { ...running, name: "another", uid: "b" };
                },
            },
        });
        assert.match(await scenarioOf("rolling-update/recreate").inject(rolled.stage), /^another replaced/);
        const both = fakeStage({});
        both.world.pods = [running, { ...running, uid: "b" }];
        await assert.rejects(scenarioOf("rolling-update/surge").inject(both.stage), NotInjected);
        await assert.rejects(scenarioOf("rolling-update/surge").inject(fakeStage({}).stage), NotInjected);
    });

    it("rolling-update: has every combination once, and each changes what its name says", () => {
        const cells = scenarios.filter(({ name }) => name.startsWith("rolling-update/"));
        assert.equal(new Set(cells.map(({ availability }) => JSON.stringify(availability))).size, 24);
        for (const { name, availability } of cells) {
            const {
                update,
                preStopSeconds = 0,
                readiness,
                drain,
                graceSeconds = 0,
            } = availability ?? assert.fail(name);
            assert.equal(name.includes("-prestop"), preStopSeconds > 0, name);
            assert.equal(name.includes("-ready"), readiness !== undefined, name);
            assert.equal(name.includes("-drain"), drain, name);
            assert.equal(name.includes("recreate"), update === "Recreate", name);
            assert.ok(graceSeconds > preStopSeconds);
        }
    });

    it("rolling-update: must fail messages only if nobody serves for a while: not if the old Pod pauses before it ends", () => {
        const names = scenarios.map(({ name }) => name).filter((name) => name.startsWith("rolling-update/"));
        const where = (figure: "least" | "most", value: number) =>
            expectationsOf(names)
                .filter(({ bounds }) =>
                    bounds.some(
                        (bound) => bound.flow === "once" && bound.figure === "undelivered" && bound[figure] === value,
                    ),
                )
                .map(({ scenario, topology }) => `${scenario.slice("rolling-update/".length)} ${topology}`);
        const mustFail = names
            .map((name) => name.slice("rolling-update/".length))
            .filter((name) => /^recreate/.test(name) || (/^unavailable/.test(name) && !name.includes("prestop")));
        assert.equal(mustFail.length, 12);
        assert.deepEqual(
            where("least", 1),
            mustFail.flatMap((name) => [`${name} network`, `${name} volume`]),
        );
        assert.deepEqual(where("most", 0), ["surge-prestop-ready-drain network"]);
    });

    it("rolling-update-both: by new Pods of both ends, which get their version at once", async () => {
        const rolled = fakeStage({
            kube: {
                patchResponder: async () => {
                    rolled.world.pod = { ...running, name: "another", uid: "b" };
                },
            },
        });
        assert.match(
            await scenarioOf("rolling-update-both/recreate").inject(rolled.stage),
            /another replaced .*, another/,
        );
        const [one, other] = rolled.world.calls;
        assert.match(one ?? "", /^patch initiator/);
        assert.equal(other, one?.replace("initiator", "responder"));
        await assert.rejects(scenarioOf("rolling-update-both/recreate").inject(fakeStage({}).stage), NotInjected);
    });

    it("only some rollouts roll the initiator too, and only one Pod has a sidecar: each on its own topology", () => {
        const some = (prefix: string) => scenarios.filter(({ name }) => name.startsWith(`${prefix}/`));
        for (const { rollsInitiator, expects } of some("rolling-update-both"))
            assert.deepEqual([rollsInitiator, Object.keys(expects)], [true, ["network"]]);
        for (const { sidecar, expects } of some("rolling-update-sidecar"))
            assert.deepEqual([sidecar, Object.keys(expects)], [true, ["volume"]]);
        const sidecars = { topology: "volume", volumes: ["main" as const], sidecar: true };
        const plain = { topology: "volume", volumes: ["main" as const] };
        for (const { name } of some("rolling-update-sidecar")) {
            assert.ok(canServe(sidecars, { scenario: name, topology: "volume" }));
            assert.ok(!canServe(plain, { scenario: name, topology: "volume" }));
        }
        assert.ok(!canServe(sidecars, { scenario: "sham", topology: "volume" }));
    });

    it("scale-out: by ready Pods, as many as were asked for", async () => {
        const { stage, world } = fakeStage({});
        world.pods = Array.from({ length: 4 }, (_, index) => ({ ...running, uid: `${index}` }));
        assert.match(await scenarioOf("scale-out").inject(stage), /4 ready Pods/);
        assert.deepEqual(world.calls, ["scale 4"]);
        for (const change of [{ isReady: false }, { isEnding: true }]) {
            world.pods = [...world.pods.slice(0, 3), { ...running, uid: "3", ...change }];
            await assert.rejects(scenarioOf("scale-out").inject(stage), NotInjected);
        }
    });

    it("scale-in: by the Pod that is left; void if there were not as many before", async () => {
        const all = Array.from({ length: 4 }, (_, index) => ({ ...running, uid: `${index}` }));
        const { stage, world } = fakeStage({});
        world.pods = all;
        await assert.rejects(scenarioOf("scale-in").inject(stage), NotInjected); // nothing goes
        const scale = async () => {
            world.pods = all.slice(0, 1);
        };
        const scaled = { ...stage, scale };
        assert.match(await scenarioOf("scale-in").inject(scaled), /4 Pods became 1/);
        await assert.rejects(scenarioOf("scale-in").inject(scaled), /only 1 of 4/);
    });

    it("what needs several Pods is only done where there may be several", () => {
        for (const { name, replicas } of scenarios.filter((one) => one.replicas !== undefined)) {
            assert.ok((replicas?.most ?? 0) >= (replicas?.before ?? 0), name);
            const network = { scenario: name, topology: "network" };
            assert.ok(canServe({ topology: "network", replicas: 4 }, network));
            assert.ok(!canServe({ topology: "network" }, network));
        }
    });

    it("bad-rollout: by a second Pod that never gets ready, and goes; it is undone in any case", async () => {
        const bad = { ...running, uid: "b", isReady: false };
        const rolling = (second: PodView) => {
            const made = fakeStage({
                kube: {
                    patchResponder: async (patch) => {
                        made.world.pods = JSON.stringify(patch).includes("never") ? [running, second] : [running];
                    },
                },
            });
            return made;
        };
        const { stage, world } = rolling(bad);
        assert.match(await scenarioOf("bad-rollout").inject(stage), /not ready for 30 s/);
        assert.ok(world.seconds >= 30);
        const good = rolling({ ...bad, isReady: true });
        await assert.rejects(scenarioOf("bad-rollout").inject(good.stage), NotInjected);
        const none = fakeStage({});
        await assert.rejects(scenarioOf("bad-rollout").inject(none.stage), NotInjected);
        for (const { calls } of [world, good.world, none.world]) assert.match(calls.at(-1) ?? "", /readyz/);
    });

    it("paused-rollout: by the old version of what died, then the new one; it is resumed in any case", async () => {
        const rolling = (second: string, third: string) => {
            const made = fakeStage({
                kube: {
                    deletePod: async () => {
                        made.world.pod = { ...running, uid: "b", version: second };
                    },
                    patchResponder: async (patch) => {
                        if (JSON.stringify(patch).includes('"paused":false') && made.world.pod?.uid === "b")
                            made.world.pod = { ...running, uid: "c", version: third };
                    },
                },
            });
            return made;
        };
        const { stage, world } = rolling("1", "2");
        assert.match(await scenarioOf("paused-rollout").inject(stage), /old version/);
        assert.match(world.calls.at(-1) ?? "", /"paused":false/);
        for (const versions of [
            ["2", "2"],
            ["1", "1"],
        ] as const)
            await assert.rejects(
                scenarioOf("paused-rollout").inject(rolling(versions[0], versions[1]).stage),
                NotInjected,
            );
        await assert.rejects(scenarioOf("paused-rollout").inject(fakeStage({}).stage), NotInjected);
    });

    it("cpu-starved: by throttled periods; gives the CPU back in any case; skipped where nothing can be resized", async () => {
        let periods = 3;
        const answers = { "GET /counters": () => ({ throttledPeriods: periods++ }) };
        const { stage, world } = fakeStage({ answers });
        assert.match(await scenarioOf("cpu-starved").inject(stage), /\b1 period/);
        assert.equal(world.calls.filter((call) => call.startsWith("resize")).length, 2);
        const calm = fakeStage({ answers: { "GET /counters": () => ({ throttledPeriods: 0 }) } });
        await assert.rejects(scenarioOf("cpu-starved").inject(calm.stage), NotInjected);
        const refuse = () => Promise.reject(new Error("404 the server could not find the requested resource"));
        await assert.rejects(
            scenarioOf("cpu-starved").inject(fakeStage({ answers, kube: { resizePod: refuse } }).stage),
            Impossible,
        );
    });

    it("volume-full/tmpfs: by ENOSPC; frees the space in any case", async () => {
        const filled = (code?: string) =>
            fakeStage({
                topology: "volume",
                answers: { "POST /scenario/fill": () => ({ bytes: 9, ...(code && { code }) }) },
            });
        const full = filled("ENOSPC");
        assert.match(await scenarioOf("volume-full/tmpfs").inject(full.stage), /ENOSPC/);
        const endless = filled();
        await assert.rejects(scenarioOf("volume-full/tmpfs").inject(endless.stage), NotInjected);
        for (const { world } of [full, endless]) assert.equal(world.calls.at(-1), "initiator DELETE /scenario/fill");
    });

    it("partition: by a canary that is refused; puts the policy back; skipped if nothing enforces it", async () => {
        const refused = () => {
            throw new Error("no answer");
        };
        const cut = fakeStage({ answers: { "GET /healthz": refused } });
        await scenarioOf("partition").inject(cut.stage);
        assert.equal(cut.world.calls.at(-1), `patch p ${JSON.stringify(undone({ ingress: ["as before"] }))}`);
        const open = fakeStage({});
        await assert.rejects(scenarioOf("partition").inject(open.stage), Impossible);
        assert.equal(open.world.calls.at(-1), cut.world.calls.at(-1));
    });

    it("a sham does nothing", async () => {
        const { stage, world } = fakeStage({});
        await shamScenario.inject(stage);
        assert.deepEqual(world.calls, []);
    });
});
