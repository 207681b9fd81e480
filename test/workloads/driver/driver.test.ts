import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { allArms, mainArms } from "../../../model/arms.ts";
import { driverRules } from "../../../model/driver-rules.ts";
import { kindLabel, runIdLabel } from "../../../model/names.ts";
import { parseResults, parseTrial } from "../../../model/parse.ts";
import type { Plan, Target } from "../../../model/plan.ts";
import { schedule } from "../../../statistics/schedule.ts";
import { everyModeAt } from "../../model/fixtures.ts";
import { DriverRig } from "../support/driver-rig.ts";
import { freePort, Server } from "../support/processes.ts";
import { tamper } from "../support/tamper.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** The plan with one of its targets changed. */
function retargeted(plan: Plan, topology: string, change: Partial<Target>): Plan {
    const target = plan.targets[topology];
    assert.ok(target);
    return { ...plan, targets: { ...plan.targets, [topology]: { ...target, ...change } } };
}

describe("driver", function () {
    this.timeout(60_000);
    let rig: DriverRig;
    before(async () => {
        rig = await DriverRig.start();
    });
    after(() => rig.stop());
    afterEach(() => {
        rig.api.fault = undefined;
    });

    it("carries out a plan: every trial in the journal, then results that pass every check", async () => {
        const plan = rig.plan({ arms: ["network/cluster-ip", "volume/chokidar", "volume/fs-watch"] });
        const driver = rig.driver(plan);
        assert.equal(await driver.ended(), 0, driver.output);
        const trials = rig.trials(plan.runId);
        assert.deepEqual(
            trials.map(({ index, arm, round, state, cells }) => ({
                index,
                arm,
                round,
                state,
                cells: cells.map(({ mode, size }) => ({ mode, size })),
            })),
            schedule(plan).map((planned) => ({ ...planned, state: "ok" })),
        );
        for (const { metadata, data = {}, immutable } of rig.api.named("configmaps", /run-0-trial/)) {
            assert.equal(immutable, true);
            assert.deepEqual(metadata.labels, { [runIdLabel]: plan.runId, [kindLabel]: "trial" });
            parseTrial(data["trial.json"] ?? "", { sha256: data.sha256, runId: plan.runId });
        }
        const stored = rig.api.objects.get(`configmaps/hopcost-${plan.runId}-results`)?.data ?? {};
        const results = parseResults(stored["results.json"] ?? "", { sha256: stored.sha256, runId: plan.runId });
        assert.deepEqual([results.complete, stored.complete], [true, "true"]);
        assert.equal(results.cells.length, 6);
        assert.ok(results.cells.every(({ trials, p50Seconds = 0 }) => trials === 2 && p50Seconds > 0));
        assert.equal(results.environment.kubernetesVersion, "v1.36.4");
        assert.equal(results.environment.volume.fileSystems.main, "tmpfs");
        assert.equal(results.environment.placement.sameNode, true);
        const progress = rig.api.objects.get(`configmaps/hopcost-${plan.runId}-progress`)?.data ?? {};
        assert.equal(JSON.parse(progress["progress.json"] ?? "").phase, "done");
    });

    it("counts the round trips of its cells for Prometheus, without the warm-up", async () => {
        const plan = rig.plan({ arms: ["network/cluster-ip"], rounds: 1, maxRounds: 1, sizes: [128] });
        const driver = rig.driver(plan);
        assert.equal(await driver.ended(), 0, driver.output);
        const exposition = await (await fetch(`${rig.servers.sender.url}/metrics`)).text();
        const series = 'hopcost_round_trip_seconds_count{arm="network/cluster-ip",size_bytes="128"}';
        const line = exposition.split("\n").find((candidate) => candidate.startsWith(series));
        const [cell] = rig.trials(plan.runId)[0]?.cells ?? [];
        assert.equal(line, `${series} ${cell?.roundTrips}`);
    });

    it("measures every arm that one machine can offer, and each arm's usage", async () => {
        const arms = allArms.filter((arm) => arm !== "network/cross-node");
        rig.addPods();
        const plan = rig.plan({
            arms,
            rounds: 1,
            maxRounds: 1,
            sizes: [64, 2 ** 20],
            ablationSizes: [64, 2 ** 20],
            repeatSizes: [64, 2 ** 20],
            payload: "random",
        });
        const driver = rig.driver(plan);
        assert.equal(await driver.ended(), 0, driver.output);
        const { results } = rig.results(plan.runId);
        for (const arm of arms) {
            const sizes = results.cells.filter((cell) => cell.arm === arm).map(({ size }) => size);
            assert.deepEqual(sizes, arm === "floor/noop" ? [64] : [64, 2 ** 20], arm);
        }
        for (const { arm, state, cells, containers } of rig.trials(plan.runId)) {
            assert.equal(state, "ok", arm);
            for (const { usage, roundTrips } of cells) {
                assert.ok(roundTrips >= 20);
                for (const counters of Object.values(usage ?? {})) {
                    const { cpuSeconds } = counters;
                    assert.ok(typeof cpuSeconds === "object" || cpuSeconds > 0, `${arm} ${JSON.stringify(cpuSeconds)}`);
                }
            }
            assert.equal(containers.length, 2);
        }
    });

    it("measures both main arms for phases, at a fixed rate and for throughput, after their closed-loop cells", async () => {
        const arms = Object.values(mainArms);
        const plan = rig.plan({ arms, diagnosticSeconds: 0.1, ...everyModeAt(64), throughputSizes: [4096] });
        const driver = rig.driver(plan);
        assert.equal(await driver.ended(), 0, driver.output);
        for (const { cells } of rig.trials(plan.runId)) {
            assert.deepEqual(
                cells.map(({ mode }) => mode),
                ["closed-loop", "closed-loop", "phases", "constant-rate", "throughput"],
            );
            assert.deepEqual(
                cells.map(({ state }) => state),
                Array(5).fill("ok"),
                driver.output,
            );
            assert.equal(cells[3]?.ratePerSecond, 500);
            assert.equal(cells[4]?.concurrency, 2);
        }
        const { phases, constantRate, throughput, cells } = rig.results(plan.runId).results;
        assert.deepEqual(
            [phases, constantRate, throughput, cells].map(({ length }) => length),
            [2, 2, 2, 4],
        );
    });

    it("keeps the closed-loop cells of a trial if a diagnostic cell fails", async () => {
        let prepared = 0;
        const broken = await tamper(rig.agents.reader.url, {
            "/prepare": () => {
                prepared += 1;
                return prepared === 4 ? { status: 500 } : {};
            },
        });
        const plan = rig.plan({
            arms: ["volume/chokidar"],
            rounds: 1,
            maxRounds: 1,
            sizes: [64],
            phaseSizes: [64],
            constantRateSizes: [64],
        });
        const driver = rig.driver(retargeted(plan, "volume", { responder: { agent: broken.url } }));
        assert.equal(await driver.ended(), 0, driver.output);
        broken.stop();
        const [trial] = rig.trials(plan.runId);
        assert.deepEqual([trial?.state, trial?.attempt], ["ok", 1]);
        assert.deepEqual(
            trial?.cells.map(({ mode, state }) => `${mode} ${state}`),
            ["closed-loop ok", "phases discarded", "constant-rate discarded"],
        );
        assert.equal(trial?.cells[2]?.reasons[0], "not measured after the phases cell at 64 B failed");
    });

    it("reports an arm as unavailable if Kubernetes can't schedule its Pod, and is complete without it", async () => {
        const port = await freePort();
        const message = "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.";
        rig.addPod("localhost-1234", { conditions: [{ type: "PodScheduled", status: "False", message }] });
        const plan = rig.plan({ arms: ["network/cluster-ip", "network/cross-node"] });
        const far = { ...plan.targets.network, responder: { agent: `http://localhost:${port}` } };
        const driver = rig.driver({ ...plan, targets: { ...plan.targets, "cross-node": far } });
        assert.equal(await driver.ended(), 0, driver.output);
        const { results } = rig.results(plan.runId);
        const reason = `the responder's Pod can't be scheduled: ${message}`;
        assert.deepEqual(results.unavailable, [{ arm: "network/cross-node", reason }]);
        assert.equal(results.complete, true);
        assert.equal(rig.trials(plan.runId).filter(({ state }) => state === "unavailable").length, 1);
    });

    for (const [what, targetHalfWidth, expected] of [
        ["continues with the main arms up to maxRounds while the intervals are too wide", 1e-9, [0, 1, 2, 3]],
        ["stops after the planned rounds if the intervals are narrow enough", 1e9, [0, 1]],
    ] as const) {
        it(what, async () => {
            const arms = [...Object.values(mainArms), "network/pod-ip"] as const;
            const plan = rig.plan({
                arms,
                sizes: [64],
                ablationSizes: [64],
                repeatSizes: [64],
                maxRounds: 4,
                targetHalfWidth,
            });
            const driver = rig.driver(plan);
            assert.equal(await driver.ended(), 0, driver.output);
            const roundsOf = (arm: string) =>
                rig.trials(plan.runId).flatMap((trial) => (trial.arm === arm ? [trial.round] : []));
            assert.deepEqual(roundsOf("network/cluster-ip"), expected);
            assert.deepEqual(roundsOf("volume/chokidar"), expected);
            assert.deepEqual(roundsOf("network/pod-ip"), [0, 1]);
            assert.equal(rig.results(plan.runId).results.complete, true);
        });
    }

    it("uses exactly the verbs that its rules grant", async () => {
        rig.api.podMetrics = () => [];
        const metrics = { prometheusUrl: "http://127.0.0.1:9", rounds: 1, maxRounds: 1, sizes: [64] };
        assert.equal((await rig.drive(rig.plan(metrics), 0)).exit, 0);
        // Requests of a whole run with metrics, with the lease of a run that was killed before.
        const nameIn = (group: string, kind: string) => (group === "metrics.k8s.io" ? `${kind}.${group}` : kind);
        const used = new Set(
            rig.api.requests.map((request) => {
                const [method = "", kind = "", name] = request.split(" ");
                const verb = { POST: "create", PUT: "update", GET: name === undefined ? "list" : "get" }[method];
                return `${kind} ${verb}`;
            }),
        );
        const granted = driverRules.flatMap(({ apiGroups: [group = ""], resources, verbs }) =>
            resources.flatMap((kind) => verbs.map((verb) => `${nameIn(group, kind)} ${verb}`)),
        );
        assert.deepEqual([...used].sort(), granted.sort());
    });

    it("resumes after a killed driver without measuring anything twice", async () => {
        const plan = rig.plan({ rounds: 3, maxRounds: 3 });
        const first = rig.driver(plan);
        await rig.untilTrials(plan.runId, 2);
        await first.kill("SIGKILL");
        const before = rig.trials(plan.runId);
        const lease = rig.api.objects.get(`leases/hopcost-${plan.runId}`);
        assert.ok(String(lease?.spec?.holderIdentity).startsWith("driver/"));
        if (lease?.spec) lease.spec.leaseDurationSeconds = 1; // 15 s in a real run
        const second = rig.driver(plan);
        assert.equal(await second.ended(), 0, second.output);
        assert.match(second.output, /waiting for driver\/.*, which is working on run/);
        assert.match(second.output, new RegExp(`resuming after ${before.length} of 6 trials`));
        const after = rig.trials(plan.runId);
        assert.equal(after.length, 6);
        assert.deepEqual(after.slice(0, before.length), before, "finished trials stay as they were");
        const creations = rig.api.requests.filter((request) =>
            request.startsWith(`POST configmaps hopcost-${plan.runId}-trial`),
        );
        assert.equal(creations.length, 6);
        assert.equal(rig.results(plan.runId).results.startedAt, before[0]?.startedAt);

        const third = rig.driver(plan);
        assert.equal(await third.ended(), 0);
        assert.match(third.output, /run ".*" is already complete/);
    });

    it("runs only once if it is started twice", async () => {
        const plan = rig.plan();
        const both = [rig.driver(plan), rig.driver(plan)];
        const exits = await Promise.all(both.map((driver) => driver.ended()));
        assert.deepEqual(exits, [0, 0], both.map(({ output }) => output).join("\n"));
        const outputs = both.map(({ output }) => output).sort((one, other) => one.length - other.length);
        assert.match(outputs[0] ?? "", /waiting for driver\/.*\n.*is already complete/);
        assert.doesNotMatch(outputs[1] ?? "", /waiting/);
        assert.equal(rig.trials(plan.runId).length, 4);
    });

    it("stops if another driver takes over its lease", async () => {
        const plan = rig.plan({ cellSeconds: 5, sizes: [64, 128], rounds: 1, maxRounds: 1 });
        const driver = rig.driver(plan);
        const key = `leases/hopcost-${plan.runId}`;
        while (rig.api.objects.get(key) === undefined) await pause(5);
        const lease = rig.api.objects.get(key);
        rig.api.objects.set(key, {
            metadata: { name: `hopcost-${plan.runId}`, resourceVersion: "thief" },
            spec: { ...lease?.spec, holderIdentity: "other/1" },
        });
        assert.equal(await driver.ended(), 4);
        assert.match(driver.output, /run ".*" was taken over by other\/1; stopping this driver/);
        assert.equal(rig.api.objects.get(`configmaps/hopcost-${plan.runId}-results`), undefined);
    });

    it("repeats a trial whose measured process was killed, and records that", async () => {
        const plan = rig.plan({ arms: ["network/cluster-ip"], rounds: 1, maxRounds: 1, sizes: [64], cellSeconds: 1.5 });
        const driver = rig.driver(plan);
        const pid = rig.servers.sender.child.pid as number;
        const progress = `configmaps/hopcost-${plan.runId}-progress`;
        while (rig.api.objects.get(progress) === undefined) await pause(5);
        await pause(300); // into the cell
        const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
        process.kill(child as number, "SIGKILL");
        assert.equal(await driver.ended(), 0, driver.output);
        const [trial] = rig.trials(plan.runId);
        assert.deepEqual(
            [trial?.state, trial?.attempt, trial?.reasons],
            [
                "ok",
                2,
                ["attempt 1: at 64 B: sender: the measured process (arm network/cluster-ip) died (signal SIGKILL)"],
            ],
        );
    });

    it("gives up an arm whose container keeps failing, measures the others, and ends as incomplete", async () => {
        const own = await Server.start("sender");
        // Its uploads go to a port without a listener.
        const uploadUrl = "http://127.0.0.1:9/upload";
        const plan = retargeted(rig.plan(), "network", { initiator: { agent: own.url }, uploadUrl });
        const driver = rig.driver(plan);
        assert.equal(await driver.ended(), 4);
        await own.kill("SIGTERM");
        const { results, complete } = rig.results(plan.runId);
        assert.deepEqual([results.complete, complete], [false, "false"]);
        assert.match(
            results.incompleteReason ?? "",
            /^network\/cluster-ip was given up: attempt 1: before the first cell: sender: POST http:\/\/127\.0\.0\.1:9\/upload: connect ECONNREFUSED/,
        );
        const trials = rig.trials(plan.runId);
        const states = trials.map(({ arm, state, attempt }) => `${arm} ${state} ${attempt}`).sort();
        assert.deepEqual(states, ["network/cluster-ip discarded 3", "volume/fs-watch ok 1", "volume/fs-watch ok 1"]);
    });

    it("discards a trial in which a container was restarted", async () => {
        const port = new URL(rig.servers.reader.url).port;
        const plan = rig.plan({ arms: ["volume/fs-watch"], rounds: 1, maxRounds: 1, sizes: [64, 128], cellSeconds: 1 });
        const driver = rig.driver(plan);
        const progress = `configmaps/hopcost-${plan.runId}-progress`;
        while (rig.api.objects.get(progress) === undefined) await pause(5);
        await rig.servers.reader.kill("SIGKILL");
        rig.servers.reader = await Server.start(
            "reader",
            {
                HOPCOST_VOLUME: rig.volume,
            },
            Number(port),
        );
        assert.equal(await driver.ended(), 0, driver.output);
        const [trial] = rig.trials(plan.runId);
        assert.equal(trial?.state, "ok");
        assert.ok((trial?.attempt ?? 0) >= 2);
        assert.match(trial?.reasons[0] ?? "", /^attempt 1: at (64|128) B: /);
    });

    it("repeats a throttled trial twice, then keeps it as noisy", async () => {
        let periods = 0;
        const counters = () => {
            periods += 2;
            return { throttledPeriods: periods, throttledSeconds: periods / 10 };
        };
        const throttled = await tamper(rig.agents.receiver.url, { "/counters": counters });
        const plan = rig.plan({ arms: ["network/cluster-ip"], rounds: 1, maxRounds: 1, sizes: [64] });
        const driver = rig.driver(retargeted(plan, "network", { responder: { agent: throttled.url } }));
        assert.equal(await driver.ended(), 0, driver.output);
        throttled.stop();
        const [trial] = rig.trials(plan.runId);
        const reason = "receiver was throttled (6 periods, 0.600 s): raise its CPU limit or remove it";
        assert.deepEqual(
            [trial?.state, trial?.attempt, trial?.reasons],
            ["noisy", 3, [`attempt 1: ${reason}`, `attempt 2: ${reason}`, reason]],
        );
        assert.equal(trial?.cells[0]?.state, "ok");
        assert.deepEqual(rig.results(plan.runId).results.trials, { ok: 0, noisy: 1, discarded: 0, planned: 1 });
    });

    it("repeats a trial while the hypervisor takes CPU time, then keeps it as noisy", async () => {
        const host = () => ({ stealFraction: 0.031 });
        const stolen = await tamper(rig.agents.receiver.url, { "/host": host });
        const plan = rig.plan({ arms: ["network/cluster-ip"], rounds: 1, maxRounds: 1, sizes: [64] });
        const driver = rig.driver(retargeted(plan, "network", { responder: { agent: stolen.url } }));
        assert.equal(await driver.ended(), 0, driver.output);
        stolen.stop();
        const [trial] = rig.trials(plan.runId);
        assert.deepEqual([trial?.state, trial?.attempt], ["noisy", 3]);
        assert.match(trial?.reasons[2] ?? "", /^the hypervisor took 3\.1% of the CPU time of receiver's node/);
    });

    it("discards a trial whose container was replaced during the trial", async () => {
        let infos = 0;
        const info = () => {
            infos += 1;
            return { bootId: infos === 2 ? "after" : "before" };
        };
        const restarted = await tamper(rig.agents.sender.url, { "/info": info });
        const plan = rig.plan({ arms: ["network/cluster-ip"], rounds: 1, maxRounds: 1, sizes: [64] });
        const driver = rig.driver(retargeted(plan, "network", { initiator: { agent: restarted.url } }));
        assert.equal(await driver.ended(), 0, driver.output);
        restarted.stop();
        const [trial] = rig.trials(plan.runId);
        assert.deepEqual(
            [trial?.state, trial?.attempt, trial?.reasons],
            ["ok", 2, ["attempt 1: sender was restarted during the trial"]],
        );
    });

    it("survives an API server that throttles, fails, is unreachable, and starts again", async () => {
        const plan = rig.plan({ rounds: 1, maxRounds: 1 });
        let requests = 0;
        rig.api.fault = () => {
            requests += 1;
            return [undefined, 429, 503, -1, -2, undefined][requests % 6];
        };
        const driver = rig.driver(plan);
        assert.equal(await driver.ended(), 0, driver.output);
        rig.api.fault = undefined;
        assert.equal(rig.trials(plan.runId).length, 2);
        assert.equal(rig.results(plan.runId).complete, "true");
    });

    it("names the missing permission if the API server forbids a request", async () => {
        const plan = rig.plan();
        rig.api.fault = (method, path) => (method === "GET" && path.endsWith("/configmaps") ? 403 : undefined);
        const driver = rig.driver(plan);
        assert.notEqual(await driver.ended(), 0);
        assert.match(
            driver.output,
            /Kubernetes API, GET \/api\/v1\/namespaces\/test\/configmaps: 403 made to fail by the test; the driver's Role must grant it/,
        );
    });

    it("writes its results so far at SIGTERM", async () => {
        const plan = rig.plan({ cellSeconds: 0.3, rounds: 3, maxRounds: 3 });
        const driver = rig.driver(plan);
        await rig.untilTrials(plan.runId, 1);
        assert.equal(await driver.kill("SIGTERM"), 4, driver.output);
        const { results, complete } = rig.results(plan.runId);
        assert.equal(complete, "false");
        assert.equal(results.stopReason, "the driver was ended by SIGTERM");
        assert.ok(results.cells.length > 0);
        assert.equal(rig.api.objects.get(`leases/hopcost-${plan.runId}`)?.spec?.holderIdentity, "");
        const next = rig.driver(plan);
        assert.equal(await next.ended(), 0, next.output);
        assert.equal(rig.results(plan.runId).complete, "true");
    });

    it("stops before the deadline and writes its results so far", async () => {
        const plan = rig.plan({
            arms: ["volume/fs-watch"],
            sizes: [64],
            rounds: 1,
            maxRounds: 1,
            cellSeconds: 1,
            deadlineSeconds: 15,
        });
        // The plan counts on 1 s; a minimum of slow round trips takes longer. Here: an agent that hangs.
        const slow = await Server.start("writer", { HOPCOST_VOLUME: rig.volume });
        const driver = rig.driver(retargeted(plan, "volume", { initiator: { agent: slow.url } }));
        slow.child.kill("SIGSTOP");
        assert.equal(await driver.ended(), 9, driver.output);
        const { results } = rig.results(plan.runId);
        assert.equal(results.stopReason, "the deadline of 15 s was about to expire");
        slow.child.kill("SIGCONT");
        await slow.kill("SIGKILL");
    });

    it("says so if the API server can't be reached after the first contact, also when its last writes fail", async () => {
        const plan = rig.plan({ deadlineSeconds: 15 });
        rig.api.fault = (method, path) => (method !== "GET" && path.includes("/configmaps") ? -1 : undefined);
        const driver = rig.driver(plan);
        assert.equal(await driver.ended(), 9, driver.output);
        assert.match(driver.output, /the deadline of 15 s was about to expire/);
        assert.match(driver.output, /Kubernetes API, PUT .*-results.*the API server at \S+ can't be reached/s);
    });

    it("refuses a journal of another plan, and a damaged entry", async () => {
        const plan = rig.plan({ rounds: 1, maxRounds: 1 });
        assert.equal(await rig.driver(plan).ended(), 0);
        const results = `configmaps/hopcost-${plan.runId}-results`;
        rig.api.objects.delete(results);
        const other = rig.driver({ ...plan, cells: rig.plan({ arms: ["volume/chokidar", "volume/fs-watch"] }).cells });
        assert.equal(await other.ended(), 1);
        assert.match(other.output, /the journal of run ".*" belongs to another plan: trial \d is .*; use a new run id/);

        rig.api.objects.delete(results);
        const [entry] = rig.api.named("configmaps", new RegExp(`^hopcost-${plan.runId}-trial-0001`));
        if (entry?.data) entry.data["trial.json"] = (entry.data["trial.json"] ?? "").replace('"ok"', '"OK"');
        const damaged = rig.driver(plan);
        assert.equal(await damaged.ended(), 4, damaged.output);
        const { results: found } = rig.results(plan.runId);
        assert.match(found.incompleteReason ?? "", /journal entry hopcost-.*-trial-0001: its SHA-256 is /);
    });

    for (const [what, plan, message] of [
        ["isn't JSON", "{", /^plan .* can't be read: /],
        ["lacks everything", {}, /^plan .*: schemaVersion: .*; runId: .*; seed: .*; profile: /],
    ] as const) {
        it(`refuses a plan that ${what}`, async () => {
            const driver = rig.driver(plan);
            assert.equal(await driver.ended(), 2);
            assert.match(driver.output.replace(/^\S+ /, ""), message);
        });
    }

    it("refuses a plan that contradicts itself, and lists every contradiction", async () => {
        const plan = rig.plan({ deadlineSeconds: 5, maxRounds: 1 });
        const driver = rig.driver({ ...plan, targets: { volume: plan.targets.volume } });
        assert.equal(await driver.ended(), 2);
        assert.match(
            driver.output,
            /maxRounds must be at least rounds \(2\), got 1; targets\.network: missing, but the plan has arms that need it; deadlineSeconds: 5 is too short, the plan takes at least \d+ s/,
        );
    });

    it("refuses a plan without targets for its arms, naming each topology once", async () => {
        const plan = rig.plan({
            arms: ["network/cluster-ip", "network/cross-node", "volume/chokidar", "volume/fs-watch"],
        });
        const driver = rig.driver({ ...plan, targets: { network: plan.targets.network } });
        assert.equal(await driver.ended(), 2);
        const absent = ["cross-node", "volume"].map(
            (topology) => `targets.${topology}: missing, but the plan has arms that need it`,
        );
        assert.ok(driver.output.trimEnd().endsWith(`.json: ${absent.join("; ")}`), driver.output);
    });

    it("refuses a network target without an address for uploads", async () => {
        const plan = rig.plan({ arms: ["network/cluster-ip"] });
        const { uploadUrl: _, ...network } = plan.targets.network as Target;
        const driver = rig.driver({ ...plan, targets: { network } });
        assert.equal(await driver.ended(), 2);
        assert.match(driver.output, /: targets\.network\.uploadUrl: missing, /);
    });

    it("refuses a plan with an arm of another version", async () => {
        const plan = rig.plan();
        const cells = [...plan.cells, { arm: "network/pigeon", mode: "closed-loop", sizes: [64] }];
        const driver = rig.driver({ ...plan, cells });
        assert.equal(await driver.ended(), 2);
        assert.match(
            driver.output,
            /: cells\.\d\.arm must be one of network\/cluster-ip, .*, got "network\/pigeon"\s*$/,
        );
    });
});
