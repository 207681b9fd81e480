import assert from "node:assert/strict";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Registry } from "@prometheus-io/client";
import { execa } from "execa";
import { metricNames, metricsPath } from "../../model/metric-names.ts";
import type { CellRecord, Counters } from "../../model/trial.ts";
import { prometheusPrograms } from "../../sandbox/images/prometheus.ts";
import { encodeHistogram } from "../../statistics/histogram.ts";
import { counterReader } from "../../workloads/accounting/counters.ts";
import type { Measure, Measured, Prepare } from "../../workloads/agent/api.ts";
import { containerMetrics } from "../../workloads/metrics/container-metrics.ts";
import { bucketBounds, mostCells, RoundTripHistogram } from "../../workloads/metrics/round-trip-histogram.ts";
import { buildMs } from "../support/build-limit.ts";
import { Exposition } from "./support/exposition.ts";
import { KernelTree } from "./support/kernel-tree.ts";
import { Pair } from "./support/pair.ts";
import { Server } from "./support/processes.ts";

const roundTrips = metricNames.roundTripSeconds;

async function textOf(server: Server): Promise<string> {
    const answer = await fetch(server.url + metricsPath);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    return answer.text();
}

async function scrape(server: Server): Promise<Exposition> {
    return new Exposition(await textOf(server));
}

/** Cumulative counts of a series' buckets in the order written, with their bounds. */
function bucketsOf(seen: Exposition, labels: Record<string, string>): [bound: string, count: number][] {
    return seen
        .of(`${roundTrips}_bucket`)
        .filter((sample) => Object.entries(labels).every(([name, value]) => sample.labels[name] === value))
        .map(({ labels, value }) => [labels.le ?? "", value]);
}

const closedLoop = (size: number): Prepare => ({ mode: "closed-loop", size, concurrency: 1 });

