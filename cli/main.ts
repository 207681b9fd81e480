import { Command, Option } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { ReportError } from "../report/error.ts";
import { SandboxError } from "../sandbox/errors.ts";
import { CommandError, exitCodes } from "./exit.ts";
import { projectRoot } from "./project.ts";

/** Aborted by Ctrl-C and by SIGTERM. */
const cancel = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => cancel.abort(new Error(signal)));

// Whoever read the output has gone (`| head`); what was begun is still ended properly.
process.stdout.on("error", () => {});

const program = new Command("hopcost")
    .description("What does it cost to hand a message from one container to another: two Pods, or one shared volume?")
    .version(packageJson.version)
    .showHelpAfterError("(see hopcost --help)")
    .exitOverride();

program
    .command("run")
    .description("deploy both topologies, measure, show the verdict, save the results, and clean up")
    .option("--stack <name>", "stack file to use: Pulumi.<name>.yaml", "dev")
    .option("--profile <name>", "quick, standard or full (default: what the stack file says)")
    .option("--json", "print the results as JSON on stdout, and nothing else there")
    .option("--keep", "leave the deployed stack, and the sandbox, as they are afterwards")
    .addHelpText("after", "\nExample:\n  $ hopcost run --stack minikube --profile standard")
    .action(async (options) => {
        const { run } = await import("./run.ts");
        process.exitCode = await run(options, cancel.signal);
    });

program
    .command("report")
    .description("write a report of saved runs, computed again from their raw blocks: report.html beside the run")
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
        const { report } = await import("./report.ts");
        process.exitCode = await report(runs, options);
    });

program
    .command("metrics")
    .description("look at the Prometheus (and Grafana) of a deployed stack, also while a run goes on; until Ctrl-C")
    .option("--stack <name>", "stack file to use: Pulumi.<name>.yaml", "dev")
    .option("--json", "print the addresses as JSON on stdout")
    .addHelpText("after", "\nExample:\n  $ hopcost metrics --stack minikube")
    .action(async (options) => {
        const { metrics } = await import("./metrics.ts");
        process.exitCode = await metrics(options, cancel.signal);
    });

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
            const commands = await import("./sandbox.ts");
            process.exitCode = await commands[verb](options);
        });
    const nodes = new Option("--nodes <count>", "nodes to have (default: those it has; 1 where it is down)");
    if (verb === "up") command.addOption(nodes.choices(["1", "2"]));
}

try {
    await program.parseAsync();
} catch (error) {
    process.exitCode = explain(error);
}
// What goes into a pipe may still be on its way; a reader that is gone is of no account.
await new Promise((resolve) => process.stdout.write("", resolve));
// Pulumi's and the Kubernetes client's sockets would keep the process alive for seconds.
process.exit();

/** Tells what went wrong and returns the exit code. */
function explain(error: unknown): number {
    if (error instanceof CommandError) {
        console.error(`hopcost: ${error.message}`);
        return error.exitCode;
    }
    if (cancel.signal.aborted) {
        console.error("hopcost: cancelled");
        return exitCodes.cancelled;
    }
    if (error instanceof ReportError) {
        console.error(`hopcost: ${error.message}`);
        return exitCodes.configuration;
    }
    if (error instanceof SandboxError) {
        console.error(`hopcost: ${error.message}`);
        return exitCodes.preflight;
    }
    const commander = error as { code?: string; exitCode?: number };
    if (commander.code?.startsWith("commander."))
        return commander.exitCode === 0 ? exitCodes.ok : exitCodes.configuration;
    console.error(`hopcost: unexpected error in ${projectRoot}; please report it:`, error);
    return exitCodes.unexpected;
}
