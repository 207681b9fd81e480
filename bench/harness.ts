/**
 * `npm run bench:harness`: what the harness itself costs, as ratios against references measured in the same run.
 *
 * Real control servers and measured processes, on this host's loopback and tmpfs, without a cluster. Each ratio is the
 * median over interleaved repetitions of both sides.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { execa } from "execa";
import { formatSize } from "../report/sizes.ts";
import { formatSeconds } from "../report/units.ts";
import { type Rig, startNetwork, startVolume } from "./rig.ts";

/** Median of one side's round trips, seconds. */
type Side = () => Promise<number>;

interface Comparison {
    name: string;
    size: number;
    ours: Side;
    reference: Side;
    /** Most that the ratio may be, from the method. */
    target: number;
}

/** A comparison's medians over the repetitions. */
interface Outcome {
    name: string;
    sizeBytes: number;
    oursSeconds: number;
    referenceSeconds: number;
    ratio: number;
    target: number;
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
    const network = await startNetwork(rigs);
    const fsWatch = await startVolume(rigs, "volume/fs-watch", join(scratch, "fs-watch"));
    const chokidar = await startVolume(rigs, "volume/chokidar", join(scratch, "chokidar"));
    const comparisons: Comparison[] = [
        ...[64, 65_536].map((size) => ({
            name: "sender / wrk",
            size,
            ours: () => network.p50Seconds(size, seconds),
            reference: () => wrkSeconds(network.uploadUrl, size),
            target: size === 64 ? 1.1 : 1.15,
        })),
        ...[64, 65_536].map((size) => ({
            name: "volume/fs-watch / C inotify",
            size,
            ours: () => fsWatch.p50Seconds(size, seconds),
            reference: () => inotifySeconds(size),
            target: 1.15,
        })),
        {
            name: "volume/chokidar / volume/fs-watch",
            size: 64,
            ours: () => chokidar.p50Seconds(64, seconds),
            reference: () => fsWatch.p50Seconds(64, seconds),
            target: 5,
        },
    ];
    const outcomes: Outcome[] = [];
    for (const comparison of comparisons) outcomes.push(await compare(comparison));
    console.log(options.json ? JSON.stringify(outcomes, undefined, 2) : table(outcomes));
} finally {
    for (const rig of rigs) await rig.stop();
    rmSync(scratch, { recursive: true, force: true });
}

async function compare({ name, size, ours, reference, target }: Comparison): Promise<Outcome> {
    const [our, their]: [number[], number[]] = [[], []];
    for (let repetition = 1; repetition <= repetitions; repetition++) {
        say(`${name} at ${formatSize(size)}: repetition ${repetition} of ${repetitions}`);
        our.push(await ours());
        their.push(await reference());
    }
    const [oursSeconds, referenceSeconds] = [median(our), median(their)];
    const ratio = median(our.map((value, index) => value / (their[index] as number)));
    return { name, sizeBytes: size, oursSeconds, referenceSeconds, ratio, target };
}

/** wrk and gcc are Debian packages; the C reference is compiled from the file beside this one. */
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
    const rows = outcomes.map(({ name, sizeBytes, oursSeconds, referenceSeconds, ratio, target }) => [
        name,
        formatSize(sizeBytes),
        formatSeconds(oursSeconds),
        formatSeconds(referenceSeconds),
        ratio.toFixed(2),
        `<= ${target}`,
        ratio <= target ? "reached" : "missed",
    ]);
    const all = [["comparison", "size", "p50", "reference", "ratio", "target", ""], ...rows];
    const widths = all[0]?.map((_head, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
    return all
        .map((row) =>
            row
                .map((cell, column) => cell.padEnd(widths[column] ?? 0))
                .join("  ")
                .trimEnd(),
        )
        .join("\n");
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