describe("GET /metrics", function () {
    this.timeout(30_000);
    let network: Pair;
    let volume: Pair;
    before(async () => {
        [network, volume] = await Promise.all([Pair.start("network"), Pair.start("volume")]);
    });
    after(() => Promise.all([network.stop(), volume.stop()]));

    async function measure(pair: Pair, cell: Prepare, body: Measure): Promise<CellRecord> {
        await pair.prepare(cell);
        return { ...cell, ...(await pair.measure(body)).cell, state: "ok", reasons: [] };
    }

    /** Kills a server's measured process; returns once the server has noticed. */
    async function killTrial(server: Server): Promise<void> {
        const text = readFileSync(`/proc/${server.child.pid}/task/${server.child.pid}/children`, "utf8");
        process.kill(Number(text), "SIGKILL");
        while ((await scrape(server)).of(metricNames.currentTrial).length > 0) await sleep(5);
    }

    it("has exactly the round trips and bytes of the measured cells", async () => {
        const arm = "network/cluster-ip";
        await network.trial(arm, 4096);
        const ones = await measure(network, closedLoop(64), { seconds: 0, roundTrips: 50 });
        const others = await measure(network, closedLoop(64), { seconds: 0, roundTrips: 30 });
        const large = await measure(network, closedLoop(4096), { seconds: 0, roundTrips: 20 });
        const seen = await scrape(network.initiator);
        assert.equal(seen.value(metricNames.payloadBytes, { arm }), 80 * 64 + 20 * 4096);
        for (const [size_bytes, cells] of [
            ["64", [ones, others]],
            ["4096", [large]],
        ] as const) {
            const labels = { arm, size_bytes };
            const count = cells.reduce((sum, cell) => sum + cell.roundTrips, 0);
            assert.equal(seen.value(`${roundTrips}_count`, labels), count);
            assert.equal(
                seen.value(`${roundTrips}_sum`, labels),
                cells.reduce((sum, cell) => sum + cell.sumSeconds, 0),
            );
            const buckets = bucketsOf(seen, labels);
            assert.deepEqual(
                buckets.map(([bound]) => bound),
                [...bucketBounds.map(String), "+Inf"],
            );
            const [min, max] = [cells.map((cell) => cell.minSeconds), cells.map((cell) => cell.maxSeconds)];
            for (const [index, [bound, below]] of buckets.entries()) {
                if (Number(bound) < Math.min(...min) * 0.999) assert.equal(below, 0, `${bound} s: ${below}`);
                if (bound === "+Inf" || Number(bound) > Math.max(...max) * 1.001) assert.equal(below, count);
                assert.ok(below >= (buckets[index - 1]?.[1] ?? 0), `${bound} s has fewer than the bound before`);
            }
        }
        const responder = await scrape(network.responder);
        assert.deepEqual(
            [...responder.of(`${roundTrips}_count`), ...responder.of(metricNames.payloadBytes)],
            [],
            "a responder doesn't measure",
        );
    });

    it("has the bytes of every mode without warm-up, and only the closed loop's round trips", async () => {
        const arm = "volume/fs-watch-async";
        await volume.trial(arm, 1024);
        const brief = { seconds: 0, roundTrips: 20 };
        const cells = [
            await measure(volume, { mode: "phases", size: 64, concurrency: 1 }, brief),
            await measure(
                volume,
                { mode: "constant-rate", size: 128, concurrency: 1 },
                { ...brief, ratePerSecond: 1000 },
            ),
            await measure(volume, { mode: "throughput", size: 1024, concurrency: 4 }, brief),
        ];
        await measure(volume, closedLoop(64), { ...brief, warmUp: true });
        const seen = await scrape(volume.initiator);
        const bytes = cells.reduce((sum, { size, roundTrips }) => sum + size * roundTrips, 0);
        assert.equal(seen.value(metricNames.payloadBytes, { arm }), bytes);
        assert.deepEqual(bucketsOf(seen, { arm }), []);
    });

    it("counts the round trips of floor/noop, which hands over nothing", async () => {
        await network.trial("floor/noop", 64);
        const { initiator } = network;
        await initiator.ok("POST", "/prepare", closedLoop(64));
        await initiator.ok<Measured>("POST", "/measure", { seconds: 0, roundTrips: 1000 });
        const seen = await scrape(initiator);
        assert.equal(seen.value(`${roundTrips}_count`, { arm: "floor/noop", size_bytes: 64 }), 1000);
        assert.equal(seen.value(metricNames.payloadBytes, { arm: "floor/noop" }), undefined);
    });

    it("counts misses and stale acks from 0", async () => {
        const arm = "volume/fs-watch";
        const counted = async () => {
            const seen = await scrape(volume.initiator);
            return ["miss", "stale_ack", "failed"].map((kind) => seen.value(metricNames.errors, { arm, kind }));
        };
        await volume.trial(arm, 64);
        assert.deepEqual(await counted(), [0, 0, 0]);
        const ack = join(volume.volumes.main, "ack");
        await volume.prepare(closedLoop(64));
        const measuring = volume.measure({ seconds: 0.3, roundTrips: 20 });
        await sleep(100);
        writeFileSync(join(ack, "1000000000"), "");
        const { staleAcks } = (await measuring).cell;
        assert.ok(staleAcks >= 1, `${staleAcks} stale acks`);
        await volume.prepare(closedLoop(64));
        renameSync(ack, `${ack}-moved`); // what is created under its old name causes no event
        mkdirSync(ack);
        const { misses } = (await volume.measure({ seconds: 0, roundTrips: 2 })).cell;
        assert.ok(misses >= 2, `${misses} misses`);
        assert.deepEqual(await counted(), [misses, staleAcks, 0]);
    });

    it("counts failed requests to a measured process, at both ends", async () => {
        const arm = "network/pod-ip";
        await network.trial(arm, 64);
        for (const [server, request] of [
            [network.initiator, ["POST", "/prepare", closedLoop(64)]],
            [network.responder, ["GET", "/received"]],
        ] as const) {
            const failed = async () => (await scrape(server)).value(metricNames.errors, { arm, kind: "failed" });
            assert.equal(await failed(), 0);
            await killTrial(server);
            const [method, path, body] = request;
            assert.equal((await server.call(method, path, body)).status, 500);
            assert.equal(await failed(), 1);
        }
        const kinds = (await scrape(network.responder)).of(metricNames.errors).map(({ labels }) => labels.kind);
        assert.deepEqual([...new Set(kinds)], ["failed"], "misses and stale acks are the initiator's");
    });

    it("names the trial while its measured process runs, and no trial after it ended or died", async () => {
        const trials = async (server: Server) =>
            (await scrape(server)).of(metricNames.currentTrial).map(({ labels, value }) => [labels.arm, value]);
        await network.trial("network/cluster-ip", 64, "repeated", 7);
        assert.deepEqual(await trials(network.initiator), [["network/cluster-ip", 7]]);
        await network.trial("network/pod-ip", 64, "repeated", 8);
        assert.deepEqual(await trials(network.initiator), [["network/pod-ip", 8]]);
        await network.initiator.ok("DELETE", "/trial");
        assert.deepEqual(await trials(network.initiator), []);
        assert.deepEqual(await trials(network.responder), [["network/pod-ip", 8]]);
        await killTrial(network.responder);
        assert.deepEqual(await trials(network.responder), []);
    });

    it("answers while a cell measures, and no counter ever decreases", async () => {
        const arm = "network/cluster-ip-repeat";
        await network.trial(arm, 64, "repeated", 3);
        await measure(network, closedLoop(64), { seconds: 0, roundTrips: 20 });
        await network.prepare(closedLoop(64));
        let over = false;
        const measuring = network.measure({ seconds: 1, roundTrips: 20 }).then((measured) => {
            over = true;
            return measured;
        });
        const scrapes = [await scrape(network.initiator)];
        await sleep(100);
        scrapes.push(await scrape(network.initiator));
        assert.ok(!over, "the cell must still be measuring");
        assert.equal(scrapes[1]?.value(metricNames.currentTrial, { arm }), 3);
        const { cell } = await measuring;
        scrapes.push(await scrape(network.initiator));
        for (const [index, last] of scrapes.slice(1).entries()) {
            const first = scrapes[index] as Exposition;
            assert.ok(first.samples.size > bucketBounds.length);
            for (const [key, { name, value }] of first.samples) {
                if (first.types.get(name) === "gauge") continue;
                // Here they are the machine's, whose interfaces come and go with the sandbox; a Pod's stay.
                if (name.startsWith("hopcost_pod_network_")) continue;
                const now = last.samples.get(key)?.value ?? Number.NaN;
                assert.ok(now >= value, `${key} was ${value} and is ${now}`);
            }
        }
        const counts = scrapes.map((seen) => seen.value(`${roundTrips}_count`, { arm, size_bytes: 64 }));
        assert.deepEqual(counts, [20, 20, 20 + cell.roundTrips]);
        const cpu = scrapes.map((seen) => Number(seen.value(metricNames.cpuSeconds)));
        assert.ok(Number(cpu[2]) > Number(cpu[0]), "measuring takes CPU time");
    });

    it("has the same container figures as GET /counters", async () => {
        for (const server of [network.initiator, network.responder, volume.initiator, volume.responder]) {
            const before = await server.ok<Counters>("GET", "/counters");
            const seen = await scrape(server);
            const after = await server.ok<Counters>("GET", "/counters");
            const names = [
                "cpuSeconds",
                "throttledSeconds",
                "memoryBytes",
                "blockReadBytes",
                "blockWriteBytes",
            ] as const;
            for (const name of [...names, "networkReceiveBytes", "networkSendBytes"] as const) {
                const value = seen.value(metricNames[name]);
                const [first, last] = [before[name], after[name]];
                if (typeof first !== "number" || typeof last !== "number") assert.equal(value, undefined, name);
                else if (name === "memoryBytes")
                    assert.ok(Math.abs(Number(value) / first - 1) < 0.2, `${value} ${first}`);
                else assert.ok(Number(value) >= first && Number(value) <= last, `${name}: ${first} ${value} ${last}`);
            }
            const lag = Number(seen.value(metricNames.eventLoopLagSeconds));
            assert.ok(lag > 0 && lag < 1, `${lag} s`);
        }
    });

    it("has the start time of the agent, so that a restart is visible", async () => {
        const startOf = async (server: Server) => Number((await scrape(server)).value(metricNames.processStartSeconds));
        const before = Date.now() / 1000;
        const servers = [await Server.start("reader")];
        try {
            const [server] = servers as [Server];
            const start = await startOf(server);
            assert.ok(start >= before - 0.1 && start <= Date.now() / 1000, `${start}`);
            assert.equal(await startOf(server), start);
            await server.kill();
            const restarted = await Server.start("reader", {}, Number(new URL(server.url).port));
            servers.push(restarted);
            assert.ok((await startOf(restarted)) > start);
        } finally {
            await Promise.all(servers.map((server) => server.kill()));
        }
    });

    it("is accepted by promtool", async function () {
        this.timeout(buildMs);
        const promtool = join(await prometheusPrograms(console.error), "promtool");
        for (const server of [network.initiator, network.responder, volume.initiator, volume.responder]) {
            const { all, exitCode } = await execa(promtool, ["check", "metrics"], {
                input: await textOf(server),
                all: true,
                reject: false,
            });
            assert.deepEqual([exitCode, all], [0, ""]);
        }
    });
});

