import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout } from "../support/checkout.ts";
import { hopcost } from "../support/command.ts";
import {
    eventually,
    finishedTrials,
    minutes,
    namespaces,
    newestResults,
    removeNamespace,
    sandboxClients,
    shortRun,
} from "./support.ts";

const namespace = "hopcost-owned";
const settings = { ...shortRun, "hopcost:namespace": namespace, "hopcost:rounds": 1, "hopcost:maxRounds": 1 };

describe("the namespace of a run", function () {
    this.timeout(minutes(5));
    let folders: string[] = [];
    const checkout = (more: Record<string, unknown>) => {
        const folder = checkoutWith({ ...settings, ...more });
        folders.push(folder);
        return folder;
    };

    before(async () => void (await sandboxUp(() => {})));
    beforeEach(() => {
        folders = [];
    });
    afterEach(async () => {
        await removeNamespace(namespace);
        for (const folder of folders) removeCheckout(folder);
    });

    it("belongs to one of two checkouts that run at once; the other is refused, and removes nothing", async () => {
        const runs = [checkout({}), checkout({})].map((folder) => ({ folder, running: hopcost(folder, "run") }));
        const ended = await Promise.all(
            runs.map(async ({ folder, running }) => ({ folder, ...(await running.ended) })),
        );
        const [winner, ...others] = ended.filter(({ code }) => code === 0);
        assert.ok(winner !== undefined && others.length === 0, ended.map(({ stderr }) => stderr).join("\n"));
        assert.equal(newestResults(winner.folder).complete, true);
        const loser = ended.find((one) => one !== winner);
        assert.ok(loser?.code === 3 || loser?.code === 4, loser?.stderr);
        assert.match(loser.stderr, new RegExp(`"${namespace}".* kubectl .* delete namespace ${namespace}`));
        assert.ok(!existsSync(join(loser.folder, "results")));
    });

    it("may be deleted in the middle of a run, which keeps the finished trials, exits 4 and leaves nothing", async () => {
        const folder = checkout({ "hopcost:rounds": 8, "hopcost:maxRounds": 8 });
        const running = hopcost(folder, "run");
        await finishedTrials(3, namespace);
        await eventually("a copy of three trials", 20, async () =>
            existsSync(join(folder, "results")) ? true : undefined,
        );
        await sandboxClients().core.deleteNamespace({ name: namespace });
        const { code, stderr } = await running.ended;
        assert.equal(code, 4, stderr);
        const { trials, complete } = newestResults(folder);
        assert.ok(trials.ok + trials.noisy >= 3, stderr);
        assert.equal(complete, false);
        assert.ok(!(await namespaces()).includes(namespace));
        assert.doesNotMatch(stderr, /unexpected error/);
    });
});
