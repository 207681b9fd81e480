import { quoted } from "../../cli/terminal/shell-word.ts";

/**
 * Arguments of `script`, which runs a command on its own terminal and exits with its code. There is no shell in
 * between: it would also get Ctrl-C, and dash then exits 130 whatever the command's exit code.
 */
export function terminalArgs(command: readonly string[], columns = 80): string[] {
    const line = `stty cols ${columns} rows 24; exec ${command.map(quoted).join(" ")}`;
    return ["--quiet", "--return", "--command", line, "/dev/null"];
}
