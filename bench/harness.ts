/**
 * `npm run bench:harness`: what the harness itself costs. Each figure is shown beside the method's target; ratios are
 * to references measured in the same run.
 *
 * Real agents and measured processes, on this host's loopback and tmpfs, without a cluster.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import { profiles } from "../model/profiles.ts";
import { formatSize } from "../model/sizes.ts";
import { textGrid } from "../report/formats/text-grid.ts";
import { formatSeconds } from "../report/words/units.ts";
import { estimateOf } from "../statistics/estimate.ts";
import type { Histogram } from "../statistics/histogram.ts";
import { ratioOf, relativeHalfWidth } from "../statistics/ratio.ts";
import { startPrometheus } from "./prometheus.ts";
import { freshPort, type Rig, startNetwork, startVolume } from "./rig.ts";

/** Median of one side's round trips, seconds. */
type Side = () => Promise<number>;
/** Round trips of one trial of a side. */
type Trial = () => Promise<Histogram>;

/** A figure of the harness and its maximum, from the method. */
interface Check {
    name: string;
    size: number;
    target: number;
    measure(): Promise<Pick<Outcome, "value" | "oursSeconds" | "referenceSeconds">>;
}

/** Result of a check. */
interface Outcome {
    name: string;
    sizeBytes: number;
    /** Ratio of ours to the reference, or the half-width of an interval. */
    value: number;
    target: number;
    oursSeconds?: number;
    referenceSeconds?: number;
}

const options = new Command("bench:harness")
    .description("what the harness costs against wrk, a C inotify loop, and its own fastest transport")
    .option("--seconds <number>", "time slice of each measurement", "2")
    .option("--repetitions <number>", "interleaved repetitions of each comparison", "5")
    .option("--json", "print JSON on stdout")
    .addHelpText("after", "\nExample:\n  $ npm run bench:harness -- --repetitions 3")
    .parse()
    .opts<{ seconds: string; repetitions: string; json?: boolean }>();
const seconds = positive("--seconds", options.seconds);
const repetitions = positive("--repetitions", options.repetitions);
const say = (line: string) => console.error(line);

const scratch = mkdtempSync("/dev/shm/hopcost-bench-");
const rigs: Rig[] = [];
try {
    await installReferences();
    const network = await startNetwork(rigs, "network/cluster-ip");
    const noop = await startNetwork(rigs, "floor/noop");
    const fsWatch = await startVolume(rigs, "volume/fs-watch", join(scratch, "fs-watch"));
    const chokidar = await startVolume(rigs, "volume/chokidar", join(scratch, "chokidar"));
    const checks: Check[] = [
        ...[64, 65_536].map((size) =>
            ratio(
                "sender / wrk",
                size,
                size === 64 ? 1.1 : 1.15,
                () => network.p50Seconds(size, seconds),
                () => wrkSeconds(network.uploadUrl, size),
            ),
        ),
        ...[64, 65_536].map((size) =>
            ratio(
                "volume/fs-watch / C inotify",
                size,
                1.15,
                () => fsWatch.p50Seconds(size, seconds),
                () => inotifySeconds(size),
            ),
        ),
        ratio(
            "volume/chokidar / volume/fs-watch",
            64,
            5,
            () => chokidar.p50Seconds(64, seconds),
            () => fsWatch.p50Seconds(64, seconds),
        ),
        ratio(
            "floor/noop / volume/fs-watch",
            64,
            0.002,
            () => noop.p50Seconds(64, seconds),
            () => fsWatch.p50Seconds(64, seconds),
        ),
        ratio(
            "counters read every second / not",
            64,
            1.01,
            () => whileCounting(network, () => network.p50Seconds(64, seconds)),
            () => network.p50Seconds(64, seconds),
        ),
        { name: "scraped by Prometheus / not", size: 64, target: 1.01, measure: () => whileScraped(network) },
        { name: "A/A half-width, fresh processes", size: 64, target: 0.02, measure: () => halfWidth(network) },
    ];
    const outcomes: Outcome[] = [];
    for (const { name, size, target, measure } of checks) {
        say(`${name} at ${formatSize(size)}`);
        outcomes.push({ name, sizeBytes: size, target, ...(await measure()) });
    }
    console.log(options.json ? JSON.stringify(outcomes, undefined, 2) : table(outcomes));
} finally {
    for (const rig of rigs) await rig.stop();
    rmSync(scratch, { recursive: true, force: true });
}

/** The median ratio over interleaved repetitions of both sides. */
function ratio(name: string, size: number, target: number, ours: Side, reference: Side): Check {
    const measure = async () => {
        const [our, their]: [number[], number[]] = [[], []];
        for (let repetition = 0; repetition < repetitions; repetition++) {
            our.push(await ours());
            their.push(await reference());
        }
        const value = median(our.map((each, index) => each / (their[index] as number)));
        return { value, oursSeconds: median(our), referenceSeconds: median(their) };
    };
    return { name, size, target, measure };
}

