import { Command, Option } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { addCompletion } from "./commands/completion.ts";
import { failureText } from "./terminal/colour.ts";
import { exitCodesText } from "./terminal/exit.ts";

/**
 * The whole command: every subcommand with its options and help. What a subcommand does is loaded when it runs, so that
 * help and completion need neither Pulumi nor the Kubernetes client.
 * @param cancel aborted by Ctrl-C and by SIGTERM
 * @returns throws what commander refuses, rather than end the process; a subcommand sets `process.exitCode`
 */
export function hopcostProgram(cancel: AbortSignal): Command {
    const program = new Command("hopcost")
        .description(
            "What does it cost to hand a message from one container to another: two Pods, or one shared volume?",
        )
        .version(packageJson.version)
        .configureOutput({ outputError: (text, write) => write(failureText(text)) })
        .showHelpAfterError("(see hopcost --help)")
        .addHelpText("after", `\nExample:\n  $ hopcost run --profile quick\n\n${exitCodesText()}`)
        .exitOverride();
    addRun(program, cancel);
    addReport(program);
    addCompare(program);
    addCheck(program);
    addDoctor(program, cancel);
    addMetrics(program, cancel);
    addSandbox(program, cancel);
    addCompletion(program); // knows the commands above
    return program;
}

function addRun(program: Command, cancel: AbortSignal): void {
    program
        .command("run")
        .description("deploy both topologies, measure, show the verdict, save the results, and clean up")
        .option("--stack <name>", "stack file to use: Pulumi.<name>.yaml", "dev")
        .option("--profile <name>", "quick, standard or full (default: what the stack file says)")
        .option("--json", "print the results as JSON on stdout, and nothing else there")
        .option("--keep", "leave the deployed stack, and the sandbox, as they are afterwards")
        .addHelpText("after", "\nExample:\n  $ hopcost run --stack minikube --profile standard")
        .action(async (options) => {
            const { run } = await import("./commands/run.ts");
            process.exitCode = await run(options, cancel);
        });
}

function addReport(program: Command): void {
    program
        .command("report")
        .description("write a report of saved runs, computed again from their raw trials: report.html beside the run")
        .argument(
            "[runs...]",
            "folders of runs, their ids, files with results, - for stdin (default: the newest in results/)",
        )
        .addOption(
            new Option("--format <name>", "html is written to a file, anything else printed")
                .choices(["html", "text", "markdown", "csv", "json", "openmetrics"])
                .default("html"),
        )
        .option("--json", "the same as --format json")
        .option("--output <file>", "write the report there; - for stdout")
        .option("--plots <folder>", "also write each plot of the run as an SVG picture there")
        .addHelpText("after", "\nExample:\n  $ hopcost report results/20261121-063200-3fa2 --format markdown")
        .action(async (runs, options) => {
            const { report } = await import("./commands/report.ts");
            process.exitCode = await report(runs, options);
        });
}

function addCompare(program: Command): void {
    program
        .command("compare")
        .description("two runs, or two sets of runs, side by side: what changed, with intervals")
        .argument("<a>", "what to compare with: a run's folder or id, a file, or several joined by commas (a1,a2,a3)")
        .argument("<b>", "the run or the runs whose change is told")
        .option("--allow-different", "compare them although they were not measured alike")
        .option("--json", "print the comparison as JSON on stdout")
        .addHelpText(
            "after",
            "\nExample:\n  $ hopcost compare results/20261121-063200-3fa2 results/20261122-063200-91b0",
        )
        .action(async (a, b, options) => {
            const { compare } = await import("./commands/compare.ts");
            process.exitCode = compare(a, b, options);
        });
}

function addCheck(program: Command): void {
    const each = (text: string, before: string[] = []) => [...before, text];
    program
        .command("check")
        .description("hold a run against limits, for CI: ends with 99 where one is exceeded")
        .argument("[run]", "the run's folder or id, or a file with its results (default: the newest in results/)")
        .option(
            "--max-ratio <limit>",
            "most that volume / network may be: 12, or for one size 64B=12 (repeatable)",
            each,
        )
        .option("--max-p99 <limit>", "most that p99 may be: 5ms, or e.g. network/cluster-ip@64B=2ms (repeatable)", each)
        .option("--max-change <limit>", "most that p50 may grow: 10%, or e.g. volume/chokidar=20% (repeatable)", each)
        .option("--baseline <run>", "what --max-change is relative to: a run, or several joined by commas")
        .option("--allow-different", "take a baseline that was not measured alike")
        .option("--strict", "what can't be decided is a failure")
        .option("--junit <file>", "write the outcome as JUnit XML as well")
        .option("--json", "print the outcome as JSON on stdout")
        .addHelpText(
            "after",
            "\nExample:\n  $ hopcost check --max-ratio 15 --max-change 10% --baseline main.json --junit junit.xml",
        )
        .action(async (run, options) => {
            const { check } = await import("./commands/check.ts");
            process.exitCode = check(run, options);
        });
}

function addDoctor(program: Command, cancel: AbortSignal): void {
    program
        .command("doctor")
        .description("check what a run needs (tools, cluster, rights, room) within 15 s, and say what to do")
        .option("--stack <name>", "stack file to use: Pulumi.<name>.yaml", "dev")
        .option("--json", "print the checks as JSON on stdout, and nothing else there")
        .addHelpText("after", "\nExample:\n  $ hopcost doctor --stack minikube")
        .action(async (options) => {
            const { doctor } = await import("./commands/doctor.ts");
            process.exitCode = await doctor(options, cancel);
        });
}

function addMetrics(program: Command, cancel: AbortSignal): void {
    program
        .command("metrics")
        .description("look at the Prometheus (and Grafana) of a deployed stack, also while a run goes on; until Ctrl-C")
        .option("--stack <name>", "stack file to use: Pulumi.<name>.yaml", "dev")
        .option("--json", "print the addresses as JSON on stdout")
        .addHelpText("after", "\nExample:\n  $ hopcost metrics --stack minikube")
        .action(async (options) => {
            const { metrics } = await import("./commands/metrics.ts");
            process.exitCode = await metrics(options, cancel);
        });
}

function addSandbox(program: Command, cancel: AbortSignal): void {
    const sandbox = program
        .command("sandbox")
        .description("a real Kubernetes on this machine, from packages alone (Linux, root)")
        .addHelpText("after", "\nExample:\n  $ hopcost sandbox up");
    for (const [verb, description] of [
        ["up", "start it; the first time it is built, which takes about fifteen minutes"],
        ["down", "stop it and remove everything it made outside the cache"],
        ["status", "tell whether it runs, its processes and how to reach it"],
    ] as const) {
        const command = sandbox
            .command(verb)
            .description(description)
            .option("--json", "print JSON on stdout")
            .addHelpText("after", `\nExample:\n  $ hopcost sandbox ${verb}`)
            .action(async (options) => {
                const commands = await import("./commands/sandbox.ts");
                process.exitCode = await commands[verb](options, cancel);
            });
        const nodes = new Option("--nodes <count>", "nodes to have (default: those it has; 1 where it is down)");
        if (verb === "up") command.addOption(nodes.choices(["1", "2"]));
    }
}
