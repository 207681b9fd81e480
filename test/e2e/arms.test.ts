import assert from "node:assert/strict";
import { allArms, mainArms, repeatArm } from "../../model/arms.ts";
import type { Results } from "../../model/results.ts";
import { sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout } from "../support/checkout.ts";
import { hopcost } from "../support/command.ts";
import { minutes, newestResults, shortRun } from "./support.ts";

/** Every arm in every mode, as short as possible: this checks that everything works, not the figures. */
const everyArm = {
    "hopcost:profile": "standard",
    "hopcost:rounds": 2,
    "hopcost:maxRounds": 2,
    "hopcost:sizes": "64 B, 64 KiB",
    "hopcost:warmupSeconds": 0,
    "hopcost:cellSeconds": 0.1,
    "hopcost:payload": "random",
    "hopcost:namespace": "hopcost-arms",
    // Its own 206 s were not enough on a slow machine with other runs beside.
    "hopcost:deadlineSeconds": 600,
    "hopcost:cpuRequest": shortRun["hopcost:cpuRequest"],
};
const farArm = "network/cross-node";

describe("every arm on the sandbox", function () {
    this.timeout(minutes(15));
    let folder = "";

    before(async () => {
        await sandboxUp(() => {});
        folder = checkoutWith(everyArm);
    });
    after(() => removeCheckout(folder));

    const run = async (...options: string[]): Promise<{ results: Results; stdout: string }> => {
        const { code, stdout, stderr } = await hopcost(folder, "run", ...options).ended;
        assert.equal(code, 0, stderr);
        return { results: newestResults(folder), stdout };
    };

    describe("of one node", () => {
        let results: Results;
        let stdout: string;
        before(async () => {
            ({ results, stdout } = await run());
        });

        it("is measured, or is unavailable with the scheduler's reason", () => {
            const measured = new Set(results.cells.map(({ arm }) => arm));
            assert.deepEqual([...measured].sort(), allArms.filter((arm) => arm !== farArm).sort());
            assert.deepEqual(
                results.unavailable.map(({ arm }) => arm),
                [farArm],
            );
            assert.match(results.unavailable[0]?.reason ?? "", /scheduled: 0\/1 nodes are available/);
            assert.equal(results.complete, true);
        });

        it("has each container's usage, by cgroup and process", () => {
            for (const { arm, size, cpuSecondsPerRoundTrip: cpu, usage } of results.cells) {
                assert.ok(typeof cpu === "number" && cpu > 0, `${arm} ${size}: ${JSON.stringify(cpu)}`);
                assert.ok(usage, arm);
                for (const { memoryPeakBytes, readBytes } of Object.values(usage)) {
                    assert.ok(typeof memoryPeakBytes === "number" && memoryPeakBytes > 2 ** 20, arm);
                    assert.ok(typeof readBytes === "number", arm);
                }
            }
        });

        it("counts exactly the bytes that crossed the Pod's network", () => {
            const sentAt = (arm: string) => {
                const cell = results.cells.find((candidate) => candidate.arm === arm && candidate.size === 65_536);
                const sent = cell?.usage?.initiator.networkSendBytes;
                return typeof sent === "number" ? sent : Number.NaN;
            };
            for (const arm of ["network/cluster-ip", "network/pod-ip"]) assert.ok(sentAt(arm) >= 65_536, arm);
            for (const arm of ["network/localhost", "volume/chokidar"]) assert.ok(sentAt(arm) < 6_554, arm);
        });

        it("shows the parts of a round trip, which add up to the whole", () => {
            const arms = Object.values(mainArms);
            assert.deepEqual(
                results.phases.map(({ arm, size }) => `${arm} ${size}`).sort(),
                arms.flatMap((arm) => [64, 65_536].map((size) => `${arm} ${size}`)).sort(),
            );
            for (const { arm, totalSeconds, parts } of results.phases) {
                const names = arm === mainArms.network ? "write wait read" : "write rename event read ack";
                assert.equal(parts.map(({ name }) => name).join(" "), names);
                assert.ok(parts.every(({ seconds }) => seconds >= 0));
                const sum = parts.reduce((total, { seconds }) => total + seconds, 0);
                assert.ok(Math.abs(sum - totalSeconds) < 1e-3 * totalSeconds);
            }
        });

        it("was measured at a fixed rate, and with several in flight", () => {
            assert.equal(results.constantRate.length, 4);
            for (const { ratePerSecond } of results.constantRate) assert.equal(ratePerSecond, 250);
            assert.equal(results.throughput.length, 4);
            for (const { concurrency, roundTripsPerSecond } of results.throughput) {
                assert.ok(concurrency === 4 && roundTripsPerSecond > 0);
            }
        });

        it("is compared with its reference, with the slower one's time explained and the noise floor known", () => {
            const compared = new Set(results.comparisons.map(({ arm }) => arm));
            for (const arm of [repeatArm, "network/pod-ip", "volume/fs-watch", "volume/pvc"] as const) {
                assert.ok(compared.has(arm), arm);
            }
            assert.equal(results.attributions.length, 2);
            for (const { noise = 0 } of results.ratios) assert.ok(noise >= 1);
            for (const title of ["What the ablation arms show", "Where the time goes", "Under load"]) {
                assert.ok(stdout.includes(title), title);
            }
        });

        it("describes the environment", () => {
            const { environment } = results;
            assert.equal(environment.containerRuntime, "containerd");
            assert.equal(environment.qosClass, "Burstable");
            assert.equal(environment.placement.sameNode, true);
            assert.equal(environment.volume.fileSystems.main, "tmpfs");
            assert.notEqual(environment.volume.fileSystems.disk, "tmpfs");
            assert.equal(typeof environment.stealFraction, "number");
        });
    });
});
