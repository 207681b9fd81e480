import assert from "node:assert/strict";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mostBytes } from "../../../model/volume-room.ts";
import type { Measured, Payload, Prepare } from "../../../workloads/agent/api.ts";
import { Server } from "../support/processes.ts";
import { scratchFolder } from "../support/rig.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const namesIn = (folder: string) => readdirSync(folder).sort();

const closedLoop = (size: number): Prepare => ({ mode: "closed-loop", size, concurrency: 1 });
const trialOf = (arm: string, maxSize: number) => ({ arm, index: 0, maxSize, payload: "repeated", seed: 0 });

/** Bytes of files below a folder, in whole pages. */
function bytesIn(folder: string): number {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0)
        .reduce((sum, size) => sum + Math.ceil(size / 4096) * 4096, 0);
}

/** Waits until the folder contains such a name; the test's own deadline ends it. */
async function until(folder: string, name: string): Promise<void> {
    while (!readdirSync(folder).includes(name)) await pause(2);
}

for (const arm of ["volume/chokidar", "volume/fs-watch"] as const) {
    describe(arm, function () {
        this.timeout(30_000);
        let volume: string;
        let ready: string;
        let ack: string;
        let writer: Server;
        let reader: Server;
        before(async () => {
            volume = scratchFolder();
            [ready, ack] = [join(volume, "ready"), join(volume, "ack")];
            const env = { HOPCOST_VOLUME: volume };
            [writer, reader] = await Promise.all([Server.start("writer", env), Server.start("reader", env)]);
        });
        after(async () => {
            await Promise.all([writer.kill("SIGTERM"), reader.kill("SIGTERM")]);
            rmSync(volume, { recursive: true });
        });
        const start = async (maxSize: number, ends = [reader, writer]) => {
            await writer.ok("DELETE", "/trial");
            for (const end of ends) await end.ok("PUT", "/trial", trialOf(arm, maxSize));
        };
        const prepare = async (cell: Prepare) => {
            await reader.ok("POST", "/prepare", cell);
            return writer.ok<Payload[]>("POST", "/prepare", cell);
        };

        it("starts with empty folders, without files of an earlier trial", async () => {
            for (const folder of ["tmp", "ready", "ack", "ready-3", "ack-12"]) {
                mkdirSync(join(volume, folder), { recursive: true });
                writeFileSync(join(volume, folder, "1"), "left over");
            }
            await start(64, [reader]);
            assert.deepEqual(namesIn(volume), ["ack", "ready", "tmp"]);
            assert.equal(bytesIn(volume), 0);
        });

        const small = arm === "volume/fs-watch" ? ([[16, 64, 64]] as const) : [];
        for (const [lanes, size, maxSize] of [[1, 2 ** 20, 2 ** 20], [4, 2 ** 20, 2 ** 20], ...small] as const) {
            it(`never uses more than its space on the volume: ${lanes} x ${size} B`, async () => {
                await start(maxSize);
                // The first lane still has files of an earlier cell, which count too.
                await prepare(closedLoop(maxSize));
                await writer.ok("POST", "/measure", { seconds: 0, roundTrips: 2 });
                let most = 0;
                let measured: Measured | undefined;
                const measuring = (async () => {
                    await prepare({ mode: lanes === 1 ? "closed-loop" : "throughput", size, concurrency: lanes });
                    measured = await writer.ok<Measured>("POST", "/measure", { seconds: 0, roundTrips: lanes * 60 });
                })();
                while (measured === undefined) {
                    most = Math.max(most, bytesIn(volume));
                    await pause(1);
                }
                await measuring;
                assert.equal(measured.cell.roundTrips, lanes * 60);
                const room = mostBytes(maxSize, lanes, size);
                assert.ok(most > 0 && most <= room, `${most} B, room for ${room} B`);
                assert.ok(room <= Math.max(3 * (maxSize + (lanes - 1) * size), 4 * 2 ** 20), "as in config/fit.ts");
                assert.deepEqual(await reader.ok("GET", "/received"), measured.last);
                // Lanes that are idle again use almost no space.
                await prepare(closedLoop(maxSize));
                const idle = namesIn(volume).filter((name) => name.includes("-"));
                assert.equal(idle.length, 3 * (lanes - 1));
                for (const folder of idle) assert.ok(bytesIn(join(volume, folder)) <= 4096, folder);
            });
        }

        it("never accepts an ack of another message, and counts it", async () => {
            await start(64);
            await reader.ok("DELETE", "/trial"); // the test acks in its place
            const ackAs = async (sequence: number) => {
                await until(ready, String(sequence));
                writeFileSync(join(ack, String(sequence + 1000)), "");
                await pause(50);
                assert.ok(!readdirSync(ready).includes(String(sequence + 1)), "the writer went on to the next message");
                writeFileSync(join(ack, String(sequence)), "");
            };
            const preparing = writer.ok<Payload[]>("POST", "/prepare", closedLoop(64));
            await until(ready, "1");
            writeFileSync(join(ack, "1"), "");
            assert.equal((await preparing)[0]?.sequence, 1);
            const measuring = writer.ok<Measured>("POST", "/measure", { seconds: 0, roundTrips: 2 });
            // After a deletion the writer can send an untimed message: ack whatever comes.
            let sequence = 1;
            let measured: Measured | undefined;
            const finished = measuring.then((result) => {
                measured = result;
            });
            while (measured === undefined) {
                const next = String(sequence + 1);
                await Promise.race([until(ready, next), finished]);
                if (measured !== undefined) break;
                sequence += 1;
                await Promise.race([ackAs(sequence), finished]);
            }
            await finished;
            assert.equal(measured.cell.roundTrips, 2);
            assert.ok(measured.cell.staleAcks >= 2, `${measured.cell.staleAcks} stale acks`);
            assert.equal(measured.cell.misses, 0);
        });

        it("continues after an event that was missed at the writer, and counts it", async () => {
            await start(64);
            await prepare(closedLoop(64));
            // The watched folder is moved away: what is created under its old name causes no event.
            renameSync(ack, join(volume, "moved"));
            mkdirSync(ack);
            const { cell } = await writer.ok<Measured>("POST", "/measure", { seconds: 0, roundTrips: 2 });
            assert.equal(cell.roundTrips, 2);
            assert.ok(cell.misses >= (arm === "volume/fs-watch" ? 2 : 1), `${cell.misses} misses`);
            assert.ok(cell.maxSeconds >= 0.25, "a rescued round trip is as long as it was");
            rmSync(join(volume, "moved"), { recursive: true });
        });

        it("continues after an event that was missed at the reader, and counts it", async () => {
            await start(64);
            await prepare(closedLoop(64));
            renameSync(ready, join(volume, "moved"));
            mkdirSync(ready);
            const { cell, last } = await writer.ok<Measured>("POST", "/measure", { seconds: 0, roundTrips: 2 });
            assert.equal(cell.roundTrips, 2);
            assert.ok(cell.misses >= 1, `${cell.misses} misses`);
            assert.deepEqual(await reader.ok("GET", "/received"), last);
            rmSync(join(volume, "moved"), { recursive: true });
        });

        it("reports what fails if the volume is gone", async () => {
            await start(64);
            rmSync(join(volume, "tmp"), { recursive: true });
            const { status, body } = await writer.call("POST", "/prepare", closedLoop(64));
            assert.equal(status, 500);
            assert.match(
                (body as { error: string }).error,
                /^writer: ENOENT: no such file or directory, open .*tmp\/1'$/,
            );
        });
    });
}

