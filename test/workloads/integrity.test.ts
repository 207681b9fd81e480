import assert from "node:assert/strict";
import type { Arm } from "../../report/arms.ts";
import { decodeHistogram } from "../../report/histogram.ts";
import type { Mangle } from "./support/http-proxy.ts";
import { Rig } from "./support/rig.ts";

const KIB = 1024;
/** Flips one bit near the end; the first 8 bytes are the round's number. */
const flip: Mangle = (body) => {
    const at = body.length - 3;
    body[at] = (body[at] as number) ^ 1;
    return body;
};
const cut: Mangle = (body) => body.subarray(0, -1);
const intact: Mangle = (body) => body;

for (const [family, arms, from, to] of [
    ["network", ["network/cluster-ip"], "sender", "receiver"],
    ["volume", ["volume/chokidar", "volume/fs-watch"], "writer", "reader"],
] as const) {
    describe(`${family}: what the ${to} holds is what the ${from} sent`, function () {
        this.timeout(30_000);
        let rig: Rig;
        before(async () => {
            rig = await Rig.start(family);
        });
        after(() => rig.stop());
        afterEach(() => {
            rig.way.mangle = intact;
        });

        for (const arm of arms satisfies readonly Arm[]) {
            it(`${arm}: intact payloads of all kinds of sizes are measured`, async () => {
                const sizes = [16, 64, 1000, 64 * KIB, 64 * KIB + 1, 1024 * KIB];
                const { state, reasons, cells, containers } = await rig.attempt(arm, sizes);
                assert.deepEqual([state, reasons], ["ok", []]);
                assert.deepEqual(
                    cells.map(({ size, state }) => [size, state]),
                    sizes.map((size) => [size, "ok"]),
                );
                for (const cell of cells) {
                    assert.ok(cell.roundTrips >= 20, `${cell.roundTrips} round trips`);
                    assert.equal(decodeHistogram(cell.histogram).count, cell.roundTrips);
                    assert.ok(cell.minSeconds > 0 && cell.maxSeconds >= cell.minSeconds);
                    assert.ok(cell.sumSeconds <= cell.elapsedSeconds);
                    assert.deepEqual([cell.misses, cell.staleAcks], [0, 0]);
                }
                assert.deepEqual(
                    containers.map(({ info }) => [info.role, info.nodeName]),
                    [
                        [from, "node-1"],
                        [to, "node-1"],
                    ],
                );
            });

            it(`${arm}: one flipped bit voids the cell, and only that one`, async () => {
                rig.way.mangle = (body) => (body.length === 2 * KIB ? flip(body) : body);
                const { state, cells } = await rig.attempt(arm, [64, 2 * KIB, 4 * KIB]);
                assert.equal(state, "ok");
                assert.deepEqual(
                    cells.map((cell) => cell.state),
                    ["ok", "void", "ok"],
                );
                const [reason = ""] = cells[1]?.reasons ?? [];
                const seen = new RegExp(
                    `^${arm} 2 KiB: ${from} sent round (\\d+): 2048 B sha256 ([0-9a-f]{12})…, ${to} holds round (\\d+): 2048 B sha256 ([0-9a-f]{12})…$`,
                ).exec(reason);
                assert.ok(seen, reason);
                assert.equal(seen[1], seen[3]);
                assert.notEqual(seen[2], seen[4]);
                assert.equal(cells[1]?.roundTrips, 0, "a void cell has no samples");
            });

            it(`${arm}: a cut tail voids the cell`, async () => {
                rig.way.mangle = (body) => (body.length === 64 * KIB ? cut(body) : body);
                const { cells } = await rig.attempt(arm, [64 * KIB]);
                const [cell] = cells;
                assert.equal(cell?.state, "void");
                assert.match(
                    cell?.reasons[0] ?? "",
                    new RegExp(
                        `^${arm} 64 KiB: ${from} sent round 1: 65536 B .*, ${to} holds round 1: 65535 B sha256 `,
                    ),
                );
            });

            it(`${arm}: damage that begins within the cell is found by its last payload`, async () => {
                let rounds = 0;
                rig.way.mangle = (body) => (body.length === KIB && ++rounds > 10 ? flip(body) : body);
                const { cells } = await rig.attempt(arm, [KIB]);
                assert.equal(cells[0]?.state, "void");
                assert.ok((cells[0]?.roundTrips ?? 0) >= 20, "what was measured stays in the record");
            });
        }
    });
}
