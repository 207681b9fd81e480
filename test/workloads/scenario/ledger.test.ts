import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Ledger, readLedger } from "../../../workloads/scenario/ledger.ts";

const module = join(import.meta.dirname, "..", "..", "..", "workloads", "scenario", "ledger.ts");

describe("the ledger of a responder", () => {
    let folder = "";
    const path = () => join(folder, "ledger");
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "hopcost-ledger-"));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it("has how often each message arrived, which was corrupt, and which came too late", () => {
        const ledger = new Ledger(path(), 5);
        for (const sequence of [0, 2, 1, 2]) ledger.record(sequence, true);
        ledger.record(4, false);
        ledger.close();
        const entry = (received: number, corrupt = false, outOfOrder = false) => ({ received, corrupt, outOfOrder });
        assert.deepEqual(readLedger(path()), [entry(1), entry(1, false, true), entry(2), entry(0), entry(1, true)]);
    });

    it("shows an acknowledged message that was dropped on purpose", () => {
        const ledger = new Ledger(path(), 1000);
        for (let sequence = 0; sequence < 1000; sequence++) if (sequence !== 617) ledger.record(sequence, true);
        ledger.close();
        const missing = readLedger(path()).flatMap(({ received }, sequence) => (received === 0 ? sequence : []));
        assert.deepEqual(missing, [617]);
    });

    it("is continued by the next process after the first was killed, without losing what was acknowledged", async () => {
        const program = join(folder, "responder.mjs");
        const text = `import { Ledger } from ${JSON.stringify(module)};
            const ledger = new Ledger(process.argv[2], 1_000_000);
            for (let sequence = Number(process.argv[3]); ; sequence++) {
                ledger.record(sequence, true);
                process.send(sequence);
                await new Promise(setImmediate);
            }`;
        writeFileSync(program, text);
        let acknowledged = -1;
        for (let life = 0; life < 3; life++) {
            const child = fork(program, [path(), String(acknowledged + 1)]);
            child.on("message", (sequence: number) => {
                acknowledged = sequence;
            });
            await once(child, "message");
            await new Promise((resolve) => setTimeout(resolve, 50));
            child.kill("SIGKILL");
            await once(child, "close");
        }
        const entries = readLedger(path());
        assert.ok(acknowledged > 3, `${acknowledged}`);
        assert.ok(entries.slice(0, acknowledged + 1).every(({ received }) => received >= 1));
        assert.ok(entries.every(({ outOfOrder }) => !outOfOrder));
    }).timeout(20_000);

    it("refuses a message that is not the scenario's", () => {
        const ledger = new Ledger(path(), 3);
        for (const sequence of [-1, 3, 0.5, Number.NaN]) assert.throws(() => ledger.record(sequence, true), RangeError);
        ledger.close();
    });

    it("counts any arrivals in any order, up to 63, also over a restart", () => {
        const arrivals = fc.array(fc.tuple(fc.nat(9), fc.boolean()), { maxLength: 200 });
        fc.assert(
            fc.property(arrivals, fc.nat(200), (all, restartAt) => {
                rmSync(path(), { force: true });
                let ledger = new Ledger(path(), 10);
                for (const [index, [sequence, isIntact]] of all.entries()) {
                    if (index === restartAt) {
                        ledger.close();
                        ledger = new Ledger(path(), 10);
                    }
                    ledger.record(sequence, isIntact);
                }
                ledger.close();
                for (const [sequence, { received, corrupt }] of readLedger(path()).entries()) {
                    const own = all.filter(([one]) => one === sequence);
                    assert.equal(received, Math.min(63, own.length));
                    assert.equal(
                        corrupt,
                        own.some(([, isIntact]) => !isIntact),
                    );
                }
            }),
        );
    });
});
