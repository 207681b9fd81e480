import { ReportError } from "../model/error.ts";
import { SandboxError } from "../sandbox/errors.ts";
import { hopcostProgram } from "./program.ts";
import { packageRoot } from "./project.ts";
import { failureText } from "./terminal/colour.ts";
import { CommandError, exitCodes } from "./terminal/exit.ts";

/** Aborted by Ctrl-C, by SIGTERM, and when the terminal is closed. */
const cancel = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => cancel.abort(new Error(signal)));

/** Why stdout stopped accepting output. The command still finishes its work. */
let unwritten: NodeJS.ErrnoException | undefined;
process.stdout.on("error", (error) => {
    unwritten = error;
});

// A closed terminal takes no progress any more. What was measured is saved all the same.
process.stderr.on("error", () => {});

try {
    await hopcostProgram(cancel.signal).parseAsync();
} catch (error) {
    process.exitCode = explain(error);
}
// Output to a pipe may still be in flight; a reader that has gone doesn't matter.
await new Promise((resolve) => process.stdout.write("", resolve));
// EPIPE is a reader that has seen enough (`| head`); anything else loses the result, e.g. a full disk.
if (unwritten !== undefined && unwritten.code !== "EPIPE") {
    console.error(failureText(`hopcost: stdout can't be written (${unwritten.message}); redirect it elsewhere`));
    process.exitCode ||= exitCodes.unexpected;
}
// Pulumi's and the Kubernetes client's sockets would keep the process alive for seconds.
process.exit();

/** Prints what went wrong and returns the exit code. */
function explain(error: unknown): number {
    if (error instanceof CommandError) {
        console.error(failureText(`hopcost: ${error.message}`));
        return error.exitCode;
    }
    if (cancel.signal.aborted) {
        console.error(failureText("hopcost: cancelled"));
        return exitCodes.cancelled;
    }
    if (error instanceof ReportError) {
        console.error(failureText(`hopcost: ${error.message}`));
        return exitCodes.configuration;
    }
    if (error instanceof SandboxError) {
        console.error(failureText(`hopcost: ${error.message}`));
        return exitCodes.preflight;
    }
    if ((error as { syscall?: string }).syscall === "uv_os_homedir") {
        // In a container started with a user id that its image doesn't know, the first module that asks for the home throws.
        const who = "HOME is not set, and this user has no entry in /etc/passwd";
        console.error(failureText(`hopcost: ${who}: set HOME to a folder that you can write`));
        return exitCodes.preflight;
    }
    const commander = error as { code?: string; exitCode?: number };
    if (commander.code?.startsWith("commander."))
        return commander.exitCode === 0 ? exitCodes.ok : exitCodes.configuration;
    console.error(failureText(`hopcost: unexpected error in ${packageRoot}; please report it:`), error);
    return exitCodes.unexpected;
}
