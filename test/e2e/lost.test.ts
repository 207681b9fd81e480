import assert from "node:assert/strict";
import { sandboxDown, sandboxStatus, sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { buildMs } from "../support/build-limit.ts";
import { checkoutWith, removeCheckout, setConfig } from "../support/checkout.ts";
import { hopcost, start } from "../support/command.ts";
import { eventually, finishedTrials, namespaces, newestResults, shortRun } from "./support.ts";

const namespace = "hopcost-lost";

describe("hopcost run, when the cluster goes away", function () {
    this.timeout(buildMs);
    let folder = "";
    before(async () => void (await sandboxUp(() => {})));
    after(() => sandboxDown(() => {}));
    beforeEach(() => {
        folder = checkoutWith({
            ...shortRun,
            "hopcost:namespace": namespace,
            "hopcost:rounds": 20,
        });
    });
    afterEach(() => removeCheckout(folder));

    const pidOf = async (program: string): Promise<number> => {
        const { processes } = await sandboxStatus();
        return processes.find(({ name }) => name === program)?.pid ?? assert.fail(program);
    };
    const says = (running: ReturnType<typeof hopcost>, pattern: RegExp, seconds: number) =>
        eventually(`${pattern}`, seconds, async () => (pattern.test(running.output.stderr) ? true : undefined));

    it("says so within 30 s and goes on when it is back; cancelled without it, ends with all finished trials", async () => {
        const apiServer = await pidOf("kube-apiserver");
        const running = hopcost(folder, "run");
        await finishedTrials(1, namespace);
        process.kill(apiServer, "SIGSTOP");
        try {
            await says(running, /The API server \S+ has not answered since \d\d:\d\d:\d\d \(.*\); .* until \d\d:/, 30);
            process.kill(apiServer, "SIGCONT");
            await finishedTrials(4, namespace);
            process.kill(apiServer, "SIGSTOP");
            process.kill(running.pid, "SIGINT");
            const { code, stderr } = await running.ended;
            assert.equal(code, 8, stderr);
            assert.match(stderr, /namespace hopcost-lost of context hopcost-sandbox \(the API server doesn't answer\)/);
            const { trials } = newestResults(folder);
            assert.ok(trials.ok + trials.noisy >= 3, JSON.stringify(trials));
            process.kill(apiServer, "SIGCONT");
            const command = /Remove it with:\n {2}(cd .*)/.exec(stderr)?.[1] ?? "no command";
            await eventually("the command to remove it", 60, async () =>
                (await start("sh", ["-c", command], folder).ended).code === 0 ? true : undefined,
            );
            assert.ok(!(await namespaces()).includes(namespace));
        } finally {
            process.kill(apiServer, "SIGCONT");
        }
    });

    it("collects complete results although the kubelet, and so the Job, never reports their end", async () => {
        setConfig(folder, { "hopcost:rounds": 3 });
        const running = hopcost(folder, "run");
        await finishedTrials(1, namespace);
        process.kill(await pidOf("kubelet"), "SIGKILL");
        await says(running, /Collecting the results/, 90);
        await sandboxUp(() => {}); // the stack can't be removed without it
        const { code, stderr } = await running.ended;
        assert.equal(code, 0, stderr);
        assert.equal(newestResults(folder).complete, true);
        assert.ok(!(await namespaces()).includes(namespace));
    });
});
