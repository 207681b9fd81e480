import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseResults } from "../../model/parse.ts";
import { sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { hopcost, start } from "../support/command.ts";
import { terminalArgs } from "../support/terminal.ts";
import { doctorOf } from "./diagnosis.ts";
import {
    childrenOf,
    copiedTrials,
    eventually,
    finishedTrials,
    minutes,
    namespaces,
    newestResults,
    newestRun,
    removeNamespace,
    sandboxClients,
    shortRun,
    untilEnded,
} from "./support.ts";

const namespace = "hopcost-interrupted";
const fourRounds = { ...shortRun, "hopcost:namespace": namespace, "hopcost:rounds": 4 };

describe("hopcost run, when it is interrupted", function () {
    this.timeout(minutes(8));
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

    it("is cancelled when its terminal is closed, with the results so far, and leaves nothing", async () => {
        const command = [process.execPath, join(folder, "cli", "hopcost.mjs"), "run"];
        const terminal = spawn("script", terminalArgs(command), { cwd: folder, stdio: "ignore" });
        await finishedTrials(2, namespace);
        const [launcher] = await childrenOf(terminal.pid ?? assert.fail("no terminal"));
        terminal.kill("SIGKILL"); // which closes the terminal
        await untilEnded(launcher ?? assert.fail("no run"), "the run");
        assert.ok(!(await namespaces()).includes(namespace));
        const { trials } = newestResults(folder);
        assert.ok(trials.ok + trials.noisy >= 2);
        const { checks } = await doctorOf(folder);
        const state = checks.find(({ id }) => id === "state");
        assert.equal(state?.state, "ok", state?.detail);
    });

    it("names the lock of a killed run, with the command that unlocks the stack; the next run saves what both measured, even if its launcher is killed", async () => {
        setConfig(folder, { "hopcost:arms": "network/cluster-ip, volume/chokidar", "hopcost:rounds": 2 });
        const killed = hopcost(folder, "run");
        await copiedTrials(1, folder);
        for (const pid of [killed.pid, ...(await childrenOf(killed.pid))]) process.kill(pid, "SIGKILL");
        await killed.ended;
        const refused = await hopcost(folder, "run").ended;
        assert.equal(refused.code, 3, refused.stderr);
        assert.match(refused.stderr, /Stack "dev" is locked by another run \(created by root@\S+ \(pid \d+\) at /);
        const unlock = refused.stderr.split("\n").find((line) => line.startsWith("  cd ")) ?? "no command";
        const doctor = await doctorOf(folder);
        assert.equal(doctor.code, 3, doctor.stderr);
        const { detail = "", remedy = "" } = doctor.checks.find(({ id }) => id === "state") ?? {};
        assert.match(detail, /is locked by a run whose process is gone \(created by root@\S+ \(pid \d+\) at /);
        assert.ok(remedy.includes(`\n${unlock}`), remedy);
        assert.equal((await start("sh", ["-c", unlock], folder).ended).code, 0, unlock);
        const killedRun = newestRun(folder);
        const labelSelector = `hopcost.io/kind=trial,hopcost.io/run-id=${basename(killedRun)}`;
        const { items } = await sandboxClients().core.listNamespacedConfigMap({ namespace, labelSelector });
        assert.ok(!existsSync(join(killedRun, "results.json")));
        const next = hopcost(folder, "run");
        const measures = eventually("a trial of the next run", 180, async () =>
            newestRun(folder) === killedRun ? undefined : true,
        );
        await Promise.race([measures, next.ended.then(({ code, stderr }) => assert.fail(`${code}: ${stderr}`))]);
        const [command] = await childrenOf(next.pid);
        process.kill(next.pid, "SIGKILL");
        await untilEnded(command ?? assert.fail(next.output.stderr), "the next run");
        assert.equal(newestResults(folder).complete, true);
        // It found the killed run's stack deployed, so it left it deployed, and saved what the driver measured without a command.
        assert.ok((await namespaces()).includes(namespace));
        const { trials } = parseResults(readFileSync(join(killedRun, "results.json"), "utf8"));
        assert.ok(trials.ok + trials.noisy >= items.length, `${JSON.stringify(trials)} of ${items.length}`);
    });
});
