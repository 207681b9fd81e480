import assert from "node:assert/strict";
import { decodeHistogram } from "../../statistics/histogram.ts";
import type { Mangle } from "./support/http-proxy.ts";
import { Rig } from "./support/rig.ts";

const KIB = 1024;
/** Flips one bit near the end, since the first 8 bytes are the sequence number. */
const flip: Mangle = (body) => {
    const at = body.length - 3;
    body[at] = (body[at] as number) ^ 1;
    return body;
};
const cut: Mangle = (body) => body.subarray(0, -1);
const intact: Mangle = (body) => body;

const closedLoop = (sizes: number[]) => sizes.map((size) => ({ mode: "closed-loop" as const, size }));

// Arms with the same code are left out; arms.test.ts has all arms.
for (const [topology, arms, from, to] of [
    ["network", ["network/cluster-ip"], "sender", "receiver"],
    [
        "volume",
        [
            "volume/chokidar",
            "volume/fs-watch-async",
            "volume/fs-watch",
            "volume/disk-fsync",
            "network/localhost",
            "network/unix-socket",
        ],
        "writer",
        "reader",
    ],
] as const) {
    describe(`what the ${to} holds is what the ${from} sent`, function () {
        this.timeout(30_000);
        let rig: Rig;
        before(async () => {
            rig = await Rig.start(topology);
        });
        after(() => rig.stop());
        afterEach(() => {
            rig.mangle = intact;
        });

        for (const arm of arms) {
            it(`${arm}: intact payloads of various sizes are measured`, async () => {
                const sizes = [16, 64, 1000, 64 * KIB, 64 * KIB + 1, 1024 * KIB];
                const { state, reasons, cells, containers } = await rig.attempt(arm, closedLoop(sizes));
                assert.deepEqual([state, reasons], ["ok", []]);
                assert.deepEqual(
                    cells.map(({ size, state, reasons }) => [size, state, reasons]),
                    sizes.map((size) => [size, "ok", []]),
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

            it(`${arm}: each kind of damage discards its cell, and only that one`, async () => {
                let rounds = 0;
                rig.mangle = (body) => {
                    if (body.length === 2 * KIB) return flip(body);
                    if (body.length === 64 * KIB) return cut(body);
                    return body.length === KIB && ++rounds > 10 ? flip(body) : body;
                };
                const sizes = [64, 2 * KIB, 4 * KIB, 64 * KIB, KIB, 128 * KIB];
                const { state, cells } = await rig.attempt(arm, closedLoop(sizes), "random");
                assert.equal(state, "ok");
                assert.deepEqual(
                    cells.map((cell) => cell.state),
                    ["ok", "discarded", "ok", "discarded", "discarded", "ok"],
                );
                const [, flipped, , shortened, late] = cells;
                const [reason = ""] = flipped?.reasons ?? [];
                const seen = new RegExp(
                    `^${arm} 2 KiB: ${from} sent message (\\d+): 2048 B sha256 ([0-9a-f]{12})…, ${to} holds message (\\d+): 2048 B sha256 ([0-9a-f]{12})…$`,
                ).exec(reason);
                assert.ok(seen, reason);
                assert.equal(seen[1], seen[3]);
                assert.notEqual(seen[2], seen[4]);
                assert.equal(flipped?.roundTrips, 0, "a discarded cell has no samples");
                assert.match(
                    shortened?.reasons[0] ?? "",
                    new RegExp(
                        `^${arm} 64 KiB: ${from} sent message \\d+: 65536 B .*, ${to} holds message \\d+: 65535 B sha256 `,
                    ),
                );
                assert.ok((late?.roundTrips ?? 0) >= 20, "the measurement before its last payload stays in the record");
            });
        }
    });
}
