/**
 * `npm run bench:kills`: kills something at a random moment of a real run, again and again, and shows what came of it: how
 * the command ended, when, and whether a finished trial or injection was lost. Runs in the sandbox, three at a time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Command, Option } from "commander";
import { max, median, min } from "simple-statistics";
import { sandboxDown, sandboxUp } from "../sandbox/cluster/cluster.ts";
import { type Killed, KilledRun } from "./killed-run.ts";
import { killProgram } from "./sandbox-stack.ts";
import { isOfNode, nodePrograms, type Victim, victims } from "./victims.ts";

const options = new Command("bench:kills")
    .description("what comes of kills at random moments of real runs in the sandbox")
    .option("--times <number>", "how often each is killed; ten take about an hour", Number, 10)
    .addOption(new Option("--victims <names...>", "only these").choices(victims).default(victims, "all"))
    .option("--scenarios <names>", "runs with two injections of each of these, two at a time")
    .option("--json", "print each kill as JSON on stdout")
    .addHelpText("after", "\nExample:\n  $ npm run bench:kills -- --times 2 --victims sender kubelet")
    .parse()
    .opts<{ times: number; victims: Victim[]; scenarios?: string; json?: boolean }>();
if (!(options.times >= 1)) {
    console.error("bench:kills: --times must be at least 1");
    process.exit(2);
}
const say = (line: string) => console.error(line);
/** A run with scenarios starts many Pods. */
const lanes = options.scenarios === undefined ? [1, 2, 3] : [1, 2];
/** A run takes about a minute; with scenarios there are one or two more after its first trial, from which it counts then. */
const [earliest, latest] = options.scenarios === undefined ? [8, 60] : [5, 60];
/** How long a program of the node stays away, in seconds. */
const [shortest, longest] = [5, 30];
const between = (low: number, high: number) => low + Math.random() * (high - low);

const { started } = await sandboxUp(say);
const killed: Killed[] = [];
try {
    const single = options.victims.filter((victim) => !isOfNode(victim));
    const waiting = Array.from({ length: options.times }, () => single).flat();
    await Promise.all(lanes.map((lane) => inLane(lane, waiting)));
    for (const victim of nodePrograms) {
        if (options.victims.includes(victim)) await ofNode(victim);
    }
} finally {
    if (started) await sandboxDown(say);
}
console.log(options.json ? JSON.stringify(killed) : table());

/** One run after the other, until there is none left to kill in. */
async function inLane(lane: number, waiting: Victim[]): Promise<void> {
    for (let victim = waiting.pop(); victim !== undefined; victim = waiting.pop()) {
        const run = new KilledRun(victim, lane, options.scenarios);
        if (await run.killAt(between(earliest, latest))) keep(await run.result());
        else {
            say(`again: a run ended before its ${victim} could be killed: ${run.end}`);
            waiting.push(victim);
        }
        await run.remove();
    }
}

/** A program that is started again after a while, and in the last batch only after the runs. */
async function ofNode(victim: (typeof nodePrograms)[number]): Promise<void> {
    for (let left = options.times; left > 0; left -= lanes.length) {
        const runs = lanes.slice(0, left).map((lane) => new KilledRun(victim, lane, options.scenarios));
        await sleep(1000 * between(earliest, latest));
        await Promise.all(runs.map((run) => run.noticeKill()));
        await killProgram(victim);
        const isLast = left <= lanes.length;
        const results = Promise.all(runs.map((run) => run.result()));
        if (!isLast) {
            await sleep(1000 * between(shortest, longest));
            await sandboxUp(() => {});
        }
        for (const result of await results) keep(result);
        if (isLast) await sandboxUp(() => {});
        await Promise.all(runs.map((run) => run.remove()));
    }
}

function keep(result: Killed): void {
    killed.push(result);
    say(`${killed.length} of ${options.times * options.victims.length}: ${JSON.stringify(result)}`);
}

/** In Markdown, a line for each victim. */
function table(): string {
    const heads = [
        "killed",
        "times",
        "exit codes",
        "seconds to the end",
        "finished before",
        "reported",
        "lost",
        "hung",
    ];
    const lines = options.victims.map((victim) => {
        const of = killed.filter((one) => one.victim === victim);
        const codes = Object.entries(Object.groupBy(of, ({ exitCode }) => String(exitCode ?? "none")));
        const span = (values: number[]) => `${min(values)} to ${max(values)}`;
        const seconds = of.map((one) => Math.round(one.seconds));
        const lost = of.reduce((sum, { finished, reported }) => sum + Math.max(0, finished - reported), 0);
        return [
            victim,
            of.length,
            codes.map(([code, those]) => `${code} (${those?.length})`).join(", "),
            `${median(seconds)}, at most ${max(seconds)}`,
            span(of.map(({ finished }) => finished)),
            span(of.map(({ reported }) => reported)),
            lost,
            of.filter(({ ended }) => !ended).length,
        ].join(" | ");
    });
    return ["", heads.join(" | "), heads.map(() => "---").join(" | "), ...lines]
        .map((line) => line && `| ${line} |`)
        .join("\n");
}