describe("the container's metrics", () => {
    const published = ["cpuSeconds", "throttledSeconds", "memoryBytes", "blockReadBytes", "blockWriteBytes"] as const;
    for (const [tree, pid, absent] of [
        ["v1-host", 16482, ["blockReadBytes", "blockWriteBytes"]],
        ["v1-container", 23, []],
        ["v2-namespace", 8, []],
        ["v2-host-path", 8, []],
    ] as const) {
        it(`are the counters that ${tree} offers`, async () => {
            const files = KernelTree.recorded(tree);
            const counters = counterReader(pid, files)();
            const registry = new Registry();
            const read = containerMetrics(registry, pid, files);
            for (let scrapes = 0; scrapes < 2; scrapes++) {
                read();
                const seen = new Exposition(await registry.metrics());
                for (const name of [...published, "networkReceiveBytes", "networkSendBytes"] as const) {
                    const expected = (absent as readonly string[]).includes(name) ? undefined : counters[name];
                    assert.equal(seen.value(metricNames[name]), expected, name);
                }
            }
        });
    }

    it("are absent, not 0, once a file is gone, and read only the network of the measured process", async () => {
        const whole = KernelTree.recorded("v2-namespace");
        const files = { ...whole.files };
        const asked: string[] = [];
        const live = new KernelTree(files);
        const registry = new Registry();
        const read = containerMetrics(registry, 8, {
            read: (path) => {
                asked.push(path);
                return live.read(path);
            },
            list: () => assert.fail("nothing is listed"),
        });
        asked.length = 0;
        read();
        assert.deepEqual(
            asked.filter((path) => path.startsWith("/proc/")),
            ["/proc/8/net/dev"],
        );
        delete files["/sys/fs/cgroup/cpu.stat"];
        read();
        const seen = new Exposition(await registry.metrics());
        assert.deepEqual([seen.of(metricNames.cpuSeconds), seen.of(metricNames.throttledSeconds)], [[], []]);
        assert.equal(seen.value(metricNames.memoryBytes), 10_485_760);
    });
});

