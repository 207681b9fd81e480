import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type OptionHandler, script } from "@bomb.sh/tab";
import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import type { Profile } from "../../model/profiles.ts";
import { runIds } from "../saved/run-ids.ts";
import { stackNames } from "../stack/stack-names.ts";

const require = createRequire(import.meta.url);

/** What each profile measures; repeated here because the profiles take too long to load for a press of Tab. */
const profiles: Record<Profile, string> = {
    quick: "a first look",
    standard: "every arm",
    full: "every arm at every size",
};

/** Our own script; it says why. The library has those for the other shells. */
const bashScript = new URL("./completion.bash", import.meta.url);

/** Values to propose for options that have no choices in commander, by option name. */
const optionValues: Record<string, OptionHandler> = {
    stack: (propose) => {
        for (const name of stackNames()) propose(name, `Pulumi.${name}.yaml`);
    },
    context: (propose) => {
        // Only this needs a reader of YAML.
        const { knownContexts } = require("../cluster/kube-files.ts") as typeof import("../cluster/kube-files.ts");
        for (const name of knownContexts()) propose(name, "");
    },
    profile: (propose) => {
        for (const [name, what] of Object.entries(profiles)) propose(name, what);
    },
};

/**
 * Adds `hopcost completion <shell>`, which prints a script for that shell, and the hidden `hopcost complete`, which the
 * script calls. Both read commands, options and choices from the program, so all commands must be added before. An
 * argument without choices is assumed to be a saved run.
 */
export function addCompletion(program: Command): void {
    const { commands } = tab(program, { completionCommandName: "completion" });
    for (const [path, { options, arguments: args }] of commands) {
        for (const [name, handler] of Object.entries(optionValues)) {
            const option = options.get(name);
            if (option) option.handler = handler;
        }
        const parent = /^(.*?) ?\bhelp$/.exec(path)?.[1];
        for (const argument of args.values()) {
            argument.handler ??= (propose) => {
                const values = parent === undefined ? runIds() : subcommands([...commands.keys()], parent);
                for (const value of values) propose(value, "");
            };
        }
    }
    program.commands
        .find((command) => command.name() === "completion")
        ?.description("print a script that completes commands, options and their values in a shell")
        .addHelpText("after", "\nExample:\n  $ source <(hopcost completion bash)")
        .action((shell: string) => {
            if (shell === "bash") process.stdout.write(readFileSync(bashScript));
            else script(shell, "hopcost", "hopcost");
        });
}

/** The arguments of `hopcost help` and `hopcost sandbox help`: the commands directly below `parent`. */
function subcommands(paths: readonly string[], parent: string): string[] {
    const words = parent === "" ? [] : parent.split(" ");
    const below = paths.map((path) => path.split(" ")).filter((path) => path.length === words.length + 1);
    return below.filter((path) => words.every((word, index) => word === path[index])).map((path) => path.at(-1) ?? "");
}
