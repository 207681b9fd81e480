import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { sandboxUp } from "../../sandbox/cluster/cluster.ts";
import { checkoutWith, removeCheckout } from "../support/checkout.ts";
import { hopcost } from "../support/command.ts";
import {
    copiedTrials,
    finishedTrials,
    minutes,
    namespaces,
    newestResults,
    removeNamespace,
    sandboxClients,
    shortRun,
    trialsIn,
} from "./support.ts";

const namespace = "hopcost-owned";
/** More rounds than are needed: both runs are ended. */
const settings = { ...shortRun, "hopcost:namespace": namespace, "hopcost:rounds": 30 };

describe("the namespace of a run", function () {
    this.timeout(minutes(5));
    let folders: string[] = [];
    const checkout = () => {
        const folder = checkoutWith(settings);
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

    it("belongs to one of two checkouts that run at once; the other is refused, and the first goes on until it is cancelled", async () => {
        const runs = [checkout(), checkout()].map((folder) => ({ folder, running: hopcost(folder, "run") }));
        const ends = runs.map(async ({ folder, running }) => ({ folder, ...(await running.ended) }));
        const refused = await Promise.race(ends);
        assert.ok(refused.code === 3 || refused.code === 4, refused.stderr);
        assert.match(refused.stderr, new RegExp(`"${namespace}".* kubectl .* delete namespace ${namespace}`));
        assert.ok(!existsSync(join(refused.folder, "results")));
        const owner = runs.find(({ folder }) => folder !== refused.folder) ?? assert.fail();
        const more = (await trialsIn(namespace)) + 2;
        await finishedTrials(more, namespace);
        process.kill(owner.running.pid, "SIGINT");
        const { code, stderr } = await owner.running.ended;
        assert.equal(code, 8, stderr);
        const { trials } = newestResults(owner.folder);
        assert.ok(trials.ok + trials.noisy >= more, JSON.stringify(trials));
        assert.ok(!(await namespaces()).includes(namespace));
    });

    it("may be deleted in the middle of a run, which keeps the finished trials, exits 4 and leaves nothing", async () => {
        const folder = checkout();
        const running = hopcost(folder, "run");
        await copiedTrials(3, folder);
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
