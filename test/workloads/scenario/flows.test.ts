import assert from "node:assert/strict";
import { type Ended, endings } from "../../../workloads/scenario/api.ts";
import { pause, ScenarioPair, until } from "./scenario-pair.ts";

for (const topology of ["network", "volume"] as const) {
    describe(`all flows of a ${topology} topology`, function () {
        this.timeout(180_000);
        let pair: ScenarioPair;
        beforeEach(async () => {
            pair = await ScenarioPair.start(topology);
        });
        afterEach(() => pair.stop());

        it("are on time if nothing happens, and both ends agree", async () => {
            const schedule = await pair.schedule({ deadlineSeconds: 5 });
            await pair.initiator.ok("PUT", "/scenario/load", schedule);
            const { from, next, injection, bootId, cpuSeconds } = await pair.untilDone();
            assert.deepEqual([from, next, injection], [0, 200, "run-0"]);
            assert.equal(bootId, (await pair.initiator.ok<{ bootId: string }>("GET", "/info")).bootId);
            assert.ok(cpuSeconds > 0);
            for (const flow of pair.flows) {
                const ended = await pair.ended(flow);
                assert.equal(new Set(ended.map(([sequence]) => sequence)).size, 200);
                for (const [sequence, ending, microseconds, lateness, attempts] of ended) {
                    assert.deepEqual([ending, attempts], [0, 1], `${flow} ${sequence}`);
                    assert.ok(microseconds > 0 && lateness >= 0 && lateness < microseconds);
                }
                const ledger = await pair.ledger(flow);
                assert.equal(ledger.length, 200);
                assert.ok(ledger.every(({ received, corrupt }) => received === 1 && !corrupt));
                // chokidar reports files in any order, and connections of their own overtake each other.
                if (topology === "network" && flow !== "once-fresh")
                    assert.ok(
                        ledger.every(({ outOfOrder }) => !outOfOrder),
                        flow,
                    );
            }
        });

        it("lose what one attempt carries, and nothing with more, if the responder is killed and comes back", async () => {
            await pair.initiator.ok("PUT", "/scenario/load", await pair.schedule({ slots: 12_000 }));
            await pair.untilOffered(100);
            process.kill((await pair.process()).pid, "SIGKILL");
            assert.equal(await pair.responder.ended(), 137);
            await pause(1500);
            await pair.startResponder();
            // However long the start took, it serves again.
            const since = (await pair.records("once")).next;
            const served = ([sequence, ending]: Ended) => sequence > since && ending === endings.acknowledged;
            await until(async () => (await pair.ended("once")).filter(served).length > 100);
            await pair.initiator.ok("POST", "/scenario/stop");
            await pair.untilDone();
            const slots = (await pair.records("once")).next;
            const once = await pair.outcomes("once", slots);
            assert.ok(once.failed > 20, JSON.stringify(once));
            const { next } = await pair.records("retry");
            const retry = await pair.outcomes("retry", next);
            assert.equal(retry["on-time"] + retry.late, next, JSON.stringify(retry));
            assert.ok(retry.late > 10);
            for (const flow of pair.flows) {
                const outcomes = await pair.outcomes(flow, (await pair.records(flow)).next);
                assert.deepEqual([outcomes.lost, outcomes["not-offered"]], [0, 0], flow);
            }
            if (topology === "network") return;
            const unscanned = await pair.outcomes("retry-no-rescan", slots);
            assert.ok(unscanned.failed > 50, JSON.stringify(unscanned));
        });
    });
}
