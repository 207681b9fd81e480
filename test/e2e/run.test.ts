import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mainArms, repeatArm } from "../../model/arms.ts";
import { profiles } from "../../model/profiles.ts";
import { allSizes, formatSize } from "../../model/sizes.ts";
import { sandboxDown, sandboxStatus } from "../../sandbox/cluster/cluster.ts";
import { buildMs } from "../support/build-limit.ts";
import { checkoutWith, removeCheckout } from "../support/checkout.ts";
import { type Ended, hopcost } from "../support/command.ts";
import { newestResults, newestRun } from "./support.ts";

describe("hopcost run, as called by npm start, without a running sandbox", function () {
    this.timeout(buildMs);
    let folder = "";
    let ended: Ended;
    let saved = "";
    let copiesBefore: string[] = [];
    const kubeconfigCopies = () => readdirSync(tmpdir()).filter((name) => /^kubeconfig\d+$/.test(name));

    before(async () => {
        await sandboxDown(() => {});
        folder = checkoutWith({ "hopcost:warmupSeconds": 0.2, "hopcost:cellSeconds": 0.1 });
        copiesBefore = kubeconfigCopies();
        ended = await hopcost(folder, "run").ended;
        saved = newestRun(folder);
    });
    after(() => removeCheckout(folder));

    const results = () => newestResults(folder);

    it("exits 0", () => assert.equal(ended.code, 0, ended.stderr));

    it("shows the verdict, a line for each size, the paths of the files and what to try next", () => {
        assert.ok(ended.stdout.includes(results().summary));
        for (const size of allSizes) assert.match(ended.stdout, new RegExp(`^ *${formatSize(size)} .*%?`, "m"));
        assert.ok(ended.stdout.includes(saved));
        assert.match(ended.stdout, /^Next: npm start -- --profile standard/m);
    });

    it("shows progress on stderr", () => {
        assert.match(ended.stderr, /Kubernetes sandbox/);
        assert.match(ended.stderr, /creating (Namespace|Deployment|ConfigMap) /);
        assert.match(
            ended.stderr,
            /^ {2}\d\d?% measuring, (\d+m)?\d+s left: (network|volume)\/\S+ .+ \(trial \d of 9\)$/m,
        );
    });

    it("measured both main arms at all 16 sizes, and the noise floor, each in at least 3 trials", () => {
        const { complete, cells, ratios } = results();
        assert.equal(complete, true);
        const sizesOf = (arm: string) => cells.filter((cell) => cell.arm === arm).map(({ size }) => size);
        for (const arm of Object.values(mainArms)) assert.deepEqual(sizesOf(arm), [...allSizes]);
        assert.deepEqual(sizesOf(repeatArm), [...profiles.quick.repeatSizes]);
        for (const cell of cells) assert.ok(cell.trials >= 3 && cell.roundTrips > 0, JSON.stringify(cell));
        assert.deepEqual(
            ratios.map(({ size }) => size),
            [...allSizes],
        );
        for (const { ratio, interval, size } of ratios) {
            assert.ok(interval && interval[0] <= ratio && ratio <= interval[1], `${formatSize(size)}: ${interval}`);
        }
    });

    it("saved raw trials that reproduce the same results, byte for byte", async () => {
        assert.equal(readdirSync(join(saved, "trials")).filter((name) => name.endsWith(".json")).length, 9);
        const again = await hopcost(folder, "report", saved, "--json").ended;
        assert.equal(again.stdout, readFileSync(join(saved, "results.json"), "utf8"));
    });

    it("ran with the configured placement, unthrottled", () => {
        const { environment, throttledSeconds } = results();
        assert.equal(environment.placement.asked, "same-node");
        assert.equal(environment.placement.sameNode, true);
        assert.equal(environment.volume.fileSystems.main, "tmpfs");
        assert.equal(throttledSeconds, 0);
    });

    it("stopped the sandbox it started, and removed the stack", async () => {
        assert.equal((await sandboxStatus()).state, "down");
        const state = join(folder, ".hopcost", "state", ".pulumi", "stacks", "hopcost", "dev.json");
        assert.ok(existsSync(state));
        const { checkpoint } = JSON.parse(readFileSync(state, "utf8"));
        assert.deepEqual(checkpoint.latest.resources ?? [], []);
    });

    it("left no copy of the cluster's key behind", () => {
        const left = kubeconfigCopies().filter((name) => !copiesBefore.includes(name));
        assert.deepEqual(left, []);
        assert.deepEqual(readdirSync(join(folder, ".hopcost")).sort(), ["state", "work"]);
    });
});
