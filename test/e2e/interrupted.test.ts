import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Check } from "../../cli/checks/check.ts";
import { parseResults } from "../../model/parse.ts";
import { sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { hopcost, start } from "../support/command.ts";
import { terminalArgs } from "../support/terminal.ts";
import {
    eventually,
    finishedTrials,
    minutes,
    namespaces,
    newestResults,
    newestRun,
    removeNamespace,
    sandboxClients,
    shortRun,
} from "./support.ts";

const namespace = "hopcost-interrupted";
const fourRounds = { ...shortRun, "hopcost:namespace": namespace, "hopcost:rounds": 4 };

describe("hopcost run, when it is interrupted", function () {
    this.timeout(minutes(5));
    let folder = "";

    before(async () => void (await sandboxUp(() => {})));
    beforeEach(() => {
        folder = checkoutWith(fourRounds);
    });
    afterEach(async () => {
        await removeNamespace(namespace); // a killed run leaves it, and so does a test that fails half-way
        removeCheckout(folder);
    });

    it("keeps and reports every finished trial of a killed driver, exits 4 and cleans up", async () => {
        const running = hopcost(folder, "run", "--json");
        await finishedTrials(2, namespace);
        const core = sandboxClients().core;
        const { items } = await core.listNamespacedPod({ namespace, labelSelector: "job-name" });
        await core.deleteNamespacedPod({ namespace, name: items[0]?.metadata?.name ?? "", gracePeriodSeconds: 0 });
        const { code, stdout, stderr } = await running.ended;
        assert.equal(code, 4, stderr);
        const results = newestResults(folder);
        assert.deepEqual(JSON.parse(stdout), results); // and nothing else on stdout
        assert.equal(results.complete, false);
        assert.ok(results.trials.ok + results.trials.noisy >= 2, JSON.stringify(results.trials));
        assert.ok(results.cells.length > 0);
        assert.ok(!(await namespaces()).includes(namespace));
    });

    it("collects the results so far when it is cancelled, exits 8 and cleans up", async () => {
        const running = hopcost(folder, "run");
        await finishedTrials(2, namespace);
        process.kill(running.pid, "SIGINT");
        const { code, stderr } = await running.ended;
        assert.equal(code, 8, stderr);
        const { trials } = newestResults(folder);
        assert.ok(trials.ok + trials.noisy >= 2);
        assert.ok(!(await namespaces()).includes(namespace));
    });

    it("is cancelled when its terminal is closed, with the results so far, and leaves nothing", async () => {
        const command = [process.execPath, join(folder, "cli", "hopcost.mjs"), "run"];
        const terminal = spawn("script", terminalArgs(command), { cwd: folder, stdio: "ignore" });
        await finishedTrials(2, namespace);
        terminal.kill("SIGKILL"); // which closes the terminal
        await eventually("the end of the run", 60, async () =>
            (await namespaces()).includes(namespace) ? undefined : true,
        );
        const { trials } = newestResults(folder);
        assert.ok(trials.ok + trials.noisy >= 2);
        const doctor = await hopcost(folder, "doctor", "--json").ended;
        const state = (JSON.parse(doctor.stdout) as { checks: Check[] }).checks.find(({ id }) => id === "state");
        assert.equal(state?.state, "ok", state?.detail);
    });

    it("finishes and saves what it measures if only its launcher is killed", async () => {
        setConfig(folder, { "hopcost:rounds": 1 });
        const running = hopcost(folder, "run");
        await finishedTrials(1, namespace);
        process.kill(running.pid, "SIGKILL");
        await eventually("complete results", 90, async () => {
            const isSaved = existsSync(join(newestRun(folder), "results.json"));
            return isSaved && !(await namespaces()).includes(namespace) ? true : undefined;
        });
        assert.equal(newestResults(folder).complete, true);
    });

    it("names the lock of a killed run, with the command that unlocks the stack; the next run saves all that it measured", async () => {
        setConfig(folder, { "hopcost:rounds": 2 });
        const killed = hopcost(folder, "run");
        await eventually("a copy of a trial", 120, async () => (existsSync(newestRun(folder)) ? true : undefined));
        const children = (await start("pgrep", ["-P", String(killed.pid)], folder).ended).stdout.trim().split("\n");
        for (const pid of [killed.pid, ...children.map(Number)]) process.kill(pid, "SIGKILL");
        await killed.ended;
        const refused = await hopcost(folder, "run").ended;
        assert.equal(refused.code, 3, refused.stderr);
        assert.match(refused.stderr, /Stack "dev" is locked by another run \(created by root@\S+ \(pid \d+\) at /);
        const unlock = refused.stderr.split("\n").find((line) => line.startsWith("  cd ")) ?? "no command";
        const doctor = await hopcost(folder, "doctor").ended;
        assert.equal(doctor.code, 3, doctor.stderr);
        assert.match(doctor.stdout, /is locked by a run whose process is gone \(created by root@\S+ \(pid \d+\) at /);
        assert.ok(doctor.stdout.includes(`${unlock.trim()}\n`), doctor.stdout);
        assert.equal((await start("sh", ["-c", unlock], folder).ended).code, 0, unlock);
        const killedRun = newestRun(folder);
        const labelSelector = `hopcost.io/kind=trial,hopcost.io/run-id=${basename(killedRun)}`;
        const { items } = await sandboxClients().core.listNamespacedConfigMap({ namespace, labelSelector });
        assert.ok(!existsSync(join(killedRun, "results.json")));
        const { code, stderr } = await hopcost(folder, "run").ended;
        assert.equal(code, 0, stderr);
        // It found the killed run's stack deployed, so it left it deployed, and saved what the driver measured without a command.
        assert.ok((await namespaces()).includes(namespace));
        const { trials } = parseResults(readFileSync(join(killedRun, "results.json"), "utf8"));
        assert.ok(trials.ok + trials.noisy >= items.length, `${JSON.stringify(trials)} of ${items.length}`);
    });
});
