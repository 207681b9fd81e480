import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { projectRoot } from "../../cli/project.ts";
import { terminalArgs } from "../support/terminal.ts";

/** A user's terminal: Node shows no colours if CI is set. */
const terminal = { TERM: "xterm-256color", NO_COLOR: undefined, FORCE_COLOR: undefined, CI: undefined };

/** What a command shows on a terminal, both streams interleaved, and how it ends. */
function onTerminal(
    command: string[],
    env: NodeJS.ProcessEnv = {},
    columns = 80,
): { status: number | null; shown: string } {
    const { status, stdout } = spawnSync("script", terminalArgs(command, columns), {
        encoding: "utf8",
        env: { ...process.env, ...terminal, ...env },
    });
    return { status, shown: stdout.replaceAll("\r\n", "\n") };
}

function inPipe(command: string[], env: NodeJS.ProcessEnv = {}): { status: number | null; shown: string } {
    const [file = "", ...args] = command;
    const options = { encoding: "utf8", env: { ...process.env, ...terminal, ...env } } as const;
    const { status, stdout, stderr } = spawnSync(file, args, options);
    return { status, shown: stdout + stderr };
}

describe("on a terminal, the command", function () {
    this.timeout(30_000);
    const mistaken = [process.execPath, join(projectRoot, "cli", "hopcost.mjs"), "run", "--profil", "quick"];
    const plain = "error: unknown option '--profil'\n(Did you mean --profile?)\n(see hopcost --help)\n";
    const red = plain.replace("error:", "\x1b[31merror:\x1b[39m");

    for (const [title, run, env, shown] of [
        ["shows an error in red", onTerminal, {}, red],
        ["heeds NO_COLOR", onTerminal, { NO_COLOR: "1" }, plain],
        ["heeds TERM=dumb", onTerminal, { TERM: "dumb" }, plain],
        ["heeds FORCE_COLOR=0", onTerminal, { FORCE_COLOR: "0" }, plain],
        ["shows no colour in a pipe", inPipe, {}, plain],
        ["heeds FORCE_COLOR in a pipe", inPipe, { FORCE_COLOR: "1" }, red],
    ] as const) {
        it(title, () => assert.deepEqual(run(mistaken, env), { status: 2, shown }));
    }

    it("shows its own refusals in red as well", () => {
        const command = [process.execPath, join(projectRoot, "cli", "hopcost.mjs"), "metrics", "--stack", "minkube"];
        const path = join(projectRoot, "Pulumi.minkube.yaml");
        const text = `There is no stack file ${path}; stacks here: dev, eks, k3d, minikube. Did you mean --stack minikube?`;
        assert.deepEqual(onTerminal(command), { status: 2, shown: `\x1b[31mhopcost:\x1b[39m ${text}\n` });
    });

    it("does not wait for results to be typed", () => {
        const command = [process.execPath, join(projectRoot, "cli", "hopcost.mjs"), "report", "-"];
        const text =
            "standard input is a terminal, expected results as JSON; use e.g. pulumi stack output results --json | hopcost report -";
        assert.deepEqual(onTerminal(command), { status: 2, shown: `\x1b[31mhopcost:\x1b[39m ${text}\n` });
    });
});

describe("a step with a known share", function () {
    this.timeout(30_000);
    let folder = "";
    before(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-terminal-"));
    });
    after(() => rmSync(folder, { recursive: true }));

    /** A process that shows a step and ends well, or with the message of the failure as its only line on stdout. */
    function showing(work: string): string[] {
        const path = join(folder, "step.ts");
        const steps = JSON.stringify(join(projectRoot, "cli", "terminal", "steps.ts"));
        const pause = "const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));";
        writeFileSync(
            path,
            `import { step } from ${steps};\n${pause}\nawait step("Run", async (show) => {${work}});\n`,
        );
        return [process.execPath, path];
    }
    const measuring = `show("measuring, 12s left: ${"x".repeat(80)}", 0.5); await pause(300);`;

    it("has a bar on one line of the terminal, and ends with its title and time", () => {
        const { status, shown } = onTerminal(showing(measuring));
        const lines = stripVTControlCharacters(shown).split("\n");
        const bars = new Set(lines.filter((line) => line.includes("█")));
        assert.deepEqual([...bars], [`  › ██████████░░░░░░░░░░ 50% measuring, 12s left: ${"x".repeat(27)}…`]);
        assert.equal(lines.filter((line) => line !== "").at(-1), "✔ Run (0s)");
        assert.equal(status, 0);
    });

    it("is a log without a bar in a pipe, on a dumb terminal and on one of unknown width", () => {
        const shown = `> Run\n  50% measuring, 12s left: ${"x".repeat(80)}\n  done in 0s\n`;
        assert.deepEqual(inPipe(showing(measuring)), { status: 0, shown });
        assert.deepEqual(onTerminal(showing(measuring), { TERM: "dumb" }), { status: 0, shown });
        assert.deepEqual(onTerminal(showing(measuring), {}, 0), { status: 0, shown });
    });

    it("leaves reporting the error to its caller", () => {
        const { status, shown } = onTerminal(showing('throw new Error("no " + "room");'));
        assert.equal(status, 1);
        assert.equal(stripVTControlCharacters(shown).match(/no room/g)?.length, 1, shown);
        assert.match(stripVTControlCharacters(shown), /^✖ Run \(0s\)$/m);
    });
});
