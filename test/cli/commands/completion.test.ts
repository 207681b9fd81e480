import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { Command } from "commander";
import { hopcostProgram } from "../../../cli/program.ts";
import { projectRoot } from "../../../cli/project.ts";
import { checkoutWith, removeCheckout } from "../../support/checkout.ts";
import { ensureInstalled, installMs } from "../../support/debian.ts";

/** The packages that a press of Tab may load: Pulumi or the Kubernetes client would take too long. */
const packages = ["commander", "@bomb.sh/tab", "node", "yaml"];
const runs = ["20261121-063200-3fa2", "20261122-063200-aaaa"];
const shells = ["bash", "zsh", "fish"] as const;

describe("hopcost completion", function () {
    this.timeout(60_000);
    let folder = "";
    let env: NodeJS.ProcessEnv = {};
    before(async function () {
        this.timeout(installMs);
        for (const shell of ["zsh", "fish"]) await ensureInstalled(`/usr/bin/${shell}`, shell);
        folder = checkoutWith();
        rmSync(join(folder, "node_modules"));
        for (const name of packages) {
            const link = join(folder, "node_modules", name);
            mkdirSync(dirname(link), { recursive: true });
            symlinkSync(join(projectRoot, "node_modules", name), link);
        }
        for (const run of [...runs, "not-a-run"]) mkdirSync(join(folder, "results", run), { recursive: true });
        for (const run of runs) writeFileSync(join(folder, "results", run, "plan.json"), "{}");
        mkdirSync(join(folder, "bin"));
        symlinkSync(join(folder, "cli", "hopcost.mjs"), join(folder, "bin", "hopcost"));
        // In the locale C, which CI has, fish runs nothing at a path that isn't ASCII.
        env = { ...process.env, LC_ALL: "C.UTF-8", PATH: [join(folder, "bin"), process.env.PATH].join(delimiter) };
        const contexts = ["kind-a", "kind-b"].map((name) => ({ name, context: {} }));
        writeFileSync(join(folder, "kubeconfig"), JSON.stringify({ contexts }));
        env.KUBECONFIG = join(folder, "kubeconfig");
        for (const shell of shells) writeFileSync(join(folder, `completion.${shell}`), scriptFor(shell));
    });
    after(() => removeCheckout(folder));

    /** The output of the command in the checkout under test, which has all packages. */
    function scriptFor(shell: string): string {
        const main = [join(projectRoot, "cli", "hopcost.mjs"), "completion", shell];
        return spawnSync(process.execPath, main, { encoding: "utf8" }).stdout;
    }

    function ask(shell: string, args: string[]): { proposed: string[]; stderr: string } {
        const { stdout, stderr } = spawnSync(shell, args, { encoding: "utf8", cwd: folder, env });
        return { proposed: stdout.split("\n").filter((line) => line !== ""), stderr };
    }

    /** What bash proposes for the last of these words, as it splits them itself. */
    function inBash(...words: string[]): string[] {
        const script = `source ./completion.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hopcost; printf '%s\\n' "\${COMPREPLY[@]}"`;
        const { proposed, stderr } = ask("bash", ["--norc", "--noprofile", "-c", script, "bash", "hopcost", ...words]);
        assert.equal(stderr, "");
        return proposed;
    }

    function everyCommand(command: Command, path: string[] = []): { path: string[]; command: Command }[] {
        const below = command.commands.filter((it) => it.name() !== "complete");
        return [{ path, command }, ...below.flatMap((it) => everyCommand(it, [...path, it.name()]))];
    }

    for (const { path, command } of everyCommand(hopcostProgram(new AbortController().signal))) {
        it(`proposes in bash what comes after ${["hopcost", ...path].join(" ")}`, () => {
            const help = command.createHelp();
            const options = help.visibleOptions(command).map(({ long }) => long ?? "");
            assert.deepEqual(inBash(...path, "--"), options);
            const commands = help.visibleCommands(command).map((it) => it.name());
            if (commands.length > 0) assert.deepEqual(inBash(...path, ""), commands);
        });
    }

    const stacks = ["dev", "eks", "k3d", "minikube"];
    for (const [words, proposed] of [
        [["ru"], ["run"]],
        [["run", "--stack", ""], stacks],
        [["run", "--json", "--stack", "m"], ["minikube"]],
        [
            ["doctor", "--context", ""],
            ["kind-a", "kind-b"],
        ],
        [["run", "--stack", "="], stacks],
        [["run", "--stack", "=", "e"], ["eks"]],
        [["run", "--stack", "=", "eks", "--pro"], ["--profile"]],
        [
            ["run", "--profile", ""],
            ["quick", "standard", "full"],
        ],
        [
            ["sandbox", "up", "--nodes", ""],
            ["1", "2"],
        ],
        [["report", ""], runs.toReversed()],
        [["report", "--json", "20261121"], ["20261121-063200-3fa2"]],
        [["completion", "z"], ["zsh"]],
        [["help", "sa"], ["sandbox"]],
        [
            ["sandbox", "help", ""],
            ["up", "down", "status", "help"],
        ],
        [["nowhere", ""], []],
    ] as const) {
        it(`proposes ${proposed.join(", ") || "nothing"} for hopcost ${words.join(" ")}`, () => {
            assert.deepEqual(inBash(...words), proposed);
        });
    }

    it("runs nothing of what was typed so far", () => {
        inBash("run", "$(touch typed)", "--stack", "`touch typed`");
        assert.equal(existsSync(join(folder, "typed")), false);
    });

    it("may be sourced twice in bash", () => {
        const script = "source ./completion.bash; source ./completion.bash; complete -p hopcost";
        const { proposed, stderr } = ask("bash", ["--norc", "--noprofile", "-c", script]);
        assert.deepEqual([proposed, stderr], [["complete -F _hopcost hopcost"], ""]);
    });

    for (const shell of shells) {
        it(`prints a script that ${shell} can read`, () => {
            const { status, stderr } = spawnSync(shell, ["-n", join(folder, `completion.${shell}`)], {
                encoding: "utf8",
            });
            assert.deepEqual([status, stderr], [0, ""]);
            assert.match(scriptFor(shell), /\bhopcost complete -- /);
        });
    }

    it("completes in fish", () => {
        const script = 'source ./completion.fish; complete -C "hopcost run --stack m"';
        assert.deepEqual(ask("fish", ["--no-config", "-c", script]).proposed, ["minikube\tPulumi.minikube.yaml"]);
    });

    it("refuses a shell it has no script for, and prints nothing", () => {
        const command = [join(projectRoot, "cli", "hopcost.mjs"), "completion", "tcsh"];
        const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
        assert.deepEqual(
            [status, stdout, stderr],
            [
                2,
                "",
                "error: command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are zsh, bash, fish, powershell.\n(see hopcost --help)\n",
            ],
        );
    });
});
