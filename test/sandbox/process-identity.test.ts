import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { identityOf, isAlive, isIdentity, parseStat } from "../../sandbox/process-identity.ts";

describe("the identity of a process", () => {
    it("is parsed from /proc/PID/stat whatever the program's name", () => {
        const fields = "S 1 42 42 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 98765 1000 2000";
        assert.deepEqual(parseStat(`42 (node) ${fields}`), { state: "S", startTicks: 98765 });
        assert.deepEqual(parseStat(`42 (a) R 7 (b c) ${fields}`), { state: "S", startTicks: 98765 });
    });

    it("stays the same while the process runs", () => {
        const me = identityOf(process.pid);
        assert.ok(me && me.startTicks > 0 && me.bootId !== "");
        assert.deepEqual(identityOf(process.pid), me);
        assert.ok(isAlive(me));
    });

    it("distinguishes a process from a later one with its pid, and from one before the reboot", () => {
        const me = identityOf(process.pid);
        assert.ok(me);
        assert.equal(isAlive({ ...me, startTicks: me.startTicks + 1 }), false);
        assert.equal(isAlive({ ...me, bootId: "another" }), false);
    });

    it("ends with the process", () => {
        assert.equal(identityOf(spawnSync("true").pid), undefined);
    });

    it("ends for a killed process even before its parent has noticed", async () => {
        // The shell's child is killed and never reaped: a zombie while the shell's successor sleeps.
        const shell = spawn("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"]);
        try {
            const [line] = (await once(shell.stdout, "data")) as [Buffer];
            const pid = Number(line.toString());
            const child = identityOf(pid);
            assert.ok(child && isAlive(child));
            process.kill(pid, "SIGKILL");
            while (isAlive(child)) await sleep(10); // fails by mocha's time limit if it never ends
        } finally {
            shell.kill("SIGKILL");
        }
    });

    it("is recognised when read back from a file, and nothing else is", () => {
        assert.ok(isIdentity({ pid: 1, startTicks: 2, bootId: "" }));
        for (const other of [null, 1, {}, { pid: 1.5, startTicks: 2, bootId: "" }, { pid: 1, startTicks: 2 }]) {
            assert.equal(isIdentity(other), false, JSON.stringify(other));
        }
    });
});
