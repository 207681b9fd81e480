import { quoted } from "../../cli/terminal/shell-word.ts";

/**
 * Arguments of `script`, which runs a command on a terminal of its own and ends with its exit code. No shell stands between: it
 * would get Ctrl-C as well, and dash then ends with 130 whatever the command's exit code was.
 */
export function terminalArgs(command: readonly string[], columns = 80): string[] {
    const line = `stty cols ${columns} rows 24; exec ${command.map(quoted).join(" ")}`;
    return ["--quiet", "--return", "--command", line, "/dev/null"];
}