/** Half-width of the 95% interval of an arm against itself. */
async function halfWidth(rig: Rig) {
    const { interval } = await compareTrials(
        () => freshTrial(rig),
        () => freshTrial(rig),
    );
    return { value: relativeHalfWidth(interval) };
}

/** The cost of being scraped by a Prometheus that starts and ends with each trial. */
async function whileScraped(rig: Rig) {
    const withPrometheus = async () => {
        const stop = await startPrometheus(rig.agents, freshPort(), scratch, say);
        try {
            return await freshTrial(rig);
        } finally {
            await stop();
        }
    };
    const { ratio, interval, ours, reference } = await compareTrials(withPrometheus, () => freshTrial(rig));
    say(`  95% interval over the trials: ${interval.map((bound) => bound.toPrecision(4)).join(" to ")}`);
    return { value: ratio, oursSeconds: ours.seconds, referenceSeconds: reference.seconds };
}

/** The ratio of two sides, each with as many trials as profile standard has; each goes first in half of them. */
async function compareTrials(...sides: [Trial, Trial]) {
    const histograms: [Histogram[], Histogram[]] = [[], []];
    for (let trial = 0; trial < profiles.standard.rounds; trial++) {
        for (const side of trial % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
            histograms[side].push(await sides[side]());
        }
    }
    const [ours, reference] = histograms.map((trials, seed) => estimateOf(trials, seed));
    const { ratio, interval } = ours && reference ? ratioOf(ours, reference) : {};
    if (!ours || !reference || ratio === undefined || interval === undefined) {
        throw new Error("too few round trips for an interval; raise --seconds");
    }
    return { ratio, interval, ours, reference };
}

/** A slice at 64 B with fresh processes at both ends, after a trial's warm-up. */
async function freshTrial(rig: Rig): Promise<Histogram> {
    await rig.restart();
    await rig.measure(64, 4);
    return rig.measure(64, seconds);
}

/** Measures a slice while both ends' counters are read every second. */
async function whileCounting(rig: Rig, side: Side): Promise<number> {
    let reading = Promise.resolve();
    const timer = setInterval(() => {
        reading = rig.readCounters();
    }, 1000);
    try {
        return await side();
    } finally {
        clearInterval(timer);
        await reading;
    }
}

/** Installs wrk and gcc from Debian, and compiles the C reference beside this file. */
async function installReferences(): Promise<void> {
    const missing = [
        ...(existsSync("/usr/bin/wrk") ? [] : ["wrk"]),
        ...(existsSync("/usr/bin/gcc") ? [] : ["gcc", "libc6-dev"]),
    ];
    if (missing.length > 0) {
        say(`installing ${missing.join(", ")} with apt-get`);
        await execa("apt-get", ["update", "-q"]);
        await execa("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...missing]);
    }
    await execa("gcc", ["-O2", "-o", join(scratch, "inotify"), join(import.meta.dirname, "inotify.c")]);
}

async function wrkSeconds(url: string, size: number): Promise<number> {
    const script = join(import.meta.dirname, "post.lua");
    const { stdout } = await execa("wrk", ["-t1", "-c1", `-d${Math.ceil(seconds)}s`, "-s", script, url], {
        env: { SIZE: String(size) },
    });
    const [, requests, microseconds, errors] = /^median (\d+) (\d+) (\d+)$/m.exec(stdout) ?? [];
    if (!(Number(requests) > 0) || errors !== "0") throw new Error(`wrk against ${url} failed:\n${stdout}`);
    return Number(microseconds) / 1e6;
}

async function inotifySeconds(size: number): Promise<number> {
    const folder = mkdtempSync(join(scratch, "inotify-"));
    const { stdout } = await execa(join(scratch, "inotify"), [folder, String(size), String(seconds)]);
    rmSync(folder, { recursive: true });
    return Number(stdout.split(" ")[1]) / 1e9;
}

function table(outcomes: readonly Outcome[]): string {
    const rows = outcomes.map(({ name, sizeBytes, oursSeconds, referenceSeconds, value, target }) => [
        name,
        formatSize(sizeBytes),
        formatSeconds(oursSeconds),
        formatSeconds(referenceSeconds),
        value.toPrecision(3),
        `<= ${target}`,
        value <= target ? "reached" : "missed",
    ]);
    return textGrid({ head: ["check", "size", "p50", "reference", "value", "target", ""], rows, left: [0, 6] });
}

function median(values: readonly number[]): number {
    const sorted = values.toSorted((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] as number;
}

function positive(option: string, text: string): number {
    const value = Number(text);
    if (value > 0) return value;
    console.error(`bench:harness: ${option} must be a number above 0, got "${text}"`);
    process.exit(2);
}