/** Both ends with a trial of `volume/fs-watch`, on their own volume. */
async function startBoth() {
    const volume = scratchFolder();
    const env = { HOPCOST_VOLUME: volume };
    const [writer, reader] = await Promise.all([Server.start("writer", env), Server.start("reader", env)]);
    for (const end of [reader, writer]) await end.ok("PUT", "/trial", trialOf("volume/fs-watch", 64));
    const stop = async () => {
        await Promise.all([writer.kill("SIGTERM"), reader.kill("SIGTERM")]);
        rmSync(volume, { recursive: true });
    };
    return { volume, writer, reader, stop };
}

describe("a volume", function () {
    this.timeout(30_000);
    it("is given up with a named error if events never arrive, and a message without an ack at its deadline", async () => {
        const [silent, lonely] = await Promise.all([startBoth(), startBoth()]);
        const givenUp = async () => {
            renameSync(join(silent.volume, "ack"), join(silent.volume, "moved"));
            mkdirSync(join(silent.volume, "ack"));
            await silent.writer.ok("POST", "/prepare", closedLoop(64));
            assert.deepEqual(await silent.writer.call("POST", "/measure", { seconds: 0, roundTrips: 100 }), {
                status: 500,
                body: {
                    error: "writer: file events do not arrive at the writer: 11 of 11 messages were found only by listing the folder; the volume's file system does not report changes; use another medium or runtime class",
                    code: "too-many-misses",
                },
            });
        };
        const noAnswer = async () => {
            await lonely.reader.ok("DELETE", "/trial");
            assert.deepEqual(await lonely.writer.call("POST", "/prepare", closedLoop(64)), {
                status: 500,
                body: { error: "writer: no answer within 5 s (0 good round trips before it)" },
            });
        };
        await Promise.all([givenUp(), noAnswer()]);
        await Promise.all([silent.stop(), lonely.stop()]);
    });

    it("is the arm's, and must be mounted", async () => {
        const [main, disk] = [scratchFolder(), scratchFolder()];
        const claim = join(main, "not-mounted");
        const env = { HOPCOST_VOLUME: main, HOPCOST_DISK_VOLUME: disk, HOPCOST_CLAIM_VOLUME: claim };
        const [writer, reader] = await Promise.all([Server.start("writer", env), Server.start("reader", env)]);
        await reader.ok("PUT", "/trial", trialOf("volume/disk-fsync", 64));
        assert.deepEqual([namesIn(main), namesIn(disk)], [[], ["ack", "ready", "tmp"]]);
        await reader.ok("PUT", "/trial", trialOf("network/unix-socket", 64));
        assert.deepEqual(namesIn(main), ["upload.sock"]);
        // The previous process was killed and left its socket file, which the next one replaces.
        await reader.ok("PUT", "/trial", trialOf("network/unix-socket", 64));
        for (const [end, role] of [
            [reader, "reader"],
            [writer, "writer"],
        ] as const) {
            assert.deepEqual(await end.call("PUT", "/trial", trialOf("volume/pvc", 64)), {
                status: 500,
                body: { error: `${role}: volume/pvc: the volume "claim" is not mounted at ${claim}` },
            });
        }
        await Promise.all([writer.kill("SIGTERM"), reader.kill("SIGTERM")]);
        for (const folder of [main, disk]) rmSync(folder, { recursive: true });
    });

    it("reports that the reader was not prepared for phases", async () => {
        const { writer, reader, stop } = await startBoth();
        await reader.ok("POST", "/prepare", closedLoop(64));
        assert.deepEqual(await writer.call("POST", "/prepare", { ...closedLoop(64), mode: "phases" }), {
            status: 500,
            body: { error: "writer: the ack 1 has no times; prepare the reader for phases too" },
        });
        await stop();
    });
});