describe("the histogram of round trips", () => {
    const cellOf = (...microseconds: number[]) => ({
        histogram: encodeHistogram(Float64Array.from(microseconds, (each) => each * 1000)),
        sumSeconds: microseconds.reduce((sum, each) => sum + each, 0) / 1e6,
    });

    it("counts a round trip in the first bucket that it fits and in all above", () => {
        const histogram = new RoundTripHistogram();
        histogram.add("volume/chokidar", 64, cellOf(10, 24, 26, 99, 101, 999_000, 3_000_000));
        const seen = new Exposition(String(Buffer.concat(histogram.parts)));
        assert.equal(seen.types.get(roundTrips), "histogram");
        const counts = new Map(bucketsOf(seen, { arm: "volume/chokidar", size_bytes: "64" }));
        const expected = { "0.000025": 2, "0.00005": 3, "0.000075": 3, "0.0001": 4, "0.00015": 5, "0.5": 5, "1": 6 };
        for (const [bound, count] of Object.entries(expected)) assert.equal(counts.get(bound), count, bound);
        assert.equal(counts.get("+Inf"), 7);
    });

    it("distinguishes arms of one size, with bounds that rise by at most a factor of 2.5 from 25 us to 1 s", () => {
        assert.deepEqual([bucketBounds[0], bucketBounds.at(-1)], [25e-6, 1]);
        for (const [index, bound] of bucketBounds.slice(1).entries()) {
            const factor = bound / Number(bucketBounds[index]);
            assert.ok(factor > 1 && factor <= (bound <= 0.1 ? 2 : 2.5), `${bound} is ${factor} times the bound before`);
        }
    });

    it("adds up cells of the same arm and size, and separates others", () => {
        const histogram = new RoundTripHistogram();
        histogram.add("volume/chokidar", 64, cellOf(499));
        histogram.add("volume/fs-watch", 64, cellOf(80, 90));
        histogram.add("volume/chokidar", 1024, cellOf(700, 710, 720));
        histogram.add("volume/chokidar", 64, cellOf(480, 490));
        const seen = new Exposition(String(Buffer.concat(histogram.parts)));
        const of = (arm: string, size_bytes: number) => [
            seen.value(`${roundTrips}_count`, { arm, size_bytes }),
            seen.value(`${roundTrips}_sum`, { arm, size_bytes }),
            seen.value(`${roundTrips}_bucket`, { arm, size_bytes, le: 0.0005 }),
        ];
        assert.deepEqual(of("volume/chokidar", 64), [3, 0.000499 + 0.00097, 3]);
        assert.deepEqual(of("volume/fs-watch", 64), [2, 0.00017, 2]);
        assert.deepEqual(of("volume/chokidar", 1024), [3, 0.00213, 0]);
    });

    it("drops the cell that was measured longest ago if there are too many", () => {
        const histogram = new RoundTripHistogram();
        for (let size = 1; size <= mostCells; size++) histogram.add("volume/chokidar", size, cellOf(1));
        histogram.add("volume/chokidar", 1, cellOf(1)); // no longer the oldest
        histogram.add("volume/chokidar", 0, cellOf(1));
        const seen = new Exposition(String(Buffer.concat(histogram.parts)));
        const sizes = seen.of(`${roundTrips}_count`).map(({ labels }) => Number(labels.size_bytes));
        assert.equal(sizes.length, mostCells);
        assert.deepEqual(
            [sizes.includes(2), sizes.includes(1), sizes.includes(3), sizes.includes(0)],
            [...[false, true, true, true]],
        );
    });
});
