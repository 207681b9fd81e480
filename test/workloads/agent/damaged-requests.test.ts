import assert from "node:assert/strict";
import fc from "fast-check";
import { mutated, numRuns, reshaped } from "../../support/damage.ts";
import { Rig } from "../support/rig.ts";

/** Time after which an agent hangs, in ms: long, since it may start a process, beside other tests. */
const soon = 60_000;

describe("an agent, given damaged requests, answers or says what is wrong", function () {
    this.timeout(30 * 60_000);
    let rig: Rig;
    before(async () => {
        rig = await Rig.start("network");
    });
    after(() => rig.stop());

    const trial = () => ({
        ...{ arm: "network/cluster-ip", index: 0, maxSize: 64, payload: "repeated", seed: 0 },
        uploadUrl: rig.uploadUrl,
    });
    const cell = { mode: "closed-loop", size: 64, concurrency: 1 };

    /** Sends each body, and expects an answer that has its reason, of an agent that goes on. */
    async function survives(method: string, path: string, bodies: fc.Arbitrary<Buffer>) {
        const { url } = rig.initiator;
        const answers = fc.asyncProperty(bodies, async (bytes) => {
            const headers = { "content-type": "application/json" };
            const body = new Uint8Array(bytes);
            const answer = await fetch(url + path, { method, headers, body, signal: AbortSignal.timeout(soon) });
            const said = (await answer.json()) as { error?: string };
            if (answer.status === 200) return;
            assert.ok([400, 409, 500].includes(answer.status), `${answer.status} ${JSON.stringify(said)}`);
            assert.match(said.error ?? "", /^sender: ./);
        });
        await fc.assert(answers, { numRuns });
        assert.equal((await rig.initiator.call("GET", "/info")).status, 200);
    }

    it("of a cell and a measurement, without a trial", async () => {
        for (const [path, body] of [
            ["/prepare", cell],
            ["/measure", { seconds: 0, roundTrips: 1, ratePerSecond: 5, warmUp: true }],
        ] as const) {
            await survives("POST", path, mutated(JSON.stringify(body)));
            await survives("POST", path, reshaped(body));
        }
    });

    it("of a trial, which starts a process if it is taken", async () => {
        await survives("PUT", "/trial", mutated(JSON.stringify(trial())));
        await survives("PUT", "/trial", reshaped(trial()));
    });

    it("of a cell of a trial", async () => {
        await rig.responder.ok("PUT", "/trial", trial());
        await rig.responder.ok("POST", "/prepare", cell);
        await rig.initiator.ok("PUT", "/trial", trial());
        await survives("POST", "/prepare", mutated(JSON.stringify(cell)));
        await survives("POST", "/prepare", reshaped(cell));
    });
});
