import { Command, Option } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { ipFamilies } from "../sandbox/layout.ts";
import { addCompletion } from "./commands/completion.ts";
import { failureText } from "./terminal/colour.ts";
import { exitCodesText } from "./terminal/exit.ts";

/**
 * The whole command: every subcommand with its options and help. A subcommand's code is loaded when it runs, so that
 * help and completion need neither Pulumi nor the Kubernetes client.
 * @param cancel aborted by Ctrl-C and by SIGTERM
 * @returns a program that throws what commander refuses instead of ending the process; a subcommand sets
 * `process.exitCode`
 */
export function hopcostProgram(cancel: AbortSignal): Command {
    const program = new Command("hopcost")
        .description(
            "measure what it costs to hand a message from one container to another: between two Pods, or over a shared volume",
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
    addInit(program);
    addPolicies(program);
    addMetrics(program, cancel);
    addSandbox(program, cancel);
    addCompletion(program); // knows the commands above
    return program;
}

/** Adds the options that choose a stack: by its file, or by a context. */
function choosesStack(command: Command): Command {
    return command
        .option("--stack <name>", "stack file to use: Pulumi.<name>.yaml", "dev")
        .addOption(new Option("--context <name>", "kubeconfig context to use, without a stack file").conflicts("stack"))
        .option("--kubeconfig <file>", "kubeconfig with that context (default: where kubectl looks)");
}

function addRun(program: Command, cancel: AbortSignal): void {
    choosesStack(program.command("run"))
        .description("deploy both topologies, measure, show the verdict, save the results, and clean up")
        .option("--profile <name>", "quick, standard or full (default: as set in the stack file)")
        .option(
            "--scenarios <list>",
            "failures, rollouts and scaling to inject after the trials: names, a group, or all (default: as set in the stack file)",
        )
        .option("--json", "print only the results on stdout, as JSON")
        .option("--keep", "keep the stack deployed and the sandbox running afterwards")
        .addHelpText("after", "\nExample:\n  $ hopcost run --context minikube --profile standard")
        .action(async (options) => {
            const { run } = await import("./commands/run.ts");
            process.exitCode = await run(options, cancel);
        });
}

function addReport(program: Command): void {
    program
        .command("report")
        .description("write a report of saved runs, recomputed from their raw trials: report.html in the run's folder")
        .argument("[runs...]", "run folders, run ids or result files; - for stdin (default: the newest in results/)")
        .addOption(
            new Option("--format <name>", "html is written to a file, the others are printed")
                .choices(["html", "text", "markdown", "csv", "json", "openmetrics"])
                .default("html"),
        )
        .option("--json", "the same as --format json")
        .option("--output <file>", "write the report to this file; - for stdout")
        .option("--plots <folder>", "also write each plot of the run to this folder as SVG")
        .addHelpText("after", "\nExample:\n  $ hopcost report results/20261121-063200-3fa2 --format markdown")
        .action(async (runs, options) => {
            const { report } = await import("./commands/report.ts");
            process.exitCode = await report(runs, options);
        });
}

function addCompare(program: Command): void {
    program
        .command("compare")
        .description("compare two runs, or two sets of runs: what changed, with confidence intervals")
        .argument("<a>", "the baseline: a run's folder or id, a file, or several joined by commas (a1,a2,a3)")
        .argument("<b>", "the run or runs to compare with it")
        .option("--allow-different", "compare even if measured under different conditions")
        .option("--json", "print the comparison on stdout as JSON")
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
        .description("check a run against limits, for CI: exits 99 if any limit is exceeded")
        .argument("[run]", "the run's folder or id, or a result file (default: the newest in results/)")
        .option("--max-ratio <limit>", "maximum volume / network: 12, or for one size 64B=12 (repeatable)", each)
        .option("--max-p99 <limit>", "maximum p99: 5ms, or e.g. network/cluster-ip@64B=2ms (repeatable)", each)
        .option("--max-change <limit>", "maximum p50 increase: 10%, or e.g. volume/chokidar=20% (repeatable)", each)
        .option("--max-outage <limit>", "maximum median outage of a scenario: delete-pod=5s (repeatable)", each)
        .option(
            "--max-failed <limit>",
            "maximum messages of a scenario that never arrive, per injection: not-ready=0 (repeatable)",
            each,
        )
        .option(
            "--max-start-up <time>",
            "maximum time from creating the Pods until messages are acknowledged: 3s, short for --max-outage start-up=3s",
            each,
        )
        .option("--baseline <run>", "the run that --max-change is relative to, or several joined by commas")
        .option("--allow-different", "accept a baseline measured under different conditions")
        .option("--strict", "fail checks that can't be decided")
        .option("--junit <file>", "also write the outcome as JUnit XML; - prints only that")
        .option("--json", "print the outcome on stdout as JSON")
        .addHelpText(
            "after",
            "\nExample:\n  $ hopcost check --max-ratio 15 --max-change 10% --baseline main.json --junit junit.xml\n  $ hopcost check --max-outage delete-pod=5s --max-failed not-ready=0 --max-start-up 3s",
        )
        .action(async (run, options) => {
            const { check } = await import("./commands/check.ts");
            process.exitCode = check(run, options);
        });
}

function addDoctor(program: Command, cancel: AbortSignal): void {
    choosesStack(program.command("doctor"))
        .description(
            "check what a run needs (tools, cluster, permissions, capacity) within 15 s, and say how to fix it",
        )
        .option("--json", "print only the checks on stdout, as JSON")
        .addHelpText("after", "\nExample:\n  $ hopcost doctor --context minikube")
        .action(async (options) => {
            const { doctor } = await import("./commands/doctor.ts");
            process.exitCode = await doctor(options, cancel);
        });
}

function addInit(program: Command): void {
    program
        .command("init")
        .description("write a stack file for your cluster, with comments that say what can be set")
        .argument("[stack]", "its name: the file is Pulumi.<name>.yaml", "mine")
        .option("--context <name>", "kubeconfig context of the cluster")
        .option("--kubeconfig <file>", "kubeconfig with that context (default: where kubectl looks)")
        .addHelpText("after", "\nExample:\n  $ hopcost init staging --context staging-cluster")
        .action(async (stack, options) => {
            const { init } = await import("./commands/init.ts");
            process.exitCode = init(stack, options);
        });
}

function addPolicies(program: Command): void {
    program
        .command("policies")
        .description(
            "preview stacks with the policy pack, as manifests, without a cluster; exits 5 if a policy is violated",
        )
        .argument("[stacks...]", "names of stacks (default: all that have a file)")
        .option("--json", "print what was found on stdout as JSON")
        .addHelpText("after", "\nExample:\n  $ hopcost policies staging")
        .action(async (stacks, options) => {
            const { policies } = await import("./commands/policies.ts");
            process.exitCode = await policies(stacks, options);
        });
}

function addMetrics(program: Command, cancel: AbortSignal): void {
    choosesStack(program.command("metrics"))
        .description(
            "forward the Prometheus (and Grafana) of a deployed stack to this machine until Ctrl-C, also during a run",
        )
        .option("--json", "print the addresses on stdout as JSON")
        .addHelpText("after", "\nExample:\n  $ hopcost metrics --context minikube")
        .action(async (options) => {
            const { metrics } = await import("./commands/metrics.ts");
            process.exitCode = await metrics(options, cancel);
        });
}

function addSandbox(program: Command, cancel: AbortSignal): void {
    const sandbox = program
        .command("sandbox")
        .description("a real Kubernetes on this machine (Linux, root)")
        .addHelpText("after", "\nExample:\n  $ hopcost sandbox up");
    for (const [verb, description] of [
        ["up", "start it; the first start downloads its programs, or builds what can't be downloaded"],
        ["down", "stop it and remove everything it created outside the cache"],
        ["status", "show whether it runs, its processes and how to reach it"],
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
        const nodes = new Option(
            "--nodes <count>",
            "number of nodes (default: keep the current ones; 1 if it is down)",
        );
        const family = new Option(
            "--ip-family <name>",
            "addresses of the cluster (default: keep the current ones; ipv4)",
        );
        if (verb !== "up") continue;
        command.addOption(nodes.choices(["1", "2"])).addOption(family.choices(ipFamilies));
    }
}
