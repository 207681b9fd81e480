/**
 * Runs the tests, shows where the time went, and ends with the line `N passed, N failed, N skipped`.
 *
 *     node test/run.ts            all tests, as `stages` arranges them
 *     node test/run.ts unit       those that need seconds: no process, no cluster, no browser
 *     node test/run.ts PATH...    these files or folders
 */
import { fork } from "node:child_process";
import { globSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import Mocha from "mocha";

const here = import.meta.dirname;

/** How many tests ended in which way, and how long each file took, in seconds. */
interface Outcome {
    passed: number;
    failed: number;
    skipped: number;
    /** Each failed test: its file, its title and the start of its error. */
    failures: string[];
    seconds: Record<string, number>;
}

/** Tests that need more than this process: commands, builds, promtool, Chromium, real workloads, a real cluster. */
const slow = [
    /^sandbox\/toolchain\/assembled\./,
    /^package\//,
    /^cli\/(?!checks\/)/,
    /^components\/metrics\//,
    /^browser\//,
    /^workloads\//,
    /^e2e\//,
];
const all = globSync("**/*.test.ts", { cwd: here }).sort();
const unit = all.filter((file) => !slow.some((folder) => folder.test(file)));
const matching = (...patterns: RegExp[]) => patterns.flatMap((pattern) => all.filter((file) => pattern.test(file)));

/** Files that one process runs, in this order. */
interface Group {
    name: string;
    files: string[];
}
const group = (name: string, ...patterns: RegExp[]): Group => ({ name, files: matching(...patterns) });
const each = (pattern: RegExp): Group[] => matching(pattern).map((file) => ({ name: file, files: [file] }));

/**
 * Stages run one after the other. Within a stage, each lane takes the next group when it is free, so those that take longest
 * come first. Two cores carry three lanes: a run waits for Kubernetes half of its time.
 */
const stages: { lanes: number; groups: Group[] }[] = [
    // One group has the sandbox to itself, starts and stops it, and changes its node. The others need none.
    {
        lanes: 3,
        groups: [
            group("the sandbox, runs", /^e2e\/doctor-node\./, /^e2e\/(sandbox|ip-families|lost|run)\./),
            group("the driver", /^workloads\/driver\/(?!scenarios\/)/),
            group("the driver's scenarios", /^workloads\/driver\/scenarios\//),
            group("commands", /^cli\/(?!checks\/|commands\/doctor\.)/),
            { name: "unit, promtool", files: [...unit, ...matching(/^components\/metrics\//)] },
            group("the browser", /^browser\//),
            group("workloads", /^workloads\/(?!volume\/|driver\/|scenario\/)/),
            group("policies in the engine", /^e2e\/policies\./),
            group("the package", /^package\//),
            group("kubeconfigs", /^e2e\/kubeconfig\//),
        ],
    },
    // The sandbox stays up, and every file that deploys uses its own namespace.
    {
        lanes: 3,
        groups: [
            // One after the other: openshift's admission rules are also for doctor's Pods, which registry looks at.
            group("registry, openshift", /^e2e\/registry\./, /^e2e\/openshift\./),
            ...each(/^e2e\/(interrupted|metrics|package)\./),
            ...each(/^e2e\/(arms|pulumi-up|ownership|failures|limited-user)\./),
            ...each(/^sandbox\/toolchain\/assembled\./), // of what was built for the first stage
        ],
    },
    // kube-router writes the rules of all policies again when one changes, so no other run is beside those of the policies. They
    // mostly wait, and the others have deadlines or loads in real time, so only one of those is beside them.
    {
        lanes: 2,
        groups: [
            group("policies of the network, doctor", /^e2e\/network-policies\./, /^e2e\/doctor\./),
            group("hopcost policies", /^e2e\/check-policies\./),
            group("initiators and volumes", /^workloads\/(scenario\/initiator-agent\.|volume\/)/),
            group("scenarios without a cluster", /^workloads\/scenario\/(?!initiator-agent\.)/),
            group("doctor without a cluster", /^cli\/commands\/doctor\./),
        ],
    },
    // What checks figures, and the load of scenarios.
    { lanes: 1, groups: [group("figures", /^e2e\/(compare|scenarios)\./)] },
];

/** Runs files in this process, in the given order. */
async function runHere(files: readonly string[]): Promise<Outcome> {
    const mocha = new Mocha({ timeout: 30_000, forbidOnly: process.env.CI !== undefined });
    for (const file of files) mocha.addFile(join(here, file));
    await mocha.loadFilesAsync();
    const seconds: Record<string, number> = {};
    const failures: string[] = [];
    const runner = await new Promise<Mocha.Runner>((resolve) => {
        const running = mocha.run(() => resolve(running));
        let started = 0;
        running.on("suite", ({ parent }) => {
            if (parent?.root) started = performance.now();
        });
        running.on("fail", (test, error: Error) => {
            const where = test.file === undefined ? "" : `${relative(here, test.file)}: `;
            const lines = String(error.message)
                .split("\n")
                .filter((line) => line.trim() !== "");
            const start = lines.slice(0, 4).map((line) => `\n    ${line.slice(0, 300)}`);
            failures.push(`${where}${test.fullTitle()}${start.join("")}`);
        });
        running.on("suite end", ({ parent, file }) => {
            if (!parent?.root || file === undefined) return;
            const name = relative(here, file);
            seconds[name] = (seconds[name] ?? 0) + (performance.now() - started) / 1000;
        });
    });
    const { passes: passed = 0, failures: failed = 0, pending: skipped = 0 } = runner.stats ?? {};
    return { passed, failed, skipped, failures, seconds };
}

/** Runs files in a process of their own, and shows its output when it has ended. */
async function runBeside({ name, files }: Group): Promise<Outcome> {
    const child = fork(import.meta.filename, ["--group", ...files], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
    const kept: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data: Buffer) => kept.push(data));
    let outcome: Outcome | undefined;
    child.on("message", (message: Outcome) => {
        outcome = message;
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    process.stdout.write(Buffer.concat([Buffer.from(`\n${name}\n`), ...kept]));
    // A process that ends without an outcome lost tests that nobody counts.
    const failures = [`${name}: ended with code ${code} before its tests had`];
    return outcome ?? { passed: 0, failed: 1, skipped: 0, failures, seconds: {} };
}

function sumOf(outcomes: readonly Outcome[]): Outcome {
    const total = (key: "passed" | "failed" | "skipped") => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
    const seconds = Object.assign({}, ...outcomes.map((outcome) => outcome.seconds));
    const failures = outcomes.flatMap((outcome) => outcome.failures);
    return { passed: total("passed"), failed: total("failed"), skipped: total("skipped"), failures, seconds };
}

/**
 * A machine that takes longer for the first stage, which took 8 minutes on two cores, is so slow that three runs at once would
 * miss deadlines, e.g. the 15 s of `hopcost doctor`.
 */
const slowSeconds = 15 * 60;

/** All tests, stage by stage. */
async function runStages(): Promise<Outcome> {
    const staged = stages.flatMap(({ groups }) => groups.flatMap(({ files }) => files));
    const lost = all.filter((file) => !staged.includes(file));
    if (lost.length > 0) throw new Error(`no stage of test/run.ts has ${lost.join(", ")}; add them to one`);
    const outcomes: Outcome[] = [];
    const times: string[] = [];
    // What one process compiled, a thousand others load: commands, language hosts, policy packs, trials.
    const compiled = mkdtempSync(join(tmpdir(), "hopcost-compiled-"));
    process.env.NODE_COMPILE_CACHE = compiled;
    const begun = performance.now();
    let most = Number.POSITIVE_INFINITY;
    for (const [index, { lanes, groups }] of stages.entries()) {
        const left = [...groups];
        const work = async () => {
            for (let next = left.shift(); next !== undefined; next = left.shift()) {
                console.log(`> stage ${index + 1}: ${next.name}`);
                const started = performance.now();
                outcomes.push(await runBeside(next));
                times.push(`${seconds((performance.now() - started) / 1000)}  stage ${index + 1}: ${next.name}`);
            }
        };
        await Promise.all(Array.from({ length: Math.min(lanes, most) }, work));
        const isSlow = index === 0 && performance.now() - begun > 1000 * slowSeconds;
        if (isSlow) most = 2;
    }
    rmSync(compiled, { recursive: true });
    console.log(`\nGroups\n${times.join("\n")}`);
    return sumOf(outcomes);
}

const seconds = (value: number) => `${value.toFixed(0).padStart(6)} s`;

/** The files that took longest, and what all others took together. */
function timesOf(outcome: Outcome): string {
    const files = Object.entries(outcome.seconds).sort(([, one], [, other]) => other - one);
    const rest = files.slice(20).reduce((sum, [, taken]) => sum + taken, 0);
    const lines = files.slice(0, 20).map(([file, taken]) => `${seconds(taken)}  ${file}`);
    return [
        "Where the time went",
        ...lines,
        `${seconds(rest)}  the other ${Math.max(0, files.length - 20)} files`,
    ].join("\n");
}

function filesAt(path: string): string[] {
    const files = statSync(path).isDirectory() ? globSync(join(path, "**/*.test.ts")).sort() : [path];
    return files.map((file) => relative(here, file));
}

const [first, ...others] = process.argv.slice(2);
if (first === "--group") {
    process.send?.(await runHere(others), () => process.exit());
} else {
    const named = () => [first as string, ...others].flatMap(filesAt);
    const outcome = first === undefined ? await runStages() : await runHere(first === "unit" ? unit : named());
    const { passed, failed, skipped, failures } = outcome;
    // A run without a test is not a success: a wrong path or a renamed folder must not look like one.
    process.exitCode = failed > 0 || passed + failed + skipped === 0 ? 1 : 0;
    if (failures.length > 0) console.log(`Failed\n${failures.map((failure) => `  ${failure}`).join("\n")}\n`);
    console.log(`${timesOf(outcome)}\n\n${passed} passed, ${failed} failed, ${skipped} skipped`);
    process.exit();
}
