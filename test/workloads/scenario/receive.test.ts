import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { monotonicClock } from "../../../workloads/clock.ts";
import type { Ended } from "../../../workloads/scenario/api.ts";
import type { Channel } from "../../../workloads/scenario/channel.ts";
import { FileCourier } from "../../../workloads/scenario/file-courier.ts";
import { enterInjection, flowFolders } from "../../../workloads/scenario/folders.ts";
import { HttpCourier } from "../../../workloads/scenario/http-courier.ts";
import { Ledger, type Recorder, readLedger } from "../../../workloads/scenario/ledger.ts";
import { type Delivery, Load } from "../../../workloads/scenario/load.ts";
import { OutgoingMessage } from "../../../workloads/scenario/message.ts";
import { receiveFiles } from "../../../workloads/scenario/receive-files.ts";
import { receiveHttp } from "../../../workloads/scenario/receive-http.ts";
import { freePort } from "../support/processes.ts";
import { scratchFolder } from "../support/rig.ts";
import { outcomesOf, pause, until } from "./scenario-pair.ts";

/** Both ends in this process; a test can replace the ledger. */
interface Ends {
    open(recorder: Recorder): Promise<void>;
    channelOf(load: Load): Channel;
    /** Puts a message without a load, as its bytes. @returns whether it was refused */
    put(sequence: number, bytes: Buffer): Promise<boolean>;
    close(): Promise<void>;
}

function httpEnds(port: number): Ends {
    let receiver: Awaited<ReturnType<typeof receiveHttp>> | undefined;
    const url = new URL(`http://127.0.0.1:${port}/upload/once`);
    return {
        open: async (recorder) => {
            receiver = await receiveHttp(new Map([["once", recorder]]), { host: "127.0.0.1", port });
        },
        channelOf: (load) =>
            new HttpCourier({ url, payloadBytes: 64, connectSeconds: 1, isFresh: false, slots: 1000 }, load),
        put: async (_sequence, bytes) =>
            (await fetch(url, { method: "POST", body: Buffer.from(bytes) })).status !== 200,
        close: async () => receiver?.close(),
    };
}

function fileEnds(folder: string): Ends {
    const folders = flowFolders(folder, "retry");
    let receiver: Awaited<ReturnType<typeof receiveFiles>> | undefined;
    return {
        open: async (recorder) => {
            enterInjection(folder, "run-0");
            receiver = await receiveFiles(folders, recorder, true);
        },
        channelOf: (load) => new FileCourier(folders, 64, true, load),
        put: async (sequence, bytes) => {
            const [ready, ack] = [folders.ready, folders.ack].map((one) => join(one, String(sequence)));
            rmSync(ack as string, { force: true });
            writeFileSync(join(folders.tmp, "own"), bytes);
            renameSync(join(folders.tmp, "own"), ready as string);
            await until(async () => !existsSync(ready as string));
            return !existsSync(ack as string);
        },
        close: async () => receiver?.close(),
    };
}

