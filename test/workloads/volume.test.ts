import assert from "node:assert/strict";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Measured, Payload } from "../../workloads/control-api.ts";
import { Server } from "./support/processes.ts";
import { scratchFolder } from "./support/rig.ts";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const namesIn = (folder: string) => readdirSync(folder).sort((one, other) => Number(one) - Number(other));

/** Waits until the folder holds such a name; the test's own deadline ends it. */
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
            for (const end of ends) await end.ok("PUT", "/trial", { arm, maxSize });
        };

        it("starts with folders that hold nothing of an earlier trial", async () => {
            for (const folder of ["tmp", "ready", "ack"]) {
                mkdirSync(join(volume, folder), { recursive: true });
                writeFileSync(join(volume, folder, "1"), "left over");
            }
            await start(64, [reader]);
            assert.deepEqual([ready, ack, join(volume, "tmp")].flatMap(namesIn), []);
        });

        it("never keeps more than a few payloads on the volume", async () => {
            const maxSize = 2 ** 20;
            await start(maxSize);
            await writer.ok("POST", "/prepare", { size: maxSize });
            let most = 0;
            let measured: Measured | undefined;
            const measuring = writer.ok<Measured>("POST", "/measure", { seconds: 0, roundTrips: 60 }).then((result) => {
                measured = result;
            });
            while (measured === undefined) {
                const sizes = ["tmp", "ready"].flatMap((folder) =>
                    readdirSync(join(volume, folder)).map(
                        (name) => statSync(join(volume, folder, name), { throwIfNoEntry: false })?.size ?? 0,
                    ),
                );
                most = Math.max(
                    most,
                    sizes.reduce((sum, size) => sum + size, 0),
                );
                await pause(1);
            }
            await measuring;
            assert.equal(measured.cell.roundTrips, 60);
            assert.ok(most > 0 && most <= 4 * maxSize + 4096, `${most} B`);
            assert.deepEqual(await reader.ok("GET", "/received"), measured.last);
        });

        it("never accepts an ack of another round, and counts it", async () => {
            await start(64);
            await reader.ok("DELETE", "/trial"); // the test acks in its place
            const ackAs = async (round: number) => {
                await until(ready, String(round));
                writeFileSync(join(ack, String(round + 1000)), "");
                await pause(50);
                assert.ok(!readdirSync(ready).includes(String(round + 1)), "the writer went on to the next round");
                writeFileSync(join(ack, String(round)), "");
            };
            const preparing = writer.ok<Payload>("POST", "/prepare", { size: 64 });
            await until(ready, "1");
            writeFileSync(join(ack, "1"), "");
            assert.equal((await preparing).round, 1);
            const measuring = writer.ok<Measured>("POST", "/measure", { seconds: 0, roundTrips: 2 });
            // After a deletion the writer may make an untimed round of its own: ack what comes.
            let round = 1;
            let measured: Measured | undefined;
            const finished = measuring.then((result) => {
                measured = result;
            });
            while (measured === undefined) {
                const next = String(round + 1);
                await Promise.race([until(ready, next), finished]);
                if (measured !== undefined) break;
                round += 1;
                await Promise.race([ackAs(round), finished]);
            }
            await finished;
            assert.equal(measured.cell.roundTrips, 2);
            assert.ok(measured.cell.staleAcks >= 2, `${measured.cell.staleAcks} stale acks`);
            assert.equal(measured.cell.misses, 0);
        });

        it("goes on after an event that was missed at the writer, and counts it", async () => {
            await start(64);
            await writer.ok("POST", "/prepare", { size: 64 });
            // The watched folder is moved away: what is created under its old name tells the watcher nothing.
            renameSync(ack, join(volume, "moved"));
            mkdirSync(ack);
            const { cell } = await writer.ok<Measured>("POST", "/measure", { seconds: 0, roundTrips: 2 });
            assert.equal(cell.roundTrips, 2);
            assert.ok(cell.misses >= (arm === "volume/fs-watch" ? 2 : 1), `${cell.misses} misses`);
            assert.ok(cell.maxSeconds >= 0.25, "a rescued round trip is as long as it was");
            rmSync(join(volume, "moved"), { recursive: true });
        });

        it("goes on after an event that was missed at the reader, and counts it", async () => {
            await start(64);
            await writer.ok("POST", "/prepare", { size: 64 });
            renameSync(ready, join(volume, "moved"));
            mkdirSync(ready);
            const { cell, last } = await writer.ok<Measured>("POST", "/measure", { seconds: 0, roundTrips: 2 });
            assert.equal(cell.roundTrips, 2);
            assert.ok(cell.misses >= 1, `${cell.misses} misses`);
            assert.deepEqual(await reader.ok("GET", "/received"), last);
            rmSync(join(volume, "moved"), { recursive: true });
        });

        it("says what fails where the volume is gone", async () => {
            await start(64);
            rmSync(join(volume, "tmp"), { recursive: true });
            const { status, body } = await writer.call("POST", "/prepare", { size: 64 });
            assert.equal(status, 500);
            assert.match(
                (body as { error: string }).error,
                /^writer: ENOENT: no such file or directory, open .*tmp\/1'$/,
            );
        });
    });
}

describe("volume/fs-watch where events never arrive", function () {
    this.timeout(30_000);
    it("is given up with a named error, and a round without any ack at its deadline", async () => {
        const volume = scratchFolder();
        const env = { HOPCOST_VOLUME: volume };
        const [writer, reader] = await Promise.all([Server.start("writer", env), Server.start("reader", env)]);
        const trial = { arm: "volume/fs-watch", maxSize: 64 };
        await reader.ok("PUT", "/trial", trial);
        await writer.ok("PUT", "/trial", trial);
        renameSync(join(volume, "ack"), join(volume, "moved"));
        mkdirSync(join(volume, "ack"));
        await writer.ok("POST", "/prepare", { size: 64 });
        const { status, body } = await writer.call("POST", "/measure", { seconds: 0, roundTrips: 100 });
        assert.equal(status, 500);
        assert.deepEqual(body, {
            error: "writer: file events do not arrive at the writer: 11 of 11 files were found only by looking into the folder; the volume's file system does not report changes; use another medium or runtime class",
            code: "too-many-misses",
        });
        // And where nobody acks at all, the round ends at its deadline.
        await writer.ok("PUT", "/trial", trial);
        await reader.ok("DELETE", "/trial");
        assert.deepEqual(await writer.call("POST", "/prepare", { size: 64 }), {
            status: 500,
            body: { error: "writer: no answer within 5 s (0 good round trips before it)" },
        });
        await Promise.all([writer.kill("SIGTERM"), reader.kill("SIGTERM")]);
        rmSync(volume, { recursive: true });
    });
});
