import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Filled } from "../../../workloads/scenario/api.ts";
import { pause, ScenarioPair, until } from "./scenario-pair.ts";

describe("a volume that is full", function () {
    this.timeout(60_000);
    let pair: ScenarioPair;
    before(function () {
        if (process.getuid?.() !== 0) this.skip(); // only root can mount a small one
    });
    beforeEach(async () => {
        pair = await ScenarioPair.start("volume");
        // The agents have not used it yet, but the reader's folders are there: it must start again on the small one.
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", pair.volume]);
        await pair.responder.ok("POST", "/scenario/fault", { kind: "kill" });
        await pair.responder.ended();
        await pair.startResponder();
    });
    afterEach(async () => {
        execFileSync("umount", ["--lazy", pair.volume]);
        await pair.stop();
    });

    it("lets attempts fail, and carries messages again once there is space", async () => {
        await pair.initiator.ok("PUT", "/scenario/load", await pair.schedule({ slots: 500 }));
        await pair.untilOffered(50);
        const { bytes, code } = await pair.initiator.ok<Filled>("POST", "/scenario/fill", { volume: "main" });
        assert.equal(code, "ENOSPC");
        assert.ok(bytes > 500_000 && bytes <= 2 ** 20, `${bytes}`);
        await pause(1000);
        assert.deepEqual(await pair.initiator.ok("DELETE", "/scenario/fill"), {});
        await pair.untilDone();
        const once = await pair.outcomes("once", 500);
        assert.ok(once.failed > 50 && once["on-time"] > 100, JSON.stringify(once));
        for (const flow of ["retry", "retry-no-rescan"] as const) {
            const { "on-time": onTime, late } = await pair.outcomes(flow, 500);
            assert.equal(onTime + late, 500, flow);
        }
        assert.deepEqual(readdirSync(join(pair.volume, "scenario", "once", "tmp")), [], "no half files remain");
    });

    it("stays full if something on it is deleted, until it is emptied", async () => {
        const [message, other] = ["message", "other"].map((name) => join(pair.volume, name)) as [string, string];
        writeFileSync(message, Buffer.alloc(200_000));
        await pair.responder.ok("POST", "/scenario/fill", { volume: "main" });
        rmSync(message);
        await pause(200);
        assert.throws(() => writeFileSync(other, Buffer.alloc(50_000)), { code: "ENOSPC" });
        await pair.responder.ok("DELETE", "/scenario/fill");
        writeFileSync(other, Buffer.alloc(50_000));
    });

    it("is filled up to a number of bytes, by one request at a time, and emptied while it is filled", async () => {
        const file = join(pair.volume, "hopcost-fill");
        const fill = (bytes?: number) =>
            pair.responder.call("POST", "/scenario/fill", { volume: "main", ...(bytes !== undefined && { bytes }) });
        assert.deepEqual(await fill(300_000), { status: 200, body: { bytes: 300_000 } });
        assert.equal(statSync(file).size, 300_000);
        assert.deepEqual((await fill()).body, { bytes: statSync(file).size, code: "ENOSPC" });
        await pair.responder.ok("DELETE", "/scenario/fill");
        assert.equal(readdirSync(pair.volume).includes("hopcost-fill"), false);
        execFileSync("mount", ["-o", "remount,size=4g", pair.volume]);
        const long = fill(2 ** 32);
        await until(async () => readdirSync(pair.volume).includes("hopcost-fill"));
        assert.equal((await fill()).status, 409);
        await pair.responder.ok("DELETE", "/scenario/fill");
        const { bytes, code } = (await long).body as Filled;
        assert.ok(bytes < 2 ** 32 && code === undefined);
        assert.equal(readdirSync(pair.volume).includes("hopcost-fill"), false);
    });
});
