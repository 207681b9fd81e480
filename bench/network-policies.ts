/**
 * `npm run bench:network-policies`: what enforced NetworkPolicies cost a round trip. Whole runs in the sandbox, in pairs: one
 * with its NetworkPolicy controller, one after the controller was stopped and its rules removed; each goes first in half of
 * the pairs.
 */
import { rmSync } from "node:fs";
import { Command } from "commander";
import { execa } from "execa";
import { median } from "simple-statistics";
import { loadRun } from "../cli/saved/run-folder.ts";
import { mainArms } from "../model/arms.ts";
import { sandboxDown, sandboxUp } from "../sandbox/cluster/cluster.ts";
import { controlNode } from "../sandbox/layout.ts";
import { inNode } from "../sandbox/node/namespaces.ts";
import { readState } from "../sandbox/state.ts";
import { estimateOf } from "../statistics/estimate.ts";
import { decodeHistogram, type Histogram, quantileSeconds } from "../statistics/histogram.ts";
import { ratioOf } from "../statistics/ratio.ts";
import { killProgram, SandboxStack } from "./sandbox-stack.ts";

/** Largest ratio of the sender's p50 with the controller to that without it. */
const target = 1.03;
const { pairs: text, json } = new Command("bench:network-policies")
    .description("the sender's p50 with and without enforced NetworkPolicies, in interleaved pairs of runs")
    .option("--pairs <number>", "pairs of runs, a minute each", "10")
    .option("--json", "print JSON on stdout")
    .addHelpText("after", "\nExample:\n  $ npm run bench:network-policies -- --pairs 4")
    .parse()
    .opts<{ pairs: string; json?: boolean }>();
const pairs = Number(text);
if (!(pairs >= 2)) {
    console.error(`bench:network-policies: --pairs must be at least 2, got "${text}"`);
    process.exit(2);
}
const say = (line: string) => console.error(line);

const { started } = await sandboxUp(say);
const stack = new SandboxStack("bench-network-policies", {
    "hopcost:arms": [mainArms.network],
    "hopcost:sizes": ["64 B"],
    "hopcost:rounds": 3,
    "hopcost:cellSeconds": 1,
    "hopcost:metrics": false,
});
try {
    const sides = { with: [] as Histogram[], without: [] as Histogram[] };
    const ratios: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
        const medians = { with: 0, without: 0 };
        for (const side of pair % 2 === 0 ? (["with", "without"] as const) : (["without", "with"] as const)) {
            await enforce(side === "with");
            const trials = await measure();
            sides[side].push(...trials);
            medians[side] = median(trials.map((trial) => quantileSeconds(trial, 500) ?? Number.NaN));
            say(`pair ${pair + 1} of ${pairs}, ${side} the controller: ${(medians[side] * 1e6).toFixed(1)} us`);
        }
        ratios.push(medians.with / medians.without);
    }
    const [enforced, open] = [sides.with, sides.without].map((trials, seed) => estimateOf(trials, seed));
    if (enforced === undefined || open === undefined) throw new Error("too few round trips for an estimate");
    const { ratio, interval = [Number.NaN, Number.NaN] } = ratioOf(enforced, open);
    const outcome = { pairs, ratio, interval, medianOfPairs: median(ratios), target, reached: ratio <= target };
    const [low, high] = interval.map((bound) => bound.toFixed(3));
    console.log(
        json
            ? JSON.stringify(outcome)
            : `p50 with / without the controller: ${ratio.toFixed(3)} (95% CI ${low} to ${high}), median of ${pairs} pairs ${outcome.medianOfPairs.toFixed(3)}; target at most ${target}: ${outcome.reached ? "reached" : "missed"}`,
    );
} finally {
    await enforce(true);
    stack.remove();
    if (started) await sandboxDown(say);
}

/** Starts the controller, or stops it and removes its rules, which are all that is in these tables. */
async function enforce(wanted: boolean): Promise<void> {
    if (wanted) {
        await sandboxUp(() => {});
        return;
    }
    await killProgram("kube-router");
    const [control] = readState();
    if (control === undefined) throw new Error("the sandbox is not up");
    const clean = "iptables -F && iptables -X && ipset destroy && ! iptables-save -t filter | grep -q KUBE-";
    await inNode(controlNode, control.holder, ["sh", "-c", clean]);
}

/** The round trips of each trial of a run. */
async function measure(): Promise<Histogram[]> {
    const { file, args, options } = stack.command;
    await execa(file, args, options);
    const run = stack.newestRun;
    if (run === undefined) throw new Error("the run saved nothing");
    const { trials } = loadRun(run);
    rmSync(run, { recursive: true });
    return trials.flatMap(({ cells }) => cells.map(({ histogram }) => decodeHistogram(histogram)));
}