for (const topology of ["network", "volume"] as const) {
    describe(`what arrives in a ${topology} topology`, function () {
        this.timeout(30_000);
        let folder = "";
        let ends: Ends;
        let channel: Channel | undefined;
        beforeEach(async () => {
            folder = scratchFolder();
            ends = topology === "network" ? httpEnds(await freePort()) : fileEnds(folder);
        });
        afterEach(async () => {
            await channel?.close();
            channel = undefined;
            await ends.close();
            rmSync(folder, { recursive: true, force: true });
        });
        const ledger = () => new Ledger(join(folder, "ledger"));
        const entry = (sequence: number) => readLedger(join(folder, "ledger"))[sequence];
        const offer = async (delivery: Delivery, slots: number, ratePerSecond = 100): Promise<Load> => {
            const settings = { ratePerSecond, slots, delivery, attemptSeconds: delivery === "once" ? 1 : 30 };
            const load = new Load(settings, ends.channelOf, monotonicClock, (ms, then) => setTimeout(then, ms));
            channel = load.courier as Channel;
            await channel.open();
            await load.run(monotonicClock());
            return load;
        };

        it("is found as lost if it was acknowledged, but is not in the ledger", async () => {
            const honest = ledger();
            await ends.open({
                record: (sequence, isIntact) => {
                    if (sequence !== 61) honest.record(sequence, isIntact);
                },
            });
            const load = await offer("once", 100);
            const ended = Array.from(load.ended(0, 100), (sequence): Ended => {
                const sent = load.sent(sequence);
                assert.equal(sent.kind, "acknowledged");
                return [sequence, 0, sent.kind === "acknowledged" ? sent.seconds * 1e6 : 0, 0, 1];
            });
            const outcomes = outcomesOf(ended, readLedger(join(folder, "ledger")), 100);
            assert.deepEqual([outcomes.lost, outcomes["on-time"] + outcomes.late], [1, 99]);
        });

        it("is flagged and not acknowledged if it is corrupt, and flagged if it comes twice", async () => {
            await ends.open(ledger());
            const message = new OutgoingMessage(64);
            message.write(5);
            const corrupt = Buffer.from(message.bytes);
            corrupt[40] = 0x62;
            assert.equal(await ends.put(5, corrupt), true);
            assert.deepEqual(entry(5), { received: 1, corrupt: true, outOfOrder: false });
            assert.equal(await ends.put(5, message.bytes), false);
            assert.deepEqual(entry(5), { received: 2, corrupt: true, outOfOrder: false });
            message.write(3);
            for (const received of [1, 2]) {
                assert.equal(await ends.put(3, message.bytes), false);
                assert.deepEqual(entry(3), { received, corrupt: false, outOfOrder: true });
            }
        });

        it("is refused if it is too short, or not a message of any scenario, and the next one is taken", async () => {
            await ends.open(ledger());
            const message = new OutgoingMessage(64);
            message.write(70_000);
            const foreign = Buffer.from(message.bytes);
            if (topology === "network") {
                assert.equal(await ends.put(0, Buffer.from("short")), true);
                assert.equal(await ends.put(70_000, foreign), true);
            } else {
                assert.equal(await ends.put(8, Buffer.from("short")), true);
                const { ready } = flowFolders(folder, "retry");
                for (const name of ["70000", "x", "-1", "1e3", "007"]) writeFileSync(join(ready, name), foreign);
                mkdirSync(join(ready, "9"));
                await pause(300);
            }
            message.write(4);
            assert.equal(await ends.put(4, message.bytes), false);
            assert.equal(entry(4)?.received, 1);
        });

        it("is not acknowledged if the ledger can't be written, and is sent again", async () => {
            const honest = ledger();
            let refused = 0;
            await ends.open({
                record: (sequence, isIntact) => {
                    if (sequence === 2 && refused < 2) {
                        refused += 1;
                        throw Object.assign(new Error("no space"), { code: "ENOSPC" });
                    }
                    honest.record(sequence, isIntact);
                },
            });
            const load = await offer("retry", 5);
            assert.equal(refused, 2);
            for (let sequence = 0; sequence < 5; sequence++) {
                assert.equal(load.sent(sequence).kind, "acknowledged");
                assert.equal(entry(sequence)?.received, 1);
            }
        });
    });
}

describe("a writer and a reader whose folders change under them", function () {
    this.timeout(30_000);
    let folder = "";
    let load: Load<FileCourier>;
    beforeEach(() => {
        folder = scratchFolder();
    });
    afterEach(async () => {
        await load.courier.close();
        rmSync(folder, { recursive: true, force: true });
    });
    const offer = async (delivery: Delivery, slots: number) => {
        enterInjection(folder, "run-0");
        const settings = { ratePerSecond: 100, slots, delivery, attemptSeconds: delivery === "once" ? 0.3 : 30 };
        const retries = delivery === "retry";
        const courierOf = (of: Load) => new FileCourier(flowFolders(folder, "once"), 64, retries, of);
        load = new Load(settings, courierOf, monotonicClock, (ms, then) => setTimeout(then, ms));
        await load.courier.open();
        return load.run(monotonicClock());
    };

    it("withdraw what nobody took in time, which certainly failed; what was taken is in doubt", async () => {
        const { ready } = flowFolders(folder, "once");
        const done = offer("once", 20);
        await until(async () => existsSync(join(ready, "5")));
        rmSync(join(ready, "5"));
        await done;
        assert.deepEqual(readdirSync(ready), []);
        for (let sequence = 0; sequence < 20; sequence++)
            assert.equal(load.sent(sequence).kind, sequence === 5 ? "unanswered" : "failed");
    });

    it("put a message again whose file is gone without an ack, and take an ack without its event", async () => {
        const { ready, ack } = flowFolders(folder, "once");
        const done = offer("retry", 3);
        await until(async () => readdirSync(ready).length === 3);
        rmSync(join(ready, "1"));
        await until(async () => existsSync(join(ready, "1")));
        for (const name of readdirSync(ready)) {
            writeFileSync(join(ack, name), "");
            rmSync(join(ready, name));
        }
        await done;
        assert.deepEqual(
            [0, 1, 2].map((sequence) => [load.sent(sequence).kind, load.attempts(sequence)]),
            [
                ["acknowledged", 1],
                ["acknowledged", 2],
                ["acknowledged", 1],
            ],
        );
        assert.deepEqual(readdirSync(ack), []);
    });

    it("fail and go on without the folders", async () => {
        const done = offer("once", 50);
        await until(async () => load.offered.next > 10);
        rmSync(join(folder, "scenario"), { recursive: true });
        await done;
        assert.equal(load.ended(0, 50).length, 50);
        assert.equal(load.sent(49).kind, "failed");
    });
});
