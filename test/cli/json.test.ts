import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { stringify } from "yaml";
import { hopcostProgram } from "../../cli/program.ts";
import { resultsOf, saveRun } from "../../cli/saved/run-folder.ts";
import { journalOf, planOf } from "../model/fixtures.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";

/** Every subcommand that has the option `--json`. */
function withJson(command: Command, path: string[] = []): string[][] {
    const below = command.commands.flatMap((it) => withJson(it, [...path, it.name()]));
    return command.options.some(({ long }) => long === "--json") ? [path, ...below] : below;
}

describe("--json", function () {
    this.timeout(60_000);
    let folder = "";
    before(() => {
        folder = checkoutWith();
        chmodSync(folder, 0o755); // some commands are tried by another user
        const plan = planOf();
        const run = { plan, trials: journalOf(plan), injections: [], warnings: [] };
        saveRun(run, resultsOf(run), join(folder, "results"));
    });
    after(() => removeCheckout(folder));

    const hopcost = (...args: string[]) => started(process.execPath, [join(folder, "cli", "hopcost.mjs"), ...args]);
    const hopcostOfNobody = (...args: string[]) => {
        if (process.getuid?.() !== 0) return hopcost(...args);
        const user = ["--reuid=65534", "--regid=65534", "--clear-groups", process.execPath];
        return started("setpriv", [...user, join(folder, "cli", "hopcost.mjs"), ...args]);
    };
    const started = (command: string, args: string[]) =>
        spawnSync(command, args, { encoding: "utf8", cwd: folder, env: { ...process.env, HOME: folder } });

    function assertRefused({ status, stdout, stderr }: SpawnSyncReturns<string>, code: number, reason: RegExp): void {
        assert.deepEqual([status, stdout], [code, ""], stderr);
        assert.match(stderr, reason);
        assert.doesNotMatch(stderr, /^[[{]/m, "an error is shown as text");
    }

    const commands = withJson(hopcostProgram(new AbortController().signal));

    it("is an option of every command that has a result", () => {
        const names = commands.map((path) => path.join(" "));
        for (const name of ["run", "report", "metrics", "sandbox up", "sandbox down", "sandbox status"])
            assert.ok(names.includes(name), name);
    });

    for (const path of commands) {
        it(`leaves stdout empty where ${path.join(" ")} is given an unknown option`, () => {
            assertRefused(hopcost(...path, "--json", "--nonsense"), 2, /^error: unknown option '--nonsense'$/m);
        });
    }

    for (const [args, code, reason] of [
        [["run", "--stack", "nowhere"], 2, /^hopcost: There is no stack file /],
        [["run", "--profile", "fast"], 2, /hopcost:profile "fast"/],
        [["metrics", "--stack", "nowhere"], 2, /^hopcost: There is no stack file /],
        [["report", "nothing"], 2, /^hopcost: .*nothing is not a run/],
        [["sandbox", "up", "--nodes", "3"], 2, /^error: option '--nodes <count>' argument '3' is invalid/],
    ] as const) {
        it(`leaves stdout empty where ${args.join(" ")} is refused`, () => {
            assertRefused(hopcost(...args, "--json"), code, reason);
        });
    }

    for (const args of [["run"], ["metrics"]]) {
        it(`leaves stdout empty where ${args.join(" ")} reaches no server`, () => {
            const path = join(folder, "dead.yaml");
            const clusters = [{ name: "dead", cluster: { server: "https://127.0.0.1:65534" } }];
            const contexts = [{ name: "dead", context: { cluster: "dead", user: "nobody" } }];
            writeFileSync(path, stringify({ clusters, contexts, users: [{ name: "nobody", user: {} }] }));
            setConfig(folder, { "kubernetes:context": "dead", "kubernetes:kubeconfig": path });
            assertRefused(hopcost(...args, "--json"), 3, /^hopcost: Context "dead": https:\/\/127\.0\.0\.1:65534 /m);
        });
    }

    for (const verb of ["up", "down"]) {
        it(`leaves stdout empty where sandbox ${verb} lacks the rights`, () => {
            assertRefused(hopcostOfNobody("sandbox", verb, "--json"), 3, /^hopcost: .*root/m);
        });
    }

    it("prints nothing but the results of report", () => {
        const { status, stdout } = hopcost("report", "--json");
        const saved = readFileSync(join(folder, "results", planOf().runId, "results.json"), "utf8");
        assert.deepEqual([status, stdout], [0, saved]);
    });

    it("prints nothing but the state of the sandbox, also where colours are forced", () => {
        process.env.FORCE_COLOR = "1";
        try {
            const { stdout } = hopcost("sandbox", "status", "--json");
            assert.match(JSON.parse(stdout).state, /^(up|down|broken)$/);
        } finally {
            delete process.env.FORCE_COLOR;
        }
    });
});
